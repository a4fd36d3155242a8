import { z } from "zod";
import { list, oneOf, text, zonedTime } from "../../property.ts";
import { defineTaskType } from "../../task-type.ts";
import { LEVELS } from "../log-level.ts";

/** `io.kestra.plugin.core.log.PurgeLogs` */
export const purgeLogs = defineTaskType({
  type: "io.kestra.plugin.core.log.PurgeLogs",
  title: "Purge logs",
  description: "Deletes lines of the logs of executions, whether these have ended or not.",
  properties: z.strictObject({
    namespace: text()
      .optional()
      .meta({ description: "Of this namespace; without `flowId`, of those below it, too." }),
    flowId: text().optional().meta({ description: "Of flows with this id." }),
    executionId: text()
      .refine(
        (id) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id),
        "Expected the id of an execution",
      )
      .optional()
      .meta({ description: "Of this execution." }),
    logLevels: list(oneOf(LEVELS)).optional().meta({ description: "Only those of these levels." }),
    startDate: zonedTime().optional().meta({ description: "Only what was said since then." }),
    endDate: zonedTime().meta({ description: "Only what was said until then." }),
  }),
  outputs: z.object({ count: z.int().meta({ description: "How many lines went." }) }),
  examples: [
    {
      title: "Keep what was said for a month, and what was grave for longer",
      yaml: "endDate: \"{{ now() | dateAdd(-1, 'MONTHS') }}\"\nlogLevels: [TRACE, DEBUG, INFO]",
    },
  ],
  async run({ properties: { startDate, endDate, logLevels, ...rest }, context }) {
    const { namespace, flowId, executionId } = rest;
    const asked = { namespace, flowId, executionId, levels: logLevels, since: startDate, until: endDate };
    return { outputs: { count: await context.engine.purgeLogs(asked) } };
  },
});
