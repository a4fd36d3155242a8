import { z } from "zod";
import { isLiteral } from "../../../flow/written-fault.ts";
import { executionStates, list, text, zonedTime } from "../../property.ts";
import { defineTaskType, TaskError } from "../../task-type.ts";

const flow = z.strictObject({
  namespace: text().meta({ description: "The namespace of the flow." }),
  flowId: text().meta({ description: "Its id." }),
});
const result = z.object({ namespace: z.string(), flowId: z.string(), count: z.int() });

const NOTHING_TO_COUNT = "You must provide a list of flows or namespaces.";

/** Whether it is a text, or the number itself. */
function isNeverTrue(expression: string): boolean {
  return isLiteral(expression) ? expression !== "true" : /^\{\{-?\s*count\s*-?\}\}$/.test(expression);
}

/** `io.kestra.plugin.core.execution.Count` */
export const count = defineTaskType({
  type: "io.kestra.plugin.core.execution.Count",
  title: "Count executions",
  description: "Counts the executions of flows, and gives those flows whose count a condition holds for.",
  rendersItself: { expression: "item" },
  properties: z.strictObject({
    flows: list(flow)
      .optional()
      .meta({ description: "The flows, each by `namespace` and `flowId`; also those without an execution." }),
    namespaces: list(text())
      .optional()
      .meta({ description: "Namespaces of which all flows are counted that have any." }),
    states: executionStates().optional().meta({ description: "Only executions in one of these states." }),
    startDate: zonedTime().meta({ description: "Only those created since then." }),
    endDate: zonedTime().optional().meta({ description: "Only those created until then." }),
    expression: text().meta({
      description:
        "The condition: a template that sees `count`, and gives exactly `true`, such as `{{ count >= 5 }}`.",
    }),
  }),
  outputs: z.object({
    results: z.array(result).meta({ description: "The flows that are left, with their counts." }),
    total: z.int().meta({ description: "The sum of their counts." }),
  }),
  examples: [
    {
      title: "Which of two flows has failed today",
      yaml: 'flows:\n  - { namespace: company.team, flowId: load }\n  - { namespace: company.team, flowId: report }\nstates: [FAILED]\nstartDate: "{{ now() | dateAdd(-1, \'DAYS\') }}"\nexpression: "{{ count >= 1 }}"',
    },
  ],
  *check({ flows, namespaces, expression }) {
    if (flows === undefined && namespaces === undefined)
      yield { path: [], reason: "missing_property", message: NOTHING_TO_COUNT };
    if (typeof expression !== "string" || !isNeverTrue(expression)) return;
    const message = `\`${expression}\` never gives exactly \`true\`, so no flow would be left.`;
    const hint = "Compare the count, as in `{{ count >= 5 }}`.";
    yield { path: ["expression"], reason: "never_true", message, hint, isWarning: true };
  },
  async run({ properties, context }) {
    const { flows, namespaces, states, startDate, endDate, expression } = properties;
    if (flows === undefined && namespaces === undefined)
      throw new TaskError("invalid_properties", NOTHING_TO_COUNT);
    const counted = await context.engine.countExecutions({
      flows: flows ?? [],
      namespaces: namespaces ?? [],
      states,
      since: startDate,
      before: endDate,
    });
    const results: typeof counted = [];
    for (const each of counted)
      if ((await context.render(expression, { count: each.count })) === "true") results.push(each);
    return { outputs: { results, total: results.reduce((sum, each) => sum + each.count, 0) } };
  },
});
