import assert from "node:assert/strict";
import type { ClientBase } from "pg";
import type { Execution } from "../../src/db/generated.ts";
import { aReplay } from "../support/an-execution.ts";

/**
 * Makes a replay, having seen that it is the same whether it is held to its plan, in which everything is decided, or carries what is
 * settled without a plan.
 */
export async function aReplayBothWays(
  client: ClientBase,
  executionId: string,
  anchors: string[],
  planHash: string,
): Promise<Execution> {
  await client.query("savepoint planned");
  const planned = await aReplay(client, executionId, { anchors, plan_hash: planHash });
  const wanted = await allOf(client, planned.id);
  await client.query("rollback to savepoint planned");
  await client.query("release savepoint planned");

  const replay = await aReplay(client, executionId, { anchors });
  assert.deepEqual(await allOf(client, replay.id), wanted, `a replay from ${anchors} without its plan`);
  return replay;
}

/** All that there is of an execution, but for times and for ids of its own. */
async function allOf(client: ClientBase, executionId: string): Promise<unknown> {
  const { rows } = await client.query<{ kept: unknown }>(
    `select jsonb_build_object(
      'execution', to_jsonb(e) - '{id,created_at,start_date,started_at,first_started_at,ended_at,past_states,exited_by}'::text[],
      'taskRuns', (
        select jsonb_agg(
          to_jsonb(r) - '{id,execution_id,parent_id,created_at,ended_at}'::text[] || jsonb_build_object(
            'block', (select array[b.task_key::text] || b.iteration_path from reprise.task_runs as b where b.id = r.parent_id),
            'hasEnded', r.ended_at is not null,
            'lanes', (
              select to_jsonb(b) - 'task_run_id' || jsonb_build_object(
                'attempt_id', (select a.id from reprise.attempts as a where a.id = b.attempt_id and a.task_run_id <> r.id)
              )
              from reprise.blocks as b
              where b.task_run_id = r.id
            ),
            'iterations', (select l.iteration_count from reprise.loops as l where l.task_run_id = r.id)
          )
          order by r.task_key, r.iteration_path
        )
        from reprise.task_runs as r
        where r.execution_id = e.id
      ),
      'replayed', (
        select jsonb_agg(to_jsonb(p) - 'execution_id' order by p.task_key, p.iteration_path)
        from reprise.replayed_task_runs as p
        where p.execution_id = e.id
      )
    ) as kept
    from reprise.executions as e
    where e.id = $1`,
    [executionId],
  );
  return rows[0]?.kept;
}
