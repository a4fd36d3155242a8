import { z } from "zod";
import { defineTaskType } from "../../task-type.ts";

/** `io.kestra.plugin.core.storage.PurgeCurrentExecutionFiles` */
export const purgeCurrentExecutionFiles = defineTaskType({
  type: "io.kestra.plugin.core.storage.PurgeCurrentExecutionFiles",
  title: "Delete the files of this execution",
  description:
    "Deletes the files that this execution has stored so far, but for those that other executions, or a cache, have taken over. What it gave " +
    "as outputs still names them, so a replay from the middle may not find them.",
  properties: z.strictObject({}),
  outputs: z.object({ uris: z.array(z.string()).meta({ description: "The URIs of those that went." }) }),
  examples: [{ title: "At the end of a flow, in `finally`", yaml: "{}" }],
  async run({ context }) {
    return { outputs: { uris: await context.engine.purgeFiles(context.execution.id) } };
  },
});
