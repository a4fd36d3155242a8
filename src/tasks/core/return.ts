import { z } from "zod";
import { defineTaskType } from "../task-type.ts";

/** `io.kestra.plugin.core.debug.Return` */
export const returnValue = defineTaskType({
  type: "io.kestra.plugin.core.debug.Return",
  title: "Return a value",
  description: "Gives a rendered expression as its output, to look at what an expression makes.",
  properties: z.strictObject({
    format: z.unknown().optional().meta({ description: "What to give, usually a text with expressions." }),
  }),
  outputs: z.object({ value: z.unknown().meta({ description: "What `format` made." }) }),
  examples: [
    { title: "Tell when the execution started", yaml: 'format: "started {{ execution.startDate }}"' },
  ],
  async run({ properties }) {
    return { outputs: { value: properties.format ?? null } };
  },
});
