import type { Pool, PoolClient } from "pg";

/** Makes an empty `bench_task_runs` with the columns, defaults, indexes, checks and foreign keys of `reprise.task_runs`. */
export async function createPlainCopy(pool: Pool): Promise<void> {
  await pool.query(
    "create table bench_task_runs (like reprise.task_runs including all) with (fillfactor = 85)",
  );
  const { rows } = await pool.query<{ conname: string; definition: string }>(
    `select conname, pg_get_constraintdef(oid) as definition
     from pg_catalog.pg_constraint
     where conrelid = 'reprise.task_runs'::regclass and contype = 'f'`,
  );
  for (const { conname, definition } of rows) {
    await pool.query(`alter table bench_task_runs add constraint ${conname} ${definition}`);
  }
}

/** Copies the carried task runs of a replay into it with one statement, and says how many they were. */
export async function insertPlainCopy(client: PoolClient, replayId: string): Promise<number> {
  const columns =
    "execution_id, task_key, iteration_path, state, attempt_number, is_carried, carried_attempt_id, original_id, created_at, ended_at";
  const { rowCount } = await client.query({
    name: "plain_copy",
    text: `insert into bench_task_runs (${columns}) select ${columns} from reprise.task_runs where execution_id = $1 and is_carried`,
    values: [replayId],
  });
  return rowCount ?? 0;
}
