import { z } from "zod";
import { list, oneOf, text } from "../../property.ts";
import { defineTaskType } from "../../task-type.ts";
import { executionName, namedExecution } from "../execution/execution-name.ts";
import { LEVELS } from "../log-level.ts";
import { storeLines } from "../storage/store-lines.ts";

/** `io.kestra.plugin.core.log.Fetch` */
export const fetchLogs = defineTaskType({
  type: "io.kestra.plugin.core.log.Fetch",
  title: "Store the logs of an execution",
  description:
    "Stores what an execution and its tasks have said so far as an Ion file, a line each, in its order.",
  properties: z.strictObject({
    ...executionName,
    tasksId: list(text()).optional().meta({ description: "Only what these tasks said." }),
    level: oneOf(LEVELS).default("INFO").meta({ description: "Only what is as grave as this, or graver." }),
  }),
  outputs: z.object({
    uri: z.string().meta({ description: "The URI of the file." }),
    size: z.int().meta({ description: "How many lines it holds." }),
  }),
  examples: [{ title: "What went wrong", yaml: "level: ERROR" }],
  async run({ properties: { tasksId, level, ...given }, context }) {
    const { executionId } = await namedExecution(given, context);
    let size = 0;
    async function* lines(): AsyncGenerator<string[]> {
      for await (const some of context.engine.logLines({ executionId, taskIds: tasksId, level })) {
        size += some.length;
        yield some.map((line) => JSON.stringify(line));
      }
    }
    const uri = await storeLines("logs.ion", lines(), context);
    return { outputs: { uri, size } };
  },
});
