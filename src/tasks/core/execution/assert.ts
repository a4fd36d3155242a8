import { z } from "zod";
import { isTruthy } from "../../../expression/values.ts";
import { list, text } from "../../property.ts";
import { defineTaskType, type TaskContext, TaskError } from "../../task-type.ts";

/** `io.kestra.plugin.core.execution.Assert` */
export const assertConditions = defineTaskType({
  type: "io.kestra.plugin.core.execution.Assert",
  title: "Assert that conditions hold",
  description:
    "Looks at all conditions and fails unless every one of them holds; those that do not, or that cannot be rendered, are told in the logs.",
  rendersItself: { conditions: "flow" },
  properties: z.strictObject({
    conditions: list(text()).meta({
      description: "The conditions. One does not hold when it gives `false`, `0`, `-0` or blank text.",
    }),
    errorMessage: text().optional().meta({ description: "What the error says below how many failed." }),
  }),
  outputs: z.object({}),
  examples: [
    {
      title: "What came is enough, and not too much",
      yaml: 'conditions:\n  - "{{ outputs.load.size > 0 }}"\n  - "{{ outputs.load.size < 1000 }}"\nerrorMessage: Look at the source',
    },
  ],
  *check({ conditions }) {
    if (!Array.isArray(conditions) || conditions.length > 0) return;
    const message = "Without conditions there is nothing that could fail.";
    yield { path: ["conditions"], reason: "no_conditions", message, isWarning: true };
  },
  async run({ properties: { conditions, errorMessage }, context }) {
    let failed = 0;
    for (const condition of conditions) if (!(await holds(condition, context))) failed += 1;
    const success = conditions.length - failed;
    context.metric({ type: "COUNTER", name: "success", value: success });
    context.metric({ type: "COUNTER", name: "failed", value: failed });
    if (failed === 0) return { outputs: {} };
    const message = `${failed} ${failed === 1 ? "assertion" : "assertions"} failed!`;
    throw new TaskError(
      "assertion_failed",
      errorMessage === undefined ? message : `${message}\n${errorMessage}`,
      {
        details: { failed, success },
      },
    );
  },
});

async function holds(condition: string, context: TaskContext): Promise<boolean> {
  try {
    if (isTruthy(await context.render(condition))) return true;
    context.log.error(`Assertion \`${condition}\` failed!`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.log.error(`Assertion \`${condition}\` failed, failed to render \`${reason}\``);
  }
  return false;
}
