import type { ClientBase } from "pg";
import { callOne } from "../../src/db/call.ts";
import type { Case } from "./sequence.ts";

/** A replay that is asked for. */
export interface Asked {
  of: Case;
  executionId: string;
  revision: number;
  anchor: string;
  /** Whether it must end as a fresh run of its revision does. */
  isEqual: boolean;
  /** 1: of the original, 2: of a replay. */
  generation: number;
}

/** A row of a plan. */
export interface PlannedTask {
  task: string;
  disposition: string;
  reason: string;
  state: string | null;
  taskRun: string | null;
  attempt: string | null;
  number: number | null;
}

/** What a plan says. */
export interface Planned {
  isRunnable: boolean;
  codes: string[];
  hash: string;
  tasks: PlannedTask[];
}

/** Plans many replays in one statement. */
export async function planAll(db: ClientBase, asked: Asked[]): Promise<Planned[]> {
  const { rows } = await db.query<{ plan: Planned }>(
    `select jsonb_build_object(
      'isRunnable', p.is_runnable,
      'codes', (select coalesce(jsonb_agg(x.code order by x.code) filter (where x.is_blocking), '[]') from unnest(p.problems) as x),
      'hash', p.plan_hash,
      'tasks', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'task', t.task_id, 'disposition', t.disposition, 'reason', t.reason, 'state', t.state, 'taskRun', t.task_run_id::text,
          'attempt', t.attempt_id::text, 'number', t.attempt_number
        ) order by t.ordinality), '[]')
        from unnest(p.tasks) with ordinality as t
      )
    ) as plan
    from unnest($1::uuid[], $2::text[], $3::text[]) with ordinality as a (execution_id, anchor, revision, place)
    cross join lateral reprise_api.replay_plan(
      execution_id => a.execution_id, anchors => array[a.anchor], revision => a.revision
    ) as p
    order by a.place`,
    columns(asked),
  );
  return rows.map(({ plan }) => plan);
}

/** Makes the replays whose plans can be run, every other one held to its plan; gives their ids in the order of the plans. */
export async function replayAll(
  db: ClientBase,
  asked: Asked[],
  planned: Planned[],
): Promise<(string | undefined)[]> {
  const ids: (string | undefined)[] = [];
  for (const [index, { executionId, anchor, revision }] of asked.entries()) {
    const plan = planned[index];
    if (plan?.isRunnable !== true) {
      ids.push(undefined);
      continue;
    }
    const { id } = await callOne(db, "reprise_api.replay_execution", {
      execution_id: executionId,
      anchors: [anchor],
      revision: String(revision),
      plan_hash: index % 2 === 0 ? plan.hash : null,
    });
    ids.push(id);
  }
  return ids;
}

function columns(asked: Asked[]): unknown[] {
  return [
    asked.map(({ executionId }) => executionId),
    asked.map(({ anchor }) => anchor),
    asked.map(({ revision }) => String(revision)),
  ];
}
