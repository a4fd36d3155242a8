import { z } from "zod";
import { map } from "../property.ts";
import { defineTaskType } from "../task-type.ts";

/** `io.kestra.plugin.core.output.OutputValues` */
export const outputValues = defineTaskType({
  type: "io.kestra.plugin.core.output.OutputValues",
  title: "Give values as outputs",
  description: "Gives a map of rendered values as its outputs, for later tasks and for people to read.",
  isText: true,
  properties: z.strictObject({
    values: map(z.unknown()).default({}).meta({
      description:
        "The values by name; a template gives text, what is written as a number or a list stays one.",
    }),
  }),
  outputs: z.object({
    values: z.record(z.string(), z.unknown()).meta({ description: "The values, rendered." }),
  }),
  examples: [{ title: "Name two results", yaml: 'values:\n  rows: "{{ outputs.load.size }}"\n  region: eu' }],
  async run({ properties }) {
    return { outputs: { values: properties.values } };
  },
});
