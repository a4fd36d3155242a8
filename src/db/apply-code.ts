import type pg from "pg";
import { runSqlFile, sqlStateOf } from "./run-sql-file.ts";
import type { SqlFile, SqlFiles } from "./sql-files.ts";

/**
 * Replaces the functions and views by what the files say, inside the caller's transaction. Nothing is dropped that stays
 * the same, so running servers keep their plans and nobody waits for a lock that is not needed. Dropped is what no file
 * defines any more, and what `create or replace` cannot replace: another signature, result or set of columns.
 */
export async function applyCode(client: pg.ClientBase, files: SqlFiles): Promise<void> {
  // Bodies are checked when they run: files then need no order among themselves.
  await client.query("set local check_function_bodies = off");
  const before = await listObjects(client);
  await client.query("savepoint code");
  try {
    await applyAll(client, files.code);
    await dropStale(client, before);
  } catch (error) {
    // 2BP01: something that has to go is used by a view, or by a function that returns a view's rows. Views cost nothing
    // to make again, so the second try begins without them.
    if (sqlStateOf(error) !== "2BP01") throw error;
    await client.query("rollback to savepoint code");
    await dropViews(client);
    await applyAll(client, files.code);
    await dropStale(client, before);
  }
  if (files.grants !== undefined) await runSqlFile(client, files.grants);
}

/** Something is missing that another file may define: a type, a table or view, a function, a column. */
const missing = ["42704", "42P01", "42883", "42703"];

/** `create or replace` refuses: another result or argument name (42P13), other columns (42P16), two of one name (42725). */
const irreplaceable = ["42P13", "42P16", "42725", "42809"];

async function applyAll(client: pg.ClientBase, files: SqlFile[]): Promise<void> {
  let waiting = files;
  while (waiting.length > 0) {
    const deferred: SqlFile[] = [];
    let firstError: unknown;
    for (const file of waiting) {
      const error = await applyOne(client, file);
      if (error === undefined) continue;
      if (!missing.includes(sqlStateOf(error) ?? "")) throw error;
      deferred.push(file);
      firstError ??= error;
    }
    // A round without progress: what is missing is missing for good.
    if (deferred.length === waiting.length) throw firstError;
    waiting = deferred;
  }
}

/** Runs a file, after dropping what it cannot replace; gives the error that remains. */
async function applyOne(client: pg.ClientBase, file: SqlFile): Promise<unknown> {
  const error = await attempt(client, file);
  if (!irreplaceable.includes(sqlStateOf(error) ?? "")) return error;
  await dropNamed(client, file);
  return await attempt(client, file);
}

async function attempt(client: pg.ClientBase, file: SqlFile): Promise<unknown> {
  await client.query("savepoint file");
  try {
    await runSqlFile(client, file);
    await client.query("release savepoint file");
    return undefined;
  } catch (error) {
    await client.query("rollback to savepoint file");
    return error;
  }
}

interface CodeObject {
  /** `function` or `view`, as `drop` wants it. */
  kind: string;
  schema: string;
  name: string;
  /** With its arguments, quoted: what `drop` wants. */
  identity: string;
  /** Changes whenever the object is replaced, also by the same definition. */
  stamp: string;
}

/**
 * The functions of the code schemas and all views. `create or replace` writes a new version of the catalog row, so whoever
 * still has its old stamp after all files ran is defined by none of them.
 */
async function listObjects(client: pg.ClientBase): Promise<CodeObject[]> {
  const { rows } = await client.query<CodeObject>(`
    select
      case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind,
      n.nspname as schema,
      p.proname as name,
      format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)) as identity,
      format('%s %s %s', p.oid, p.xmin, p.ctid) as stamp
    from pg_catalog.pg_proc p
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('reprise_engine', 'reprise_api')
    union all
    select 'view', n.nspname, c.relname, format('%I.%I', n.nspname, c.relname), format('%s %s %s', c.oid, r.xmin, r.ctid)
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_rewrite r on r.ev_class = c.oid and r.rulename = '_RETURN'
    where n.nspname in ('reprise', 'reprise_engine', 'reprise_api') and c.relkind = 'v'
  `);
  return rows;
}

/** Drops what no file touched: it is gone, or an older signature of something that has another one now. */
async function dropStale(client: pg.ClientBase, before: CodeObject[]): Promise<void> {
  const now = new Set((await listObjects(client)).map((object) => object.stamp));
  await drop(
    client,
    before.filter((object) => now.has(object.stamp)),
  );
}

/** Drops all that has the name of the thing that a file defines. */
async function dropNamed(client: pg.ClientBase, file: SqlFile): Promise<void> {
  const [, schema, name] = /create or replace \w+ (\w+)\.(\w+)/i.exec(file.text) ?? [];
  const objects = await listObjects(client);
  await drop(
    client,
    objects.filter((object) => object.schema === schema && object.name === name),
  );
}

async function drop(client: pg.ClientBase, objects: CodeObject[]): Promise<void> {
  // One statement for each kind, so that those that need each other go together.
  for (const kind of ["view", "function", "procedure", "aggregate"]) {
    const list = objects.filter((object) => object.kind === kind).map((object) => object.identity);
    if (list.length > 0) await client.query(`drop ${kind} ${list.join(", ")}`);
  }
}

async function dropViews(client: pg.ClientBase): Promise<void> {
  const views = (await listObjects(client)).filter((object) => object.kind === "view");
  if (views.length === 0) return;
  await client.query(`drop view ${views.map((view) => view.identity).join(", ")} cascade`);
}
