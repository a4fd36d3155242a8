import type { Database } from "../src/db/call.ts";

/** What tables, indexes and TOAST of Reprise and of its queue take on disk together. */
export async function bytesOf(db: Database): Promise<number> {
  const { rows } = await db.query<{ bytes: string }>(`
    select sum(pg_total_relation_size(c.oid)) as bytes
    from pg_catalog.pg_class as c
    where c.relnamespace in ('reprise'::regnamespace, 'graphile_worker'::regnamespace) and c.relkind = 'r'`);
  return Number(rows[0]?.bytes);
}

/** How far the write-ahead log is. */
export async function walPosition(db: Database): Promise<string> {
  const { rows } = await db.query<{ position: string }>("select pg_current_wal_insert_lsn() as position");
  return rows[0]?.position as string;
}

/** How much was written to the log since. */
export async function walBytesSince(db: Database, position: string): Promise<number> {
  const { rows } = await db.query<{ bytes: string }>(
    "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $1) as bytes",
    [position],
  );
  return Number(rows[0]?.bytes);
}
