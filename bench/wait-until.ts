import { setTimeout as delay } from "node:timers/promises";
import type { Pool } from "pg";

// Rare enough that the question costs nothing, often enough that the answer is exact to a hundredth of a second.
const PAUSE_MS = 8;

/** Asks until the condition holds. */
export async function waitUntil(pool: Pool, condition: string): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ holds: boolean }>(`select (${condition}) as holds`);
    if (rows[0]?.holds) return;
    await delay(PAUSE_MS);
  }
}

/** Whether every execution has ended. */
export const ALL_ENDED =
  "not exists (select from reprise.executions where state in ('CREATED', 'RUNNING', 'RESTARTED'))";

/** Whether no job is left. */
export const QUEUE_EMPTY = "not exists (select from graphile_worker._private_jobs)";
