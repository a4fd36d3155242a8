import type { ClientBase } from "pg";
import { callMany, callOne } from "../../src/db/call.ts";
import type { Begun } from "../../src/worker/begun.ts";
import type { Outcome } from "../../src/worker/transitions.ts";

/** A WorkingDirectory in the hands of a test, and what its tasks come to. */
export interface HandDirectory {
  db: ClientBase;
  workerId: number;
  block: Begun;
  /** How an attempt of a task in it ends; undefined where it is to go on running. */
  outcomeOf(begun: Begun): Promise<Outcome | undefined>;
}

/** Runs the tasks of a WorkingDirectory as a worker does. Undefined: one of them still runs, and so does the block. */
export async function runDirectory({
  db,
  workerId,
  block,
  outcomeOf,
}: HandDirectory): Promise<Outcome | undefined> {
  const attemptId = block.attempt_id;
  const tasks = await callMany(db, "reprise_engine.read_children", { task_key: block.task_key });
  for (const { key } of tasks) {
    for (let state = "RETRYING"; state === "RETRYING"; ) {
      const about = { worker_id: workerId, attempt_ids: [attemptId], task_keys: [key] };
      const [begun] = (await callMany(db, "reprise_engine.begin_children", about)) as Begun[];
      if (begun === undefined) return { attemptId, state: "KILLED" };
      const outcome = await outcomeOf(begun);
      if (outcome === undefined) return undefined;
      const [end] = await callMany(db, "reprise_engine.finish_children", {
        worker_id: workerId,
        attempt_ids: [outcome.attemptId],
        outcomes: [outcome.state],
        outputs: [outcome.outputs ?? null],
        errors: [outcome.error ?? null],
      });
      state = end?.state ?? "SKIPPED";
      if (state === "KILLED") return { attemptId, state };
      if (state !== "FAILED") continue;
      await callOne(db, "reprise_engine.leave_children", { worker_id: workerId, attempt_id: attemptId });
      return { attemptId, state: "RUNNING" };
    }
  }
  return { attemptId, state: "RUNNING" };
}
