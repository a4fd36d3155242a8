import { z } from "zod";
import { fileUri } from "../../property.ts";
import { defineTaskType } from "../../task-type.ts";

/** `io.kestra.plugin.core.storage.Size` */
export const size = defineTaskType({
  type: "io.kestra.plugin.core.storage.Size",
  title: "Tell the size of a file",
  description: "Gives the length of a stored file in bytes.",
  properties: z.strictObject({ uri: fileUri().meta({ description: "The URI of the file." }) }),
  outputs: z.object({ size: z.int().meta({ description: "Its length in bytes." }) }),
  examples: [{ title: "How much came", yaml: 'uri: "{{ outputs.download.uri }}"' }],
  async run({ properties, context }) {
    return { outputs: { size: (await context.storage.stat(properties.uri)).size } };
  },
});
