import { randomUUID } from "node:crypto";
import type { Database } from "../../src/db/call.ts";
import { aWrittenFlow, type FlowReference } from "./a-flow.ts";
import { until } from "./until.ts";
import { workerTaskTypes } from "./worker-task-types.ts";

/** Saves a new flow for a real worker, from what its text says below `id` and `namespace`. */
export async function aWorkerFlow(db: Database, text: string): Promise<FlowReference> {
  const source = `id: flow-${randomUUID()}\nnamespace: company.team\n${text}`;
  return await aWrittenFlow(db, source, workerTaskTypes);
}

/** Waits until all these executions have ended. Postgres may be away for a while. */
export async function untilEnded(db: Database, ...ids: string[]): Promise<void> {
  const waiting = async () => {
    const { rows } = await db.query(
      "select from reprise.executions where id = any ($1) and ended_at is null",
      [ids],
    );
    return rows.length === 0;
  };
  // Long, for a slow machine: what is asserted here is that they end at all.
  await until(() => waiting().catch(() => false), { what: "the executions to end", timeoutMs: 60_000 });
}

/** Waits until a task runs, in an attempt of that number when it is given, and says where. */
export async function untilRunning(
  db: Database,
  executionId: string,
  task: string,
  number?: number,
): Promise<{ attemptId: string; workerId: number; pid: number }> {
  const look = async () => {
    const { rows } = await db.query<{ attemptId: string; workerId: number; pid: number }>(
      `select a.id as "attemptId", w.id as "workerId", w.pid
      from reprise.task_runs as r
      join reprise.tasks as t on t.key = r.task_key and t.id = $2
      join reprise.attempts as a on a.task_run_id = r.id and a.state = 'RUNNING'
      join reprise.workers as w on w.id = a.worker_id
      where r.execution_id = $1 and a.number = coalesce($3, a.number)`,
      [executionId, task, number],
    );
    return rows[0];
  };
  return await until(look, { what: `${task} to run`, timeoutMs: 30_000 });
}

/** How each task run of these executions was tried, attempts in a row, and how many task runs were tried like that. */
export async function historiesOf(db: Database, ids: readonly string[]): Promise<Record<string, number>> {
  const { rows } = await db.query<{ history: string; count: number }>(
    `select history, count(*)::integer
    from (
      select r.state || ', try ' || r.try || ': ' || string_agg(a.number || ' ' || a.state, ', ' order by a.number) as history
      from reprise.task_runs as r
      left join reprise.attempts as a on a.task_run_id = r.id
      where r.execution_id = any ($1)
      group by r.id
    ) as runs
    group by history
    order by history`,
    [ids],
  );
  return Object.fromEntries(rows.map(({ history, count }) => [history, count]));
}
