import type { ClientBase } from "pg";
import { callOne } from "../../src/db/call.ts";
import { assertLedByJobs } from "./counted.ts";

/** What a worker would be woken for: what waits, is due, and has a job. */
export async function findWaiting(client: ClientBase): Promise<string[]> {
  await assertLedByJobs(client);
  const { rows } = await client.query<{ id: string }>(
    `select r.id
    from reprise.task_runs as r
    join graphile_worker.jobs as j on j.key = 'task_run:' || r.id
    where r.state in ('CREATED', 'RESTARTED', 'RETRYING') and coalesce(r.retry_at <= reprise_engine.clock(), true)
    order by r.id`,
  );
  return rows.map(({ id }) => id);
}

/** The clock moves on to the next thing that waits for its time; false when nothing does. */
export async function passTime(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ due_at: string }>(
    `select greatest(min(due_at), reprise_engine.clock())::text as due_at
    from (
      select due_at from reprise.loops
      union all select due_at from reprise.pauses
      union all select retry_at from reprise.task_runs where state = 'RETRYING'
    ) as waiting
    having min(due_at) is not null`,
  );
  if (rows[0] === undefined) return false;
  await client.query("select set_config('reprise.now', $1, true)", [rows[0].due_at]);
  await callOne(client, "reprise_engine.wake_due", {});
  await callOne(client, "reprise_engine.wake_due", {});
  return true;
}

/** Moves the clock of the transaction on. */
export async function moveClock(client: ClientBase, by: string): Promise<void> {
  await client.query(
    "select set_config('reprise.now', (reprise_engine.clock() + $1::interval)::text, true)",
    [by],
  );
}

/** Every row of the state machine, with its version. */
export async function fingerprintOf(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ hash: string }>(
    `select md5(string_agg(version, ' ' order by version)) as hash
    from (
      select 'e' || id || state || verdict as version from reprise.executions
      union all select 'r' || id || ctid from reprise.task_runs
      union all select 'a' || id || ctid from reprise.attempts
      union all select 'b' || task_run_id || ctid from reprise.blocks
    ) as rows`,
  );
  return rows[0]?.hash ?? "";
}
