import type { Pool } from "pg";

/** A beat may come late on a busy machine. */
const silenceMs = 10_000;

/** Whether a worker runs that takes the jobs of these task types. */
export async function hasWorkerFor(db: Pool, types: readonly string[]): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>(
    `select exists (
      select
      from reprise_api.workers as w
      where w.state = 'RUNNING' and w.job_identifiers @> $1
        and w.heartbeat_at > pg_catalog.clock_timestamp() - $2 * interval '1 millisecond'
    ) as found`,
    [types, silenceMs],
  );
  return rows[0]?.found === true;
}
