import type { Pool } from "pg";
import type { FlowRevision } from "../src/db/generated.ts";

/**
 * Writes executions that have run to their end: their rows, and one task run and one attempt for each task, with outputs of
 * so many bytes that do not compress. A worker leaves the same; it would only take longer. Gives the id of the last.
 */
export async function buildExecutions(
  pool: Pool,
  { namespace, flow_id, revision }: FlowRevision,
  { count, outputBytes }: { count: number; outputBytes: number },
): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `insert into reprise.executions (
       id, namespace, flow_id, flow_revision, state, inputs, start_date, created_at, started_at, ended_at, created_by
     )
     select reprise_engine.uuid_v7(clock_timestamp()), $1, $2, $3, 'SUCCESS', '{"name": "a"}', now(), now(), now(), now(), 'bench'
     from generate_series(1, $4::integer)
     returning id`,
    [namespace, flow_id, revision, count],
  );
  const ids = rows.map(({ id }) => id);
  const worker = await pool.query<{ id: number }>(
    "select reprise_engine.register_worker('{}', 'bench', 1, '0', null, '{}', 1, 1000) as id",
  );
  await pool.query(
    `with run as (
       insert into reprise.task_runs (execution_id, task_key, state, attempt_number, try, created_at, ended_at)
       select e.id, t.key, 'SUCCESS', 1, 1, now(), now()
       from unnest($1::uuid[]) as e (id)
       join reprise.tasks as t on t.namespace = $2 and t.flow_id = $3 and t.revision = $4
       order by e.id, t.position
       returning id
     )
     insert into reprise.attempts (task_run_id, started_at, ended_at, worker_id, number, try, state, outputs)
     select r.id, now() - interval '1 second', now(), $5, 1, 1, 'SUCCESS', json_build_object('value', (
       -- What refers to the row is made anew for each; 32 characters at a time.
       select string_agg(md5(r.id || ' ' || i || random()), '') from generate_series(1, $6::integer / 32) as i
     ))
     from run as r`,
    [ids, namespace, flow_id, revision, worker.rows[0]?.id, outputBytes],
  );
  return ids.at(-1) as string;
}
