import type { Logger } from "../base/log.ts";
import { callMany, callOne, type Database } from "../db/call.ts";
import type { Task, TaskRunState } from "../db/generated.ts";
import { isLockedOut } from "../db/sql-error.ts";
import type { Begun } from "./begun.ts";
import { insist } from "./insist.ts";
import { openPatientLane } from "./patient-lane.ts";
import { type Outcome, withoutOutputs } from "./transitions.ts";

/** What the end of an attempt makes of a task run in a WorkingDirectory. */
export interface ChildEnd {
  state: TaskRunState;
  /** How long to wait for the next try, when it is RETRYING. */
  waitMs: number;
}

/** The calls by which a worker moves the task runs in WorkingDirectories that it runs. */
export interface ChildTransitions {
  /** The enabled tasks of a block, in their order. */
  read(blockKey: number): Promise<readonly Task[]>;
  /** Begins a task in a block. Undefined: the block is not held here any more, or its execution is being killed. */
  begin(block: Begun, taskKey: number): Promise<Begun | undefined>;
  /** Reports a result. Undefined: the attempt was not held here any more. */
  finish(result: Outcome): Promise<ChildEnd | undefined>;
  /** Says that a block ends before its last task. */
  leave(blockAttemptId: string): Promise<void>;
}

// As for attempts that come through the queue.
const BATCH = 200;
const SIDE_BY_SIDE = 2;
// Blocks whose tasks are kept; one is a few kilobytes.
const KEPT = 1_000;

/** Opens the lanes for what runs in WorkingDirectories. Calls are repeated until they get through, as those of `openTransitions`. */
export function openChildTransitions(options: {
  db: Database;
  workerId: () => number;
  log: Logger;
  signal: AbortSignal;
  onRepeat: () => void;
}): ChildTransitions {
  const { db, workerId, log, signal, onRepeat } = options;
  const ask = async <T>(name: string, call: () => Promise<T>) =>
    await insist(name, log, signal, call, onRepeat);

  const take = async (asked: { block: Begun; taskKey: number }[]): Promise<(Begun | undefined)[]> => {
    const begun = (await ask("begin_children", () =>
      callMany(db, "reprise_engine.begin_children", {
        worker_id: workerId(),
        attempt_ids: asked.map(({ block }) => block.attempt_id),
        task_keys: asked.map(({ taskKey }) => taskKey),
      }),
    )) as Begun[];
    const byPlace = new Map(begun.map((attempt) => [placeOf(attempt, attempt.task_key), attempt]));
    return asked.map(({ block, taskKey }) => byPlace.get(placeOf(block, taskKey)));
  };

  const report = async (results: Outcome[]): Promise<(ChildEnd | undefined)[]> => {
    try {
      const ends = await ask("finish_children", () =>
        callMany(db, "reprise_engine.finish_children", {
          worker_id: workerId(),
          attempt_ids: results.map(({ attemptId }) => attemptId),
          outcomes: results.map(({ state }) => state),
          outputs: results.map(({ outputs }) => outputs ?? null),
          errors: results.map(({ error }) => error ?? null),
        }),
      );
      const byId = new Map(ends.map((end) => [end.attempt_id, end]));
      return results.map(({ attemptId, state }) => {
        const end = byId.get(attemptId);
        if (end?.state) return { state: end.state, waitMs: end.wait_ms ?? 0 };
        // What is skipped keeps no attempt.
        return state === "SKIPPED" ? { state, waitMs: 0 } : undefined;
      });
    } catch (error) {
      const [result] = results;
      if (result === undefined || results.length > 1 || isLockedOut(error) || signal.aborted) throw error;
      return await report([withoutOutputs(result, error)]);
    }
  };

  const how = { limit: BATCH, sideBySide: SIDE_BY_SIDE, signal };
  const beginning = openPatientLane({ ...how, send: take });
  const finishing = openPatientLane({ ...how, send: report });
  const kept = new Map<number, Promise<Task[]>>();
  return {
    read(blockKey) {
      const known = kept.get(blockKey);
      if (known !== undefined) return known;
      const asked = ask("read_children", () =>
        callMany(db, "reprise_engine.read_children", { task_key: blockKey }),
      );
      asked.catch(() => kept.delete(blockKey));
      if (kept.size >= KEPT) kept.delete(kept.keys().next().value as number);
      kept.set(blockKey, asked);
      return asked;
    },
    begin: (block, taskKey) => beginning.add({ block, taskKey }),
    finish: (result) => finishing.add(result),
    async leave(blockAttemptId) {
      await ask("leave_children", () =>
        callOne(db, "reprise_engine.leave_children", { worker_id: workerId(), attempt_id: blockAttemptId }),
      );
    },
  };
}

/** A task run by what it is, since the tables tell of no block which attempt it belongs to. */
function placeOf({ execution_id, iteration_path }: Begun, taskKey: number): string {
  return JSON.stringify([execution_id, taskKey, iteration_path]);
}
