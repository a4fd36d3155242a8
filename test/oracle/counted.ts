import assert from "node:assert/strict";
import type { ClientBase } from "pg";

/**
 * SQL: whether an execution `e` was ended as it stood, by a kill, an SLA, an Exit, or a retry as a new one. Its blocks go on counting the lanes that were
 * open then, which is how one sees that they had not come to their end.
 */
export const wasStopped =
  "(e.exited_by is not null or e.killing_at is not null or e.state = 'RETRIED' or coalesce(e.error ->> 'reason' = 'sla_violated', false))";

/** The lanes that blocks count as begun and as open are those that have begun, and those in which something has not ended. */
export async function assertCounted(client: ClientBase): Promise<void> {
  const { rows } = await client.query(
    `select t.id, b.branch, b.begun_lanes, inside.begun, b.open_lanes, inside.open
    from reprise.blocks as b
    join reprise.task_runs as r on r.id = b.task_run_id
    join reprise.executions as e on e.id = r.execution_id and not ${wasStopped}
    join reprise.tasks as t on t.key = r.task_key
    cross join lateral (
      select
        count(distinct lane.name)::integer as begun,
        count(distinct lane.name) filter (where lane.is_open)::integer as open,
        bool_or(lane.is_carried) as is_carried
      from (
        select
          c.is_carried,
          -- What a replay opens again or asks anew is in no lane until one comes to it.
          not reprise_engine.is_terminal(c.state::text) and c.is_put_off is null
            and not (c.is_carried and not exists (select from reprise.blocks as own where own.task_run_id = c.id)) as is_open,
          concat_ws(' ', c.iteration, case when reprise_engine.is_wide(t.kind, t.type) and not i.is_handler then i.key end) as name
        from reprise.task_runs as c
        join reprise.tasks as i on i.key = c.task_key
        -- In a Loop handlers and outputs are a lane's.
        where c.parent_id = r.id and (i.branch = b.branch or t.type like '%.flow.Loop')
      ) as lane
    ) as inside
    where b.open_lanes <> case when r.state = 'RUNNING' then inside.open else 0 end
      or r.state = 'RUNNING' and not coalesce(inside.is_carried, false) and b.begun_lanes <> inside.begun`,
  );
  assert.deepEqual(rows, [], "blocks that count other lanes than there are");
}

/** Whatever waits has a job that leads to it, and so has whoever waits for an execution that has ended. */
export async function assertLedByJobs(client: ClientBase): Promise<void> {
  const { rows } = await client.query(
    `select t.id, r.state
    from reprise.executions as e
    join reprise.task_runs as r on r.execution_id = e.id
    join reprise.tasks as t on t.key = r.task_key
    left join reprise.tasks as around on around.key = t.parent_key
    where r.state in ('CREATED', 'RESTARTED', 'RETRYING') and r.is_put_off is null
      and (around.kind is distinct from 'WORKING_DIRECTORY' or t.branch <> 'tasks')
      and not exists (select from graphile_worker.jobs as j where j.key = 'task_run:' || r.id)
    union all
    select 'the parent of ' || d.execution_id, null
    from reprise.ended_subflows as d
    where not exists (select from graphile_worker.jobs as j where j.task_identifier = 'reprise.Subflow')`,
  );
  assert.deepEqual(rows, [], "what waits without a job");
}
