import type { Command } from "commander";
import { z } from "zod";
import { act, leaf } from "../command.ts";
import { positive } from "../option.ts";
import { pickRevision, readRevisions } from "../read/read-flows.ts";

const options = z.object({ revision: z.number().optional() });

/** `reprise flow show` */
export function flowShow(): Command {
  return leaf("show", "Print the text of a flow, byte for byte as it was saved.")
    .argument("<namespace>")
    .argument("<flow>")
    .option("-r, --revision <number>", "that revision instead of the latest", positive)
    .action(
      act(options, async (session, { revision }, namespace: string, flowId: string) => {
        const found = pickRevision(
          await readRevisions(await session.database(), namespace, flowId),
          revision,
        );
        if (session.isJson) session.print(found, () => "");
        else process.stdout.write(found.source); // as it is, a last line without an end too
      }),
    );
}
