import { z } from "zod";
import { isTruthy } from "../../expression/values.ts";
import { text } from "../property.ts";
import { defineTaskType, TaskError } from "../task-type.ts";

/** `io.kestra.plugin.core.execution.Fail` */
export const fail = defineTaskType({
  type: "io.kestra.plugin.core.execution.Fail",
  title: "Fail on purpose",
  description: "Fails, always or when a condition holds.",
  properties: z.strictObject({
    condition: text().optional().meta({
      description: "Fails only when this is true: anything but `false`, `0`, `-0`, blank text and null.",
    }),
    errorMessage: text().default("Task failure").meta({
      description: "What the error says; where there is a condition, what the logs say instead.",
    }),
  }),
  outputs: z.object({}),
  examples: [
    { title: "Stop here", yaml: "errorMessage: Not for production" },
    { title: "Stop when nothing came", yaml: 'condition: "{{ outputs.load.size == 0 }}"' },
  ],
  async run({ properties, context }) {
    const { condition, errorMessage } = properties;
    if (condition === undefined) throw new TaskError("failed_on_purpose", errorMessage);
    if (!isTruthy(condition)) return { outputs: {} };
    context.log.error(errorMessage);
    throw new TaskError("failed_on_purpose", "Fail on a condition", { details: { errorMessage } });
  },
});
