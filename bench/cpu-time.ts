import { readFile } from "node:fs/promises";
import type { Pool } from "pg";

/** Processor time since a moment, in milliseconds. */
export interface CpuTime {
  postgresMs: number;
  nodeMs: number;
}

/**
 * Begins to count the processor time of this process and of all processes of Postgres that work on the pool's database or
 * for all of them. It says more than the clock where others use the machine too. Outside Linux it counts this process only.
 */
export async function startCpuClock(pool: Pool): Promise<() => Promise<CpuTime>> {
  const node = process.cpuUsage();
  const before = await postgresTimes(pool);
  return async () => {
    const { user, system } = process.cpuUsage(node);
    let postgresMs = 0;
    for (const [pid, time] of await postgresTimes(pool)) postgresMs += time - (before.get(pid) ?? 0);
    return { postgresMs, nodeMs: (user + system) / 1000 };
  };
}

async function postgresTimes(pool: Pool): Promise<Map<number, number>> {
  const { rows } = await pool.query<{ pid: number }>(
    "select pid from pg_stat_activity where datname is null or datname = current_database()",
  );
  const times = await Promise.all(rows.map(async ({ pid }) => [pid, await timeOf(pid)] as const));
  return new Map(times);
}

// The kernel counts in hundredths of a second wherever node runs.
const TICK_MS = 10;

async function timeOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The name in parentheses may hold spaces; user and system time are the 12th and 13th word behind it.
  const words = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return words.length < 13 ? 0 : (Number(words[11]) + Number(words[12])) * TICK_MS;
}
