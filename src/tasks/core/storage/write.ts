import { z } from "zod";
import { text } from "../../property.ts";
import { defineTaskType } from "../../task-type.ts";
import { withDot } from "./store-lines.ts";

/** `io.kestra.plugin.core.storage.Write` */
export const write = defineTaskType({
  type: "io.kestra.plugin.core.storage.Write",
  title: "Write a file",
  description: "Stores a rendered text as a file for later tasks, in UTF-8.",
  properties: z.strictObject({
    content: text().meta({ description: "What to write; lists and maps as JSON." }),
    extension: text()
      .default(".tmp")
      .meta({ description: "What the name of the file ends in, such as `.txt`." }),
  }),
  outputs: z.object({ uri: z.string().meta({ description: "The URI of the file." }) }),
  examples: [{ title: "Write a query", yaml: "content: SELECT 1\nextension: .sql" }],
  async run({ properties: { content, extension }, context }) {
    async function* bytes() {
      yield Buffer.from(content);
    }
    const place = { ...context.place, name: `content${withDot(extension)}` };
    const { uri } = await context.storage.put(place, bytes(), context.signal);
    return { outputs: { uri } };
  },
});
