import { EventEmitter } from "node:events";
import { Logger, run, type TaskList, WorkerPreset } from "graphile-worker";
import type { Pool } from "pg";

// What ours gives it for light tasks: see src/worker/job-runner.ts.
const TUNED = {
  concurrentJobs: 200,
  pollInterval: 1_000,
  completeJobBatchDelay: 0,
  failJobBatchDelay: 0,
  localQueue: { size: 400, ttl: 2_000 },
};
const PLAIN = { concurrentJobs: 200, pollInterval: 1_000 };

/** Starts graphile-worker by itself: with the settings that ours gives it for light tasks, or with its own. */
export async function startRawWorker(
  pool: Pool,
  taskList: TaskList,
  { isTuned = true } = {},
): Promise<AsyncDisposable> {
  const runner = await run({
    pgPool: pool,
    logger: new Logger(() => () => undefined),
    events: new EventEmitter(),
    noHandleSignals: true,
    crontab: "",
    taskList,
    preset: {
      extends: [WorkerPreset],
      worker: isTuned ? TUNED : PLAIN,
    },
  });
  return { [Symbol.asyncDispose]: () => runner.stop() };
}

/** Adds many jobs with one statement, as our engine does. */
export async function addJobs(pool: Pool, identifier: string, count: number): Promise<void> {
  await pool.query(
    `select count(*) from graphile_worker.add_jobs(array(
      select ($1, json_build_object('id', i::text), null, null, null, null, null, null)::graphile_worker.job_spec
      from generate_series(1, $2::integer) as i
    ))`,
    [identifier, count],
  );
}
