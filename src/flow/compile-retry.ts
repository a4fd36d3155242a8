import { changeNumbers, plainNumber } from "../base/whole-float.ts";
import type { CompiledRetry } from "./compiled-flow.ts";
import { durationMs } from "./duration.ts";
import { type Retry, retrySchema } from "./retry-schema.ts";
import type { WrittenTask } from "./task-tree.ts";

/** The retry that holds for a task, with its times in milliseconds; `ofFlow` is for tasks that have none around them. */
export function compileRetry(written: WrittenTask, ofFlow: Retry | undefined): CompiledRetry | null {
  const retry = retryOf(written, ofFlow);
  return retry === undefined ? null : compiled(retry, { isOwn: written.task.retry !== undefined });
}

/** The task's own retry, else that of the nearest block around it, else the flow's. What may fail is tried again by its own alone. */
function retryOf(written: WrittenTask, ofFlow: Retry | undefined): Retry | undefined {
  const mayFail = written.task.allowFailure === true;
  for (let here: WrittenTask | undefined = written; here !== undefined; here = here.parent) {
    if (here.task.retry !== undefined) return retrySchema.parse(changeNumbers(here.task.retry, plainNumber));
    if (mayFail) return undefined;
  }
  return ofFlow;
}

function compiled(retry: Retry, { isOwn }: { isOwn: boolean }): CompiledRetry {
  const found: CompiledRetry = {
    type: retry.type,
    // That a task warns of its retries, only its own retry says.
    warningOnRetry: isOwn && (retry.warningOnRetry ?? false),
    behavior: retry.behavior ?? "RETRY_FAILED_TASK",
  };
  const set = (
    key: "intervalMs" | "minIntervalMs" | "maxIntervalMs" | "maxDurationMs",
    duration: unknown,
  ) => {
    const ms = durationMs(duration);
    if (ms !== undefined) found[key] = ms;
  };
  if (retry.type === "random") set("minIntervalMs", retry.minInterval);
  else set("intervalMs", retry.interval);
  if (retry.type !== "constant") set("maxIntervalMs", retry.maxInterval);
  if (retry.type === "exponential") found.delayFactor = retry.delayFactor ?? 2;
  const maxAttempts = retry.maxAttempts ?? retry.maxAttempt;
  if (maxAttempts !== undefined) found.maxAttempts = maxAttempts;
  set("maxDurationMs", retry.maxDuration);
  return found;
}
