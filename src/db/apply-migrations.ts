import type pg from "pg";
import { runSqlFile } from "./run-sql-file.ts";
import type { SqlFile } from "./sql-files.ts";

/** Applies migration files, in their order, inside of the caller's transaction, and notes each. */
export async function applyMigrations(client: pg.ClientBase, files: SqlFile[]): Promise<void> {
  for (const file of files) {
    await runSqlFile(client, file);
    // What a commit would look at: a table with checks that wait cannot be altered by the next file.
    await client.query("set constraints all immediate; set constraints all deferred");
    await client.query("insert into reprise_meta.migrations (name, sha256) values ($1, $2)", [
      file.name,
      file.sha256,
    ]);
  }
}

/** `alter type … add value`, in a file that says nothing else on the line. */
const ADDED_LABEL =
  /^alter type (\S+) add value (?!if not exists)('\w+'(?: (?:before|after) '\w+')?);[ \t]*$/gim;

/**
 * Adds labels of enum types that the files add, and gives the files without that: Postgres lets nobody use a label in the transaction that
 * adds it. To whoever runs beside, a label more is none, until the rest comes.
 */
export async function addLabels(client: pg.ClientBase, files: SqlFile[]): Promise<SqlFile[]> {
  const { rows } = await client.query<{ name: string }>(
    "select t.typnamespace::regnamespace || '.' || t.typname as name from pg_catalog.pg_type as t where t.typtype = 'e'",
  );
  const known = new Set(rows.map(({ name }) => name));
  const left: SqlFile[] = [];
  for (const file of files) {
    const added = [...file.text.matchAll(ADDED_LABEL)].filter(([, type = ""]) => known.has(type));
    for (const [, type, label] of added)
      await client.query(`alter type ${type} add value if not exists ${label}`);
    const text = file.text.replace(ADDED_LABEL, (line, type: string) => (known.has(type) ? "" : line));
    left.push({ ...file, text });
  }
  return left;
}

/** Sooner than Postgres looks for deadlocks: where two wait for each other, it is the migration that gives up, and not they. */
const LONGEST_WAIT_MS = 500;

/**
 * Shuts the gate that our programs' calls go through (see `call.ts`): those who are inside come to their end first, and whoever comes now
 * waits, and then finds all that is new.
 */
export async function shutGate(client: pg.ClientBase, lockTimeoutMs: number): Promise<void> {
  await withShortWaits(client, lockTimeoutMs, () =>
    client.query("lock table reprise_meta.code in access exclusive mode"),
  );
}

/**
 * Takes all of our tables and views at once, so that nobody holds one that a migration comes to later: not everybody comes through
 * the gate, and workers of before do not know of it.
 */
export async function lockTables(client: pg.ClientBase, lockTimeoutMs: number): Promise<void> {
  const { rows } = await client.query<{ name: string }>(`
    select c.oid::regclass::text as name
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where n.nspname in ('reprise', 'reprise_api') and c.relkind in ('r', 'p', 'v')
    order by c.relkind = 'v', c.oid`);
  const names = rows.map(({ name }) => name);
  if (names.length === 0) return;
  await withShortWaits(client, lockTimeoutMs, async () => {
    // Transitions of workers begin with this lock, before they have any other: see the order of locks in sql/README.md.
    if (names.includes("reprise.workers")) {
      await client.query(`
        select pg_catalog.pg_advisory_xact_lock(20291, w.id)
        from (select w.id from reprise.workers as w where w.state = 'RUNNING' order by w.id) as w`);
    }
    await client.query(`lock table ${names.join(", ")} in access exclusive mode`);
  });
}

async function withShortWaits(
  client: pg.ClientBase,
  usualMs: number,
  work: () => Promise<unknown>,
): Promise<void> {
  await client.query(`set local lock_timeout = ${Math.min(usualMs, LONGEST_WAIT_MS)}`);
  await work();
  await client.query(`set local lock_timeout = ${usualMs}`);
}
