import type { Pool } from "pg";

/**
 * Why a test of plans under wrong statistics cannot hold on this server, for the `skip` of a test; false where it can. Before 17 PostgreSQL
 * takes a look-up by a list of keys for dearer than it is, and may read a whole index that it believes to be empty.
 */
export async function cannotListKeys(pool: Pool): Promise<string | false> {
  const { rows } = await pool.query<{ number: number }>(
    "select current_setting('server_version_num')::integer as number",
  );
  return (rows[0]?.number ?? 0) < 170_000 && "PostgreSQL 16 prices lists of keys otherwise";
}
