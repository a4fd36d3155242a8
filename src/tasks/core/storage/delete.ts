import { z } from "zod";
import { bool, fileUri } from "../../property.ts";
import { defineTaskType, TaskError } from "../../task-type.ts";

/** `io.kestra.plugin.core.storage.Delete` */
export const deleteFile = defineTaskType({
  type: "io.kestra.plugin.core.storage.Delete",
  title: "Delete a file",
  description: "Deletes a stored file, whoever names it: replays that carry it have it no more, either.",
  properties: z.strictObject({
    uri: fileUri().meta({ description: "The URI of the file." }),
    errorOnMissing: bool()
      .default(false)
      .meta({ description: "Whether it fails when there is no such file." }),
  }),
  outputs: z.object({
    uri: z.string().meta({ description: "The URI of the file." }),
    deleted: z.boolean().meta({ description: "Whether there was one." }),
  }),
  examples: [{ title: "Delete what is no longer needed", yaml: 'uri: "{{ outputs.download.uri }}"' }],
  async run({ properties: { uri, errorOnMissing }, context }) {
    const deleted = await context.engine.deleteFile(uri);
    if (!deleted && errorOnMissing) throw new TaskError("file_not_found", `Unable to find file '${uri}'`);
    return { outputs: { uri, deleted } };
  },
});
