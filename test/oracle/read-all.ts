import type { ClientBase } from "pg";
import type { Ending } from "./sequence.ts";

/** A task run as it stands. */
export interface RanTask {
  id: string;
  state: string;
  number: number;
  try: number;
  isCarried: boolean;
  carried: string | null;
  original: string | null;
  digest: string | null;
  /** The numbers of its own attempts, in their order. */
  numbers: number[];
  states: string[];
}

/** An execution as it stands. */
export interface Ran {
  id: string;
  state: string;
  verdict: string;
  hasEnded: boolean;
  attempt: number;
  runs: Record<string, RanTask>;
  /** How it and its task runs ended, without what must differ from run to run. */
  ending: Ending;
}

/** Reads many executions in one statement. */
export async function readAll(db: ClientBase, ids: string[]): Promise<Map<string, Ran>> {
  const { rows } = await db.query<Omit<Ran, "ending">>(
    `select e.id, e.state, e.verdict, e.ended_at is not null as "hasEnded", e.attempt_number as attempt,
      coalesce((
        select jsonb_object_agg(t.id, jsonb_build_object(
          'id', r.id::text, 'state', r.state, 'number', r.attempt_number, 'try', r.try, 'isCarried', r.is_carried,
          'carried', r.carried_attempt_id::text,
          'original', coalesce(r.original_id, (select c.task_run_id from reprise.attempts as c where c.id = r.carried_attempt_id))::text,
          'digest', shown.outputs ->> 'digest',
          'numbers', own.numbers, 'states', own.states
        ))
        from reprise.task_runs as r
        join reprise.tasks as t on t.key = r.task_key
        left join reprise.attempts as shown on shown.id = coalesce(
          r.carried_attempt_id,
          (select a.id from reprise.attempts as a where a.task_run_id = r.id and a.number = r.attempt_number)
        )
        cross join lateral (
          select coalesce(jsonb_agg(a.number order by a.number), '[]') as numbers,
            coalesce(jsonb_agg(a.state order by a.number), '[]') as states
          from reprise.attempts as a where a.task_run_id = r.id
        ) as own
        where r.execution_id = e.id
      ), '{}') as runs
    from reprise.executions as e
    where e.id = any ($1)`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, { ...row, ending: endingOf(row) }]));
}

function endingOf({ state, runs }: Omit<Ran, "ending">): Ending {
  const seen = Object.entries(runs).map(([id, { state: own, digest }]) => [
    id,
    digest === null ? own : `${own} ${digest}`,
  ]);
  return { ...Object.fromEntries(seen), execution: state };
}
