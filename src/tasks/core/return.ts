import { z } from "zod";
import { text } from "../property.ts";
import { defineTaskType } from "../task-type.ts";

/** `io.kestra.plugin.core.debug.Return` */
export const returnValue = defineTaskType({
  type: "io.kestra.plugin.core.debug.Return",
  title: "Return a value",
  description:
    "Gives a rendered text as its output, to look at what an expression makes. OutputValues gives several by name.",
  properties: z.strictObject({
    format: text().optional().meta({ description: "What to give: a text with expressions." }),
  }),
  outputs: z.object({
    value: z.string().nullable().meta({
      description:
        "The text that `format` made; lists and maps as JSON, null as empty text. Null where there is none.",
    }),
  }),
  examples: [
    { title: "Tell when the execution started", yaml: 'format: "started {{ execution.startDate }}"' },
  ],
  async run({ properties }) {
    return { outputs: { value: properties.format ?? null } };
  },
});
