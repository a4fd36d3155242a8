import type { Database } from "../../src/db/call.ts";

/** Every row of an execution, whole: to show that nothing of it has changed. */
export async function dumpOf(db: Database, executionId: string): Promise<Record<string, unknown>> {
  const { rows } = await db.query<Record<string, unknown>>(
    `with runs as (select * from reprise.task_runs where execution_id = $1),
    attempts as (select * from reprise.attempts where task_run_id in (select id from runs))
    select
      (select to_jsonb(e) from reprise.executions as e where e.id = $1) as execution,
      (select jsonb_agg(to_jsonb(r) order by r.id) from runs as r) as task_runs,
      (select jsonb_agg(to_jsonb(a) order by a.id) from attempts as a) as attempts,
      (select jsonb_agg(to_jsonb(n) order by n.task_key) from reprise.replayed_task_runs as n where n.execution_id = $1) as noted,
      (select jsonb_agg(to_jsonb(f) order by f) from reprise.file_references as f
        where f.attempt_id in (select id from attempts)) as file_references,
      (select jsonb_agg(to_jsonb(l) order by l.id) from reprise.logs as l where l.execution_id = $1) as logs,
      -- The versions of the rows themselves: an update that changes nothing is one too.
      (select jsonb_agg(r.xmin::text || r.ctid::text order by r.id)
        from reprise.task_runs as r where r.execution_id = $1) as versions`,
    [executionId],
  );
  return rows[0] as Record<string, unknown>;
}
