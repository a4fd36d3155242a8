import { z } from "zod";
import { oneOf, text } from "../property.ts";
import { defineTaskType } from "../task-type.ts";
import { LEVELS, SAY } from "./log-level.ts";

/** `io.kestra.plugin.core.debug.Echo` */
export const echo = defineTaskType({
  type: "io.kestra.plugin.core.debug.Echo",
  title: "Log a text",
  description: "Writes a rendered text to the logs, as Log does, which took its place.",
  properties: z.strictObject({
    format: text().optional().meta({ description: "What to say." }),
    level: oneOf(LEVELS).default("INFO").meta({ description: "How grave it is." }),
  }),
  outputs: z.object({}),
  examples: [{ title: "Say who runs", yaml: 'format: "{{ task.id }} of {{ flow.id }}"' }],
  async run({ properties: { format, level }, context }) {
    context.log[SAY[level]](format ?? "");
    return { outputs: {} };
  },
});
