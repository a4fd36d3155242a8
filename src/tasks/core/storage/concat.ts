import { z } from "zod";
import { fileUri, list, text } from "../../property.ts";
import { defineTaskType, type TaskContext } from "../../task-type.ts";
import { withDot } from "./store-lines.ts";

/** `io.kestra.plugin.core.storage.Concat` */
export const concat = defineTaskType({
  type: "io.kestra.plugin.core.storage.Concat",
  title: "Join files",
  description: "Writes files one behind the other into a new one, with a text behind each of them.",
  isHeavy: true,
  properties: z.strictObject({
    files: list(fileUri()).meta({ description: "The URIs of the files, as a list or as a JSON text." }),
    separator: text().optional().meta({ description: "What to write behind each file, the last one too." }),
    extension: text().default(".tmp").meta({ description: "What the name of the new file ends in." }),
  }),
  outputs: z.object({ uri: z.string().meta({ description: "The URI of the new file." }) }),
  examples: [
    {
      title: "Join two files, each with a line feed behind it",
      yaml: 'files: ["{{ outputs.a.uri }}", "{{ outputs.b.uri }}"]\nseparator: "\\n"',
    },
  ],
  async run({ properties: { files, separator, extension }, context }) {
    const place = { ...context.place, name: `concat${withDot(extension)}` };
    const { uri } = await context.storage.put(place, joined(files, separator, context), context.signal);
    return { outputs: { uri } };
  },
});

async function* joined(
  files: readonly string[],
  separator: string | undefined,
  { storage, signal }: TaskContext,
): AsyncGenerator<Uint8Array> {
  for (const file of files) {
    yield* storage.get(file, signal);
    if (separator) yield Buffer.from(separator);
  }
}
