import type { Pool } from "pg";
import type { FlowRevision } from "../src/db/generated.ts";

/**
 * Writes an execution that has run to its end: its row, and one task run and one attempt for each task, with outputs of so
 * many bytes that do not compress. A worker leaves the same; it would only take longer.
 */
export async function buildOriginal(
  pool: Pool,
  revision: FlowRevision,
  outputBytes: number,
): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `insert into reprise.executions (
       id, namespace, flow_id, flow_revision, state, inputs, start_date, created_at, started_at, ended_at, created_by
     )
     values (reprise_engine.uuid_v7(now()), $1, $2, $3, 'SUCCESS', '{"name": "a"}', now(), now(), now(), now(), 'bench')
     returning id`,
    [revision.namespace, revision.flow_id, revision.revision],
  );
  const id = rows[0]?.id as string;
  const worker = await pool.query<{ id: number }>(
    "select reprise_engine.register_worker('{}', 'bench', 1, '0', null, '{}', 1, 1000) as id",
  );
  await pool.query(
    `with run as (
       insert into reprise.task_runs (execution_id, task_key, state, attempt_number, try, created_at, ended_at)
       select $1, t.key, 'SUCCESS', 1, 1, now(), now()
       from reprise.tasks as t
       where t.namespace = $2 and t.flow_id = $3 and t.revision = $4
       order by t.position
       returning id
     )
     insert into reprise.attempts (task_run_id, started_at, ended_at, worker_id, number, try, state, outputs)
     select r.id, now() - interval '1 second', now(), $5, 1, 1, 'SUCCESS', jsonb_build_object('value', (
       -- What refers to the row is made anew for each; 32 characters at a time.
       select string_agg(md5(r.id || ' ' || i || random()), '') from generate_series(1, $6::integer / 32) as i
     ))
     from run as r`,
    [id, revision.namespace, revision.flow_id, revision.revision, worker.rows[0]?.id, outputBytes],
  );
  await pool.query("vacuum analyze");
  return id;
}
