import type { Logger } from "../base/log.ts";
import { callMany, type Database } from "../db/call.ts";
import type { TaskRunState } from "../db/generated.ts";
import { isLockedOut } from "../db/sql-error.ts";
import type { Begun } from "./begun.ts";
import { insist } from "./insist.ts";
import { openPatientLane } from "./patient-lane.ts";

/** How an attempt ended, as the state machine takes it. */
export interface Outcome {
  attemptId: string;
  /** `RUNNING` is for a block that has found out what it has to run, or a Subflow what it starts: it goes on with that. */
  state: Extract<TaskRunState, "SUCCESS" | "WARNING" | "FAILED" | "KILLED" | "SKIPPED" | "RUNNING">;
  outputs?: Record<string, unknown>;
  error?: AttemptError;
}

/** The attempt was taken from this worker, or the database was away while it ran: there is nothing to report. */
export const ABANDONED = Symbol("abandoned");

/** Why an attempt failed. */
export interface AttemptError {
  reason: string;
  message: string;
  details?: unknown;
}

/** The result of an attempt, and whether its slot may go on with what comes next. */
export interface Finish extends Outcome {
  executionId: string;
  goesOn: boolean;
}

/** The two calls by which a worker moves task runs, each for many at once. */
export interface Transitions {
  /** Leases a task run. Undefined: it does not wait any more, so there is nothing to do. */
  begin(taskRunId: string): Promise<Begun | undefined>;
  /** Reports a result, and gives the attempt that was begun for the same slot, if there is one. */
  finish(result: Finish): Promise<Begun | undefined>;
}

/** Attempts in one call: enough to spread the cost of a commit, few enough to keep its locks short. */
const BATCH = 200;

/** Calls of a kind that may be under way at once, so that Postgres and this process work at the same time. */
const SIDE_BY_SIDE = 2;

/**
 * Opens the lanes of a worker. `accepted` are the job identifiers that a slot may go on with.
 * A call that finds Postgres away is repeated until it gets through or `signal` is aborted: a result must not be lost, and
 * repeating changes nothing that was already done. But attempts that the lost answer would have brought run nowhere then:
 * `onRepeat` hears of it.
 */
export function openTransitions(options: {
  db: Database;
  workerId: () => number;
  accepted: readonly string[];
  log: Logger;
  signal: AbortSignal;
  onRepeat: () => void;
}): Transitions {
  const { db, workerId, log, signal, onRepeat } = options;

  const take = async (ids: string[]): Promise<(Begun | undefined)[]> => {
    const begun = await insist(
      "begin_attempts",
      log,
      signal,
      () => callMany(db, "reprise_engine.begin_attempts", { worker_id: workerId(), task_run_ids: ids }),
      onRepeat,
    );
    const byTaskRun = new Map((begun as Begun[]).map((attempt) => [attempt.task_run_id, attempt]));
    return ids.map((id) => byTaskRun.get(id));
  };

  const report = async (results: Finish[]): Promise<(Begun | undefined)[]> => {
    try {
      const begun = await insist(
        "finish_attempts",
        log,
        signal,
        () =>
          callMany(db, "reprise_engine.finish_attempts", {
            worker_id: workerId(),
            attempt_ids: results.map(({ attemptId }) => attemptId),
            outcomes: results.map(({ state }) => state),
            outputs: results.map(({ outputs }) => outputs ?? null),
            errors: results.map(({ error }) => error ?? null),
            room: results.filter(({ goesOn }) => goesOn).length,
            accepted: [...options.accepted],
          }),
        onRepeat,
      );
      return shareOut(results, begun as Begun[]);
    } catch (error) {
      // What is refused alone, such as a result with a NUL in a text, fails.
      const [result] = results;
      if (result === undefined || results.length > 1 || isLockedOut(error) || signal.aborted) throw error;
      return await report([withoutOutputs(result, error)]);
    }
  };
  const how = { limit: BATCH, sideBySide: SIDE_BY_SIDE, signal };
  const beginning = openPatientLane({ ...how, send: take });
  const finishing = openPatientLane({ ...how, send: report });

  return {
    begin: (taskRunId) => beginning.add(taskRunId),
    finish: (result) => finishing.add(result),
  };
}

/** Gives each begun attempt to a slot: to the one that finished in the same execution where it goes on, else to any that does. */
function shareOut(results: readonly Finish[], begun: readonly Begun[]): (Begun | undefined)[] {
  const waiting = [...begun];
  const answers = results.map(({ goesOn, executionId }) => {
    if (!goesOn) return undefined;
    const index = waiting.findIndex((attempt) => attempt.execution_id === executionId);
    return index === -1 ? undefined : waiting.splice(index, 1)[0];
  });
  return answers.map((answer, index) => answer ?? (results[index]?.goesOn ? waiting.pop() : undefined));
}

/** What was refused fails, and says why. When even that is refused, nothing can be said. */
export function withoutOutputs<R extends Outcome>(result: R, refusal: unknown): R {
  if (result.error?.reason === REFUSED) throw refusal;
  const reason = refusal instanceof Error ? refusal.message : String(refusal);
  const message = `The result of the task cannot be stored: ${reason}.`;
  const { outputs: _, ...rest } = { ...result, state: "FAILED", error: { reason: REFUSED, message } };
  return rest as R;
}

const REFUSED = "result_not_storable";
