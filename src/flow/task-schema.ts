import { z } from "zod";
import { retrySchema } from "./retry-schema.ts";
import { duration, logLevel, renderedDuration, taskIdentifier } from "./words.ts";

/** How worker groups are named. */
const workerGroupKey = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}$/;

/** Who runs a task, where workers are grouped. */
export const workerGroupSchema = z.strictObject({
  key: z
    .string()
    .regex(workerGroupKey, "A worker group is named as it is, in at most 63 letters, digits, `-` and `_`."),
  fallback: z.enum(["FAIL", "WAIT", "CANCEL"]).optional(),
});

/** What every task takes beside the properties of its type. */
export const taskSchema = z.object({
  id: taskIdentifier(),
  type: z.string(),
  version: z.union([z.string(), z.number()]).optional(),
  description: z.string().optional(),
  retry: retrySchema.optional(),
  timeout: renderedDuration().optional(),
  disabled: z.boolean().optional(),
  runIf: z.union([z.string(), z.boolean(), z.number()]).optional(),
  allowFailure: z.boolean().optional(),
  allowWarning: z.boolean().optional(),
  logLevel: logLevel.optional(),
  logToFile: z.boolean().optional(),
  workerGroup: workerGroupSchema.optional(),
  taskCache: z.strictObject({ enabled: z.boolean(), ttl: duration().optional() }).optional(),
  assets: z.unknown().optional(),
  pluginDefaultsRef: z.string().optional(),
});
