import type { Logger } from "../base/log.ts";
import { callMany, callOne, type Database } from "../db/call.ts";
import type { Presence } from "./presence.ts";
import { repeat } from "./repeat.ts";
import type { RunningAttempts } from "./running-attempts.ts";

/** What a worker looks after besides its own tasks. */
export interface HouseOptions {
  db: Database;
  log: Logger;
  presence: Presence;
  running: RunningAttempts;
  beatMs: number;
  signal: AbortSignal;
}

// A task run without a job waits no longer than this: seldom enough to cost nothing, often enough to go unnoticed.
const RECONCILE_MS = 2_000;
// A kill is told at once; this is for the one that was not heard.
const LOOK_AFTER_MS = 1_000;
// Attempts that nobody here knows of come from lost answers, after which it is looked at once; this is for what else may happen.
const RELEASE_MS = 60_000;
// What waits for a time is begun at it, or this much later where it came to wait meanwhile.
const WAKE_MS = 500;
const SOON_MS = 20;
// Partitions are made days ahead, and uploads that nobody took go after a day.
const TEND_LOGS_MS = 3_600_000;
// What is too old is not used, however long it lies there: this is for the room it takes.
const TEND_CACHES_MS = 60_000;

/** Beats, finds dead workers, gives jobs to what has none, and drops what is not this worker's any more, until `signal`. */
export async function keepHouse({ db, log, presence, running, beatMs, signal }: HouseOptions): Promise<void> {
  await Promise.all([
    // A beat that waits because the last one was slow would look like death.
    repeat(beatMs, signal, log, () => presence.beat(running.ids().length), { isSteady: true }),
    repeat(beatMs, signal, log, () => callOne(db, "reprise_engine.reap_lost_workers", {})),
    repeat(RECONCILE_MS, signal, log, () => callOne(db, "reprise_engine.reconcile_jobs", {})),
    wakeInTime(db, log, signal),
    repeat(TEND_LOGS_MS, signal, log, () => callOne(db, "reprise_engine.tend_logs", {})),
    repeat(TEND_CACHES_MS, signal, log, () => callOne(db, "reprise_engine.tend_task_caches", {})),
    repeat(TEND_LOGS_MS, signal, log, () => callOne(db, "reprise_engine.tend_uploads", {})),
    repeat(LOOK_AFTER_MS, signal, log, async () => {
      await stopKilled(db, presence.id(), running);
      if (running.isSuspect()) await releaseForgotten(db, presence.id(), running);
    }),
    repeat(RELEASE_MS, signal, log, () => releaseForgotten(db, presence.id(), running)),
  ]);
}

async function wakeInTime(db: Database, log: Logger, signal: AbortSignal): Promise<void> {
  let nextMs: number | null = null;
  const everyMs = () => Math.min(Math.max(nextMs ?? WAKE_MS, SOON_MS), WAKE_MS);
  const wake = async () => {
    // A call wakes a batch, so that it neither holds locks for long nor does all over again what one fault undoes.
    nextMs = null;
    do nextMs = await callOne(db, "reprise_engine.wake_due", {});
    while (nextMs === 0 && !signal.aborted);
  };
  // However long that has taken, what comes next is due at its own time.
  await repeat(everyMs, signal, log, wake, { isSteady: true });
}

async function releaseForgotten(db: Database, workerId: number, running: RunningAttempts): Promise<void> {
  await callOne(db, "reprise_engine.release_attempts", { worker_id: workerId, held: running.ids() });
}

/** Stops the attempts whose executions are being killed, and those that were taken from this worker. */
export async function stopKilled(db: Database, workerId: number, running: RunningAttempts): Promise<void> {
  const attempt_ids = running.ids();
  if (attempt_ids.length === 0) return;
  const found = await callMany(db, "reprise_engine.find_killed_attempts", {
    worker_id: workerId,
    attempt_ids,
  });
  for (const { attempt_id, is_held } of found) {
    running.stop(attempt_id as string, is_held ? "KILLED" : "TAKEN");
  }
}
