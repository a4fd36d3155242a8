import { z } from "zod";
import { oneOf, text } from "../property.ts";
import { defineTaskType } from "../task-type.ts";
import { LEVELS, SAY } from "./log-level.ts";

/** `io.kestra.plugin.core.log.Log` */
export const log = defineTaskType({
  type: "io.kestra.plugin.core.log.Log",
  title: "Log a message",
  description: "Writes one or more lines to the logs of the execution.",
  // One template gives one line, also where that is a list.
  isText: true,
  properties: z.strictObject({
    message: z
      .union([text(), z.array(text())], "Expected text or a list of texts")
      .meta({ description: "What to say: a text, or a list of texts of which each is a line." }),
    level: oneOf(LEVELS).default("INFO").meta({ description: "How grave it is." }),
  }),
  outputs: z.object({}),
  examples: [
    { title: "Say one thing", yaml: "message: Hello from {{ flow.id }}" },
    { title: "Say two things, gravely", yaml: 'message: ["First", "Second"]\nlevel: WARN' },
  ],
  async run({ properties, context }) {
    for (const line of [properties.message].flat()) context.log[SAY[properties.level]](line);
    return { outputs: {} };
  },
});
