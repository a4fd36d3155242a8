import type { Pool, PoolClient } from "pg";

/** The two tables that carried task runs are copied into. */
export type PlainTable = "bench_with_references" | "bench_without_references";

/**
 * Makes two empty copies of `reprise.task_runs` with its columns, defaults, indexes and checks, one of them with a foreign
 * key wherever that table refers to another.
 */
export async function createPlainTables(pool: Pool): Promise<void> {
  for (const table of ["bench_with_references", "bench_without_references"] satisfies PlainTable[]) {
    await pool.query(`create table ${table} (like reprise.task_runs including all)`);
  }
  await pool.query(`
    alter table bench_with_references
      add foreign key (execution_id) references reprise.executions (id),
      add foreign key (task_key) references reprise.tasks (key),
      add foreign key (carried_attempt_id) references reprise.attempts (id),
      add foreign key (original_id) references reprise.task_runs (id),
      add foreign key (parent_id) references reprise.task_runs (id)`);
}

/** Copies the carried task runs of a replay into one of them with one statement, and says how many they were. */
export async function insertPlainCopy(
  client: PoolClient,
  table: PlainTable,
  replayId: string,
): Promise<number> {
  const columns =
    "execution_id, task_key, iteration_path, state, attempt_number, is_carried, carried_attempt_id, original_id, created_at, ended_at";
  const { rowCount } = await client.query({
    name: table,
    text: `insert into ${table} (${columns}) select ${columns} from reprise.task_runs where execution_id = $1 and is_carried`,
    values: [replayId],
  });
  return rowCount ?? 0;
}
