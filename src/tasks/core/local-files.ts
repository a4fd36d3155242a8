import { z } from "zod";
import { isWritten } from "../../flow/written.ts";
import { isLiteral, type WrittenFault } from "../../flow/written-fault.ts";
import { patternLeadsOut } from "../files/glob.ts";
import { writeInputFiles } from "../files/input-files.ts";
import { leadsOut } from "../files/inside.ts";
import { storeOutputFiles } from "../files/output-files.ts";
import { list, map, text } from "../property.ts";
import { defineTaskType } from "../task-type.ts";

function leaves(path: (string | number)[], name: string): WrittenFault {
  return {
    path,
    reason: "path_leaves_directory",
    message: `\`${name}\` leads out of the working directory.`,
  };
}

/** `io.kestra.plugin.core.storage.LocalFiles` */
export const localFiles = defineTaskType({
  type: "io.kestra.plugin.core.storage.LocalFiles",
  title: "Write files into the working directory, or store files of it",
  description:
    "Writes files into the directory in which it runs, then stores those that patterns mean. In a WorkingDirectory that is the directory " +
    "of the block, so that the tasks around it see the files; elsewhere it is one of its own. Names that lead out of it are refused.",
  properties: z.strictObject({
    inputs: map(z.unknown()).optional().meta({
      description:
        "The files to write, by name: their content, or the URI of a stored file. A map, or one written as JSON.",
    }),
    outputs: z
      .union([list(text()), text().transform((pattern) => [pattern])], "Expected text or a list of texts")
      .default([])
      .meta({ description: "Which files to store: patterns such as `out/*.csv` or `out/**`." }),
  }),
  outputs: z.object({
    uris: z
      .record(z.string(), z.string())
      .meta({ description: "The URIs of the stored files, by their names." }),
  }),
  examples: [
    {
      title: "Write two files",
      yaml: 'inputs:\n  query.sql: SELECT 1\n  data/rides.csv: "{{ outputs.download.uri }}"',
    },
    { title: "Store what a task has written", yaml: 'outputs:\n  - report.html\n  - "data/**"' },
  ],
  *check({ inputs, outputs }) {
    for (const name of Object.keys(isWritten(inputs) ? inputs : {}))
      if (isLiteral(name) && leadsOut(name)) yield { ...leaves(["inputs", name], name), atKey: true };
    for (const [index, pattern] of (Array.isArray(outputs) ? outputs : []).entries())
      if (isLiteral(pattern) && patternLeadsOut(pattern)) yield leaves(["outputs", index], pattern);
  },
  async run({ properties, context }) {
    const directory = await context.workDir();
    await writeInputFiles(directory, properties.inputs ?? {}, context);
    return { outputs: { uris: await storeOutputFiles(directory, properties.outputs, context) } };
  },
});
