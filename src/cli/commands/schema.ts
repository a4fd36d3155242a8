import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { z } from "zod";
import { flowSchemaText } from "../../tasks/reference/flow-schema.ts";
import { act, leaf } from "../command.ts";

/** `reprise schema` */
export function schema(): Command {
  return leaf(
    "schema",
    "Print the JSON Schema of flows, for editors. Needs no database.",
    "reprise schema flow.schema.json",
    "# yaml-language-server: $schema=flow.schema.json    (as the first line of a flow)",
  )
    .argument("[file]", "where to write it, instead of printing it")
    .action(
      act(z.object({}), async (session, _options, file: string | undefined) => {
        const text = flowSchemaText();
        if (file === undefined) {
          session.print(JSON.parse(text), () => text.trimEnd());
          return;
        }
        await writeFile(file, text);
        session.print({ file }, () => `Wrote ${file}.`);
      }),
    );
}
