import { z } from "zod";
import { durationMs } from "./duration.ts";
import { duration } from "./words.ts";

/** Postgres counts attempts in 32 bits. */
const mostAttempts = 2 ** 31 - 1;

/** SQL waits `interval * delayFactor ^ 100` at most, which must be a number that it can write. */
const mostDelayFactor = 100;

const common = {
  /** Counts the first attempt too. */
  maxAttempts: z.int().min(1).max(mostAttempts).optional(),
  /** What `maxAttempts` was called once. Kestra still takes it. */
  maxAttempt: z.int().min(1).max(mostAttempts).optional(),
  maxDuration: duration().optional(),
  warningOnRetry: z.boolean().optional(),
  behavior: z.enum(["RETRY_FAILED_TASK", "CREATE_NEW_EXECUTION"]).optional(),
};

const constant = z.strictObject({ type: z.literal("constant"), interval: duration(), ...common });
const exponential = z.strictObject({
  type: z.literal("exponential"),
  interval: duration(),
  maxInterval: duration(),
  delayFactor: z.number().min(1).max(mostDelayFactor).optional(),
  ...common,
});
const random = z.strictObject({
  type: z.literal("random"),
  minInterval: duration(),
  maxInterval: duration(),
  ...common,
});

/** How a failed task is tried again: `retry` of a task, or of a flow for all its tasks. */
export const retrySchema = z
  .discriminatedUnion("type", [constant, exponential, random])
  .superRefine((retry, context) => {
    const shortest = retry.type === "random" ? "minInterval" : "interval";
    const first = durationMs(retry.type === "random" ? retry.minInterval : retry.interval);
    if (first === undefined) return;
    const refuse = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: [key], message, params: { reason: "invalid_retry" } });

    const longest = retry.type === "constant" ? undefined : durationMs(retry.maxInterval);
    if (longest !== undefined && longest <= first) {
      refuse("maxInterval", `\`maxInterval\` must be longer than \`${shortest}\`.`);
    }
    const whole = durationMs(retry.maxDuration);
    // A random one may take its longest interval at once.
    const [once, within] = retry.type === "random" ? [longest ?? first, "maxInterval"] : [first, "interval"];
    if (whole !== undefined && whole <= once) {
      refuse("maxDuration", `\`maxDuration\` must be longer than \`${within}\`.`);
    }
  });

/** A retry as it is written. */
export type Retry = z.infer<typeof retrySchema>;
