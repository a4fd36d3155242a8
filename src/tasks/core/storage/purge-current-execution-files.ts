import { z } from "zod";
import { defineTaskType } from "../../task-type.ts";

/** `io.kestra.plugin.core.storage.PurgeCurrentExecutionFiles` */
export const purgeCurrentExecutionFiles = defineTaskType({
  type: "io.kestra.plugin.core.storage.PurgeCurrentExecutionFiles",
  title: "Delete the files of this execution",
  description:
    "Deletes the files that this execution has stored so far, and those that were uploaded as its inputs, but for those that other " +
    "executions, or a cache, have taken over. Inputs and outputs still name them, so a replay may not find them.",
  properties: z.strictObject({}),
  outputs: z.object({ uris: z.array(z.string()).meta({ description: "The URIs of those that went." }) }),
  examples: [{ title: "At the end of a flow, in `finally`", yaml: "{}" }],
  async run({ context }) {
    return { outputs: { uris: await context.engine.purgeFiles(context.execution.id) } };
  },
});
