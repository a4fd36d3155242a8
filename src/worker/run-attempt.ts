import type { LogLevel, Task } from "../db/generated.ts";
import { isDatabaseAway } from "../db/sql-error.ts";
import { renderDeep } from "../expression/render-deep.ts";
import type { Context } from "../expression/template.ts";
import { engineProperties } from "../flow/engine-properties.ts";
import { itemTypes } from "../flow/for-each-item.ts";
import { parseProperties, type TaskResult, type TaskType } from "../tasks/task-type.ts";
import { attemptContext, type Surroundings } from "./attempt-context.ts";
import { describeError } from "./attempt-error.ts";
import { type AttemptLimits, openLimits } from "./attempt-limits.ts";
import { type AttemptLog, type LogShipper, openAttemptLog } from "./attempt-log.ts";
import type { Begun } from "./begun.ts";
import { blockSteps, holds } from "./block-steps.ts";
import { batchedRequest, subflowRequest } from "./subflow-steps.ts";
import { openTaskContext, type TaskSurroundings } from "./task-context.ts";
import type { Outcome } from "./transitions.ts";

/** What running an attempt needs. */
export interface RunDeps extends Surroundings, TaskSurroundings {
  taskTypes: ReadonlyMap<string, TaskType>;
  systemSteps: ReadonlyMap<string, SystemStep>;
  logs: LogShipper;
}

/** Does what a system step of a flow does: renders what SQL cannot. */
export type SystemStep = (task: Task, context: Context, begun: Begun) => Promise<Record<string, unknown>>;

/** The attempt was taken from this worker, or the database was away while it ran: there is nothing to report. */
export const ABANDONED = Symbol("abandoned");

/** Runs one attempt and says how it ended. Never throws: what goes wrong is an outcome. */
export async function runAttempt(
  deps: RunDeps,
  begun: Begun,
  task: Task,
  abort: AbortController,
): Promise<Outcome | typeof ABANDONED> {
  const definition = task.definition as Record<string, unknown>;
  const place = {
    executionId: begun.execution_id,
    taskRunId: begun.task_run_id,
    attemptId: begun.attempt_id,
  };
  const log = openAttemptLog(deps.logs, place, (definition.logLevel as LogLevel | undefined) ?? "TRACE");

  const outcome = await attempt(deps, begun, task, abort, log);
  if (outcome !== ABANDONED && outcome.error !== undefined) log.error(outcome.error.message);
  await log.flushed();
  return outcome;
}

async function attempt(
  deps: RunDeps,
  begun: Begun,
  task: Task,
  abort: AbortController,
  log: AttemptLog,
): Promise<Outcome | typeof ABANDONED> {
  const attemptId = begun.attempt_id;
  const definition = task.definition as Record<string, unknown>;
  let limits: AttemptLimits | undefined;
  try {
    const context = attemptContext(begun, task, deps);
    const step = deps.systemSteps.get(task.kind);
    if (step !== undefined) return { attemptId, state: "SUCCESS", outputs: await step(task, context, begun) };

    if (definition.runIf !== undefined && !holds(renderDeep(definition.runIf, context))) {
      return { attemptId, state: "SKIPPED" };
    }

    const choose = blockSteps.get(task.kind);
    if (choose !== undefined) return { attemptId, state: "RUNNING", outputs: choose(task, context) };

    if (task.kind === "SUBFLOW") {
      const request =
        task.type === itemTypes.items
          ? await batchedRequest(task, context, begun, deps.storage, abort.signal)
          : subflowRequest(task, context);
      return { attemptId, state: "RUNNING", outputs: { ...request } };
    }

    limits = openLimits(abort, renderDeep(definition.timeout, context));
    const result = await limits.hold(run(deps, begun, task, context, limits.signal, log));
    return { attemptId, state: result.state ?? "SUCCESS", outputs: result.outputs };
  } catch (error) {
    const end = limits?.end() ?? abort.signal.reason;
    if (end === "KILLED") {
      return {
        attemptId,
        state: "KILLED",
        error: { reason: "killed", message: "The execution was killed." },
      };
    }
    // That the database was away is not the task's fault: it runs again, and takes no try.
    if (end === "TAKEN" || isDatabaseAway(error)) return ABANDONED;
    return { attemptId, state: "FAILED", error: describeError(error) };
  } finally {
    limits?.close();
  }
}

async function run(
  deps: RunDeps,
  begun: Begun,
  task: Task,
  context: Context,
  signal: AbortSignal,
  log: AttemptLog,
): Promise<TaskResult> {
  const type = deps.taskTypes.get(task.type);
  if (type === undefined) throw new Error(`This worker does not know the task type ${task.type}.`);

  const written = Object.entries(task.definition as Record<string, unknown>);
  const own = Object.fromEntries(written.filter(([key]) => !engineProperties.has(key)));
  const properties = parseProperties(type, renderDeep(own, context) as Record<string, unknown>);

  await using taskContext = openTaskContext(deps, begun, task, signal, log);
  return await type.run({ properties, context: taskContext.context });
}
