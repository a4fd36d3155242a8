import type { Logger } from "../base/log.ts";
import type { Begun } from "./begun.ts";
import { type RunDeps, runAttempt } from "./run-attempt.ts";
import type { RunningAttempts } from "./running-attempts.ts";
import type { TaskCache } from "./task-cache.ts";
import { ABANDONED, type Transitions } from "./transitions.ts";

/** What a slot of a worker needs. */
export interface ChainDeps {
  transitions: Transitions;
  tasks: TaskCache;
  running: RunningAttempts;
  run: RunDeps;
  log: Logger;
  /** Whether the worker is going: then nothing new begins here. */
  isStopping: () => boolean;
}

// A slot stays with what it just did for so many task runs; then what follows goes through the queue, and others get their turn.
const LONGEST_CHAIN = 64;

/**
 * Takes a task run from the queue, runs it, and goes on with what the report of its result has begun for this slot: a
 * sequence costs one transaction a task and no trip through the queue.
 */
export async function runChain(deps: ChainDeps, taskRunId: string): Promise<void> {
  let begun = await deps.transitions.begin(taskRunId);
  for (let length = 1; begun !== undefined; length += 1) {
    begun = await runOne(deps, begun, length < LONGEST_CHAIN && !deps.isStopping());
  }
}

async function runOne(deps: ChainDeps, begun: Begun, goesOn: boolean): Promise<Begun | undefined> {
  const controller = deps.running.add(begun.attempt_id);
  try {
    const task = await deps.tasks.get(begun.task_key);
    const outcome = await runAttempt(deps.run, begun, task, controller);
    if (outcome !== ABANDONED) {
      return await deps.transitions.finish({ ...outcome, executionId: begun.execution_id, goesOn });
    }
  } catch (error) {
    deps.log.error({ err: error, attemptId: begun.attempt_id }, "an attempt could not be ended");
  } finally {
    deps.running.remove(begun.attempt_id);
  }
  // The tables may still say that it runs here: then it is given up, and runs anew.
  deps.running.suspect();
  return undefined;
}
