import { z } from "zod";
import { bool, executionStates, int, text, zonedTime } from "../../property.ts";
import { defineTaskType } from "../../task-type.ts";

/** `io.kestra.plugin.core.execution.PurgeExecutions` */
export const purgeExecutions = defineTaskType({
  type: "io.kestra.plugin.core.execution.PurgeExecutions",
  title: "Purge executions",
  description:
    "Deletes executions that have ended, with what belongs to them, or only that. What living replays still point at stays until they go.",
  properties: z.strictObject({
    namespace: text()
      .optional()
      .meta({ description: "Of this namespace; without `flowId`, of those below it, too." }),
    flowId: text().optional().meta({ description: "Of flows with this id." }),
    startDate: zonedTime().optional().meta({ description: "Only those created since then." }),
    endDate: zonedTime().meta({ description: "Only those that ended until then." }),
    states: executionStates().optional().meta({ description: "Only those in one of these states." }),
    purgeExecution: bool()
      .default(true)
      .meta({ description: "Whether the executions go, with what they measured." }),
    purgeLog: bool().default(true).meta({ description: "Whether their logs go." }),
    purgeMetric: bool().default(true).meta({ description: "Whether their metrics go." }),
    purgeStorage: bool()
      .default(true)
      .meta({ description: "Whether their files go, as far as nobody else names them." }),
    batchSize: int({ min: 1, max: 10_000 }).default(100).meta({ description: "How many go at a time." }),
  }),
  outputs: z.object({
    executionsCount: z.int().meta({ description: "How many executions went." }),
    logsCount: z.int().meta({ description: "How many lines of logs." }),
    storagesCount: z.int().meta({ description: "How many files." }),
    metricsCount: z.int().meta({ description: "How many metrics." }),
  }),
  examples: [
    {
      title: "Keep a month",
      yaml: "endDate: \"{{ now() | dateAdd(-1, 'MONTHS') }}\"\nstates: [SUCCESS]\nnamespace: company",
    },
  ],
  async run({ properties, context }) {
    const { namespace, flowId, states, startDate, endDate, batchSize } = properties;
    const purged = await context.engine.purgeExecutions(
      {
        ...{ namespace, flowId, states, since: startDate, until: endDate, batch: batchSize },
        purges: {
          executions: properties.purgeExecution,
          logs: properties.purgeLog,
          metrics: properties.purgeMetric,
          files: properties.purgeStorage,
        },
      },
      context.signal,
    );
    return {
      outputs: {
        executionsCount: purged.executions,
        logsCount: purged.logs,
        storagesCount: purged.files,
        metricsCount: purged.metrics,
      },
    };
  },
});
