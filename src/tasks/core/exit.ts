import { z } from "zod";
import { defineTaskType } from "../task-type.ts";

/** `io.kestra.plugin.core.execution.Exit` */
export const exit = defineTaskType({
  type: "io.kestra.plugin.core.execution.Exit",
  title: "End the execution",
  description:
    "Ends the execution in the given state, with this task and the blocks around it. What runs beside it goes on to its end, unless that state is " +
    "KILLED; nothing else begins, neither `errors` nor `finally`, and then `afterExecution` is run.",
  isForEngine: true,
  properties: z.strictObject({
    state: z
      .enum(["SUCCESS", "WARNING", "KILLED", "FAILED", "CANCELLED", "CANCELED"])
      .default("SUCCESS")
      .meta({ description: "The state in which it ends. `CANCELED` is `CANCELLED`." }),
  }),
  outputs: z.object({}),
  examples: [
    { title: "Nothing to do today", yaml: "state: SUCCESS" },
    { title: "Give up", yaml: "state: CANCELLED" },
  ],
  async run({ properties: { state } }) {
    return { outputs: {}, exit: state === "CANCELED" ? "CANCELLED" : state };
  },
});
