import { z } from "zod";
import { labelsSchema } from "./label-schema.ts";
import { duration } from "./words.ts";

/** Postgres counts executions in 32 bits. */
const highestLimit = 2 ** 31 - 1;

/** How many executions of a flow run at once, and what becomes of those beyond. */
export const concurrencySchema = z.strictObject({
  limit: z.int().min(1).max(highestLimit),
  behavior: z.enum(["QUEUE", "CANCEL", "FAIL"]).optional(),
});

const expression = z.union([z.string(), z.boolean()]);

const anySla = {
  id: z.string().min(1).max(256),
  behavior: z.enum(["FAIL", "CANCEL", "NONE"]),
  labels: labelsSchema.optional(),
};

/** What an execution is held to while it runs. */
export const slaSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("MAX_DURATION"), duration: duration(), ...anySla }),
  z.strictObject({ type: z.literal("EXECUTION_ASSERTION"), assert: expression, ...anySla }),
]);

/** What has to hold before an execution is created. */
export const checkSchema = z.strictObject({
  condition: expression,
  message: z.string().optional(),
  style: z.enum(["ERROR", "SUCCESS", "WARNING", "INFO"]).optional(),
  behavior: z.enum(["BLOCK_EXECUTION", "FAIL_EXECUTION", "CREATE_EXECUTION"]).optional(),
});

/** An SLA as it is written. */
export type Sla = z.infer<typeof slaSchema>;

/** A check as it is written. */
export type Check = z.infer<typeof checkSchema>;
