import type { ClientBase } from "pg";
import type { TestDatabase } from "./database.ts";
import { until } from "./until.ts";

/** How a race ended for both: for the one that was there first, and for the one that had to wait for it. */
export interface RaceResult<First, Second> {
  first: First;
  second: PromiseSettledResult<Second>;
}

/**
 * Two connections at once, in an order that is no accident: the first does its work and keeps its transaction open; the second
 * begins, and once Postgres says that it waits for a lock, the first commits (or rolls back).
 */
export async function aRace<First, Second>(
  db: TestDatabase,
  first: (client: ClientBase) => Promise<First>,
  second: (client: ClientBase) => Promise<Second>,
  ending: "commit" | "rollback" = "commit",
): Promise<RaceResult<First, Second>> {
  const [one, two] = [await db.connect(), await db.connect()];
  const { rows } = await two.query<{ pid: number }>("select pg_backend_pid() as pid");
  await one.query("begin");
  const done = await first(one);
  const waiting = Promise.allSettled([second(two)]);
  await until(() => waitsForLock(db, rows[0]?.pid as number), { what: "the second to wait for a lock" });
  await one.query(ending);
  const [settled] = await waiting;
  await Promise.all([one.end(), two.end()]);
  return { first: done, second: settled };
}

/** What the second got; throws what it failed with. */
export function outcomeOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === "rejected") throw settled.reason;
  return settled.value;
}

async function waitsForLock(db: TestDatabase, pid: number): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    "select from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'",
    [pid],
  );
  return rowCount === 1;
}
