import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { duration } from "../property.ts";
import { defineTaskType } from "../task-type.ts";

/** `io.kestra.plugin.core.flow.Sleep` */
export const sleep = defineTaskType({
  type: "io.kestra.plugin.core.flow.Sleep",
  title: "Sleep",
  description: "Waits for a while. A kill or a timeout wakes it at once.",
  properties: z.strictObject({ duration: duration().meta({ description: "How long, for example `PT5S`." }) }),
  outputs: z.object({}),
  examples: [{ title: "Wait five seconds", yaml: "duration: PT5S" }],
  async run({ properties, context }) {
    const { signal } = context;
    const until = performance.now() + properties.duration;
    for (;;) {
      const left = until - performance.now();
      if (left <= 0) return { outputs: {} };
      await wait(Math.min(left, LONGEST_TIMER_MS), undefined, { signal }).catch((error: unknown) => {
        // The timer's own AbortError hides the reason; whoever aborted knows it better.
        throw signal.aborted ? signal.reason : error;
      });
    }
  },
});

// Timers hold a signed 32-bit number of milliseconds; longer ones fire at once.
const LONGEST_TIMER_MS = 2 ** 31 - 1;
