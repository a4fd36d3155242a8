import { hostname } from "node:os";
import { durationText } from "../present/figure-text.ts";
import { type Check, fail, ok, warn } from "./finding.ts";

interface WorkerRow {
  id: number;
  host: string;
  pid: number;
  version: string;
  worker_group: string | null;
  silent_ms: number;
  is_locked: boolean;
  running: number;
}

const longSilenceMs = 60_000;

/** Who works, and when each last said that it lives. */
export const checkWorkers: Check = async (db) => {
  const { rows } = await db.query<WorkerRow>(
    `select w.id, w.host, w.pid, w.version, w.worker_group,
      (extract(epoch from pg_catalog.clock_timestamp() - w.heartbeat_at) * 1000)::float8 as silent_ms,
      exists (
        select from pg_catalog.pg_locks as l
        where l.locktype = 'advisory' and l.classid = 20290 and l.objid = w.id::oid and l.objsubid = 2 and l.granted
      ) as is_locked,
      (select count(*)::integer from reprise.attempts as a where a.worker_id = w.id and a.state = 'RUNNING') as running
    from reprise.workers as w
    where w.state = 'RUNNING'
    order by w.id`,
  );
  if (rows.length === 0)
    return [warn("Workers", "No worker runs: executions wait.", "Start one: reprise worker")];
  return rows.map((row) => {
    const where = row.host === hostname() ? `process ${row.pid}` : `process ${row.pid} on ${row.host}`;
    const group = row.worker_group === null ? "" : `, group ${row.worker_group}`;
    const who = `Worker ${row.id} (${where}, version ${row.version}${group})`;
    const silence = `last heard of ${durationText(Math.max(0, row.silent_ms))} ago`;
    // Beats come late on a busy machine. Dead is who has also let go of its lock; the others will find that out.
    if (row.silent_ms > longSilenceMs || !row.is_locked)
      return warn("Workers", `${who}, ${silence}, may be dead.`);
    return ok("Workers", `${who}, ${silence}, runs ${row.running} attempts.`);
  });
};

/** Jobs are wake-ups for task runs that wait. One that names no such task run does nothing, but should not be. */
export const checkJobs: Check = async (db) => {
  const { rows } = await db.query<{ stray: number; stuck: number; waiting: number }>(
    `select
      (
        select count(*)::integer
        from graphile_worker.jobs as j
        left join reprise.task_runs as r on r.id = substring(j.key from '^task_run:(\\d+)$')::bigint
        where j.key like 'task_run:%' and r.id is null and j.locked_at is null
      ) as stray,
      (
        select count(*)::integer
        from reprise.task_runs as r
        join reprise.executions as e on e.id = r.execution_id
        where r.state in ('CREATED', 'RESTARTED') and r.is_put_off is null
          and e.state in ('CREATED', 'RUNNING', 'PAUSED', 'BREAKPOINT', 'RESTARTED') and not e.is_held
          and r.id = any (reprise_engine.find_waiting(array[e.id]))
          and r.created_at < pg_catalog.clock_timestamp() - interval '10 seconds'
          and not exists (select from graphile_worker.jobs as j where j.key = 'task_run:' || r.id)
      ) as stuck,
      (select count(*)::integer from graphile_worker.jobs as j where j.key like 'task_run:%' and j.locked_at is null) as waiting`,
  );
  const { stray = 0, stuck = 0, waiting = 0 } = rows[0] ?? {};
  if (stuck > 0) {
    return [
      fail(
        "Jobs",
        `${stuck} task runs wait without a job.`,
        "A running worker gives them one within seconds.",
      ),
    ];
  }
  if (stray > 0) return [warn("Jobs", `${stray} jobs name no task run. They will do nothing.`)];
  return [ok("Jobs", `${waiting} wait, each for a task run.`)];
};

/** Once or twice anything may go wrong. */
const fewAttempts = 3;

/** Jobs that fail are tried again, less and less often; who only sees what waits does not see those. */
export const checkFailingJobs: Check = async (db) => {
  const { rows } = await db.query<{ task: string; error: string; jobs: number; attempts: number }>(
    `select j.task_identifier as task, split_part(j.last_error, E'\\n', 1) as error, count(*)::integer as jobs, max(j.attempts)::integer as attempts
    from graphile_worker.jobs as j
    where j.attempts >= $1 and j.last_error is not null
    group by 1, 2
    order by 4 desc, 3 desc
    limit 5`,
    [fewAttempts],
  );
  return rows.map(({ task, error, jobs, attempts }) => {
    const who = jobs === 1 ? `A job ${task} fails` : `${jobs} jobs ${task} fail`;
    return warn("Jobs", `${who} again and again, ${attempts} times so far: ${error}`);
  });
};
