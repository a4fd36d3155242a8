import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { pino } from "pino";
import { type Logger, silentLogger } from "../../src/base/log.ts";
import { callOne, type FunctionName } from "../../src/db/call.ts";
import { describePending, migrate } from "../../src/db/migrate.ts";
import { type TestDatabase, testDatabase, until } from "../support/database.ts";

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** A project's SQL files, and an empty database to bring up to them. */
async function aProject(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), "reprise-sql-"));
  folders.push(folder);
  const db = await testDatabase({ isEmpty: true });
  const write = async (more: Record<string, string>) => {
    for (const [name, text] of Object.entries(more)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  };
  const run = (options = {}, log = silentLogger) => migrate(db.connectionString, log, { folder, ...options });
  await write(files);
  return { db, folder, write, run };
}

const table = { "migrations/001_things.sql": "create table reprise.things (id integer);" };

function fn(name: string, args: string, body = "select 1", returns = "integer"): Record<string, string> {
  return {
    [`engine/${name}.sql`]: `create or replace function reprise_engine.${name}(${args})
      returns ${returns} language sql stable as $$ ${body} $$;
      comment on function reprise_engine.${name} is 'A function.';`,
  };
}

async function signatures(db: TestDatabase): Promise<string[]> {
  const { rows } = await db.pool.query<{ signature: string }>(
    "select oid::regprocedure::text as signature from pg_proc where pronamespace = 'reprise_engine'::regnamespace",
  );
  return rows.map(({ signature }) => signature.replace("reprise_engine.", "")).sort();
}

describe("migrate", () => {
  it("applies each migration once and the functions when they change", async () => {
    const { db, run, write } = await aProject({ ...table, ...fn("one", "") });
    assert.deepEqual(await run(), { applied: ["migrations/001_things.sql"], isCodeReplaced: true });
    assert.deepEqual(await run(), { applied: [], isCodeReplaced: false });
    await write(fn("one", "", "select 2"));
    assert.deepEqual(await run(), { applied: [], isCodeReplaced: true });
    assert.deepEqual((await db.pool.query("select * from reprise_engine.one()")).rows, [{ one: 2 }]);
  });

  it("says in one line that the database is up to date, and nothing when it was", async () => {
    const { run } = await aProject({ ...table, ...fn("one", "") });
    const said: unknown[] = [];
    const log = pino({ base: null, timestamp: false }, { write: (line) => said.push(JSON.parse(line)) });
    await run({}, log);
    await run({}, log);
    assert.deepEqual(said, [
      { level: 30, migrations: 1, isCodeReplaced: true, msg: "the database is up to date" },
    ]);
  });

  it("refuses a migration that was edited after it was applied", async () => {
    const { run, write } = await aProject(table);
    await run();
    await write({ "migrations/001_things.sql": "create table reprise.other (id integer);" });
    await assert.rejects(run(), {
      code: "RP409",
      reason: "migration_edited",
      message: /001_things\.sql was edited/,
    });
  });

  it("refuses a new migration before one that is applied", async () => {
    const { run, write } = await aProject({ "migrations/002_b.sql": "select" });
    await run();
    await write({ "migrations/001_a.sql": "select" });
    await assert.rejects(run(), { reason: "migration_out_of_order" });
  });

  it("refuses a database that a later version has migrated", async () => {
    const { db, run, write } = await aProject(table);
    await run();
    await db.pool.query("update reprise_meta.code set version = '99.0.0'");
    await write(fn("one", ""));
    await assert.rejects(run(), { reason: "database_is_newer" });
  });

  it("takes back a migration that fails, and says where", async () => {
    const { db, run } = await aProject({
      "migrations/001_a.sql": "create table reprise.a ();\nselect\n  nonsense;",
    });
    await assert.rejects(run(), {
      message: /^sql\/migrations\/001_a\.sql:3: column "nonsense" does not exist\.$/,
    });
    const { rows } = await db.pool.query("select to_regclass('reprise.a') as found");
    assert.deepEqual(rows, [{ found: null }]);
  });

  it("drops the old signature of a function, also where a view uses it", async () => {
    const view = "create or replace view reprise_api.shown as select one.* from reprise_engine.one(a => 1);";
    const { db, run, write } = await aProject({
      ...table,
      ...fn("one", "a integer"),
      "views/shown.sql": view,
    });
    await run();
    await write(fn("one", "a integer, b text default 'b'"));
    await run();
    assert.deepEqual(await signatures(db), ["one(integer,text)"]);
    assert.equal((await db.pool.query("select * from reprise_api.shown")).rowCount, 1);
  });

  it("replaces a function whose result or argument names have changed", async () => {
    const { db, run, write } = await aProject(fn("one", "a integer"));
    await run();
    await write(fn("one", "b integer", "select 'text'", "text"));
    await run();
    assert.deepEqual((await db.pool.query("select * from reprise_engine.one(b => 1)")).rows, [
      { one: "text" },
    ]);
  });

  it("drops what no file defines any more, and leaves the rest as it is", async () => {
    const { db, folder, run } = await aProject({
      ...fn("stays", ""),
      ...fn("goes", "", "select reprise_engine.stays()"),
    });
    await run();
    const oid = () => db.pool.query("select 'reprise_engine.stays'::regproc::oid as oid");
    const before = (await oid()).rows;
    await rm(join(folder, "engine/goes.sql"));
    await run();
    assert.deepEqual(await signatures(db), ["stays()"]);
    assert.deepEqual((await oid()).rows, before);
  });

  it("needs no order among files that use each other", async () => {
    const { db, run } = await aProject({
      "engine/a.sql":
        "create or replace function reprise_engine.a() returns setof reprise_api.v language sql stable as 'select * from reprise_api.v';",
      "views/v.sql": "create or replace view reprise_api.v as select reprise_engine.b() as b;",
      "engine/b.sql":
        "create or replace function reprise_engine.b() returns integer language sql stable as 'select 1';",
    });
    await run();
    assert.deepEqual((await db.pool.query("select * from reprise_engine.a()")).rows, [{ b: 1 }]);
  });

  it("waits for nobody for long, and tries again", async () => {
    const view = (text: string) => ({ "views/v.sql": `create or replace view reprise_api.v as ${text};` });
    const { db, run, write } = await aProject(view("select 1 as a"));
    await run();
    const holder = await db.connect();
    await holder.query("begin; select from reprise_api.v");
    await write(view("select 2 as a"));
    let refused = 0;
    const log: Logger = Object.assign(silentLogger.child({}), { warn: () => (refused += 1) });
    const running = run({ lockTimeoutMs: 20 }, log);
    await until(() => refused > 0, { what: "a try that gave up" });
    await holder.query("rollback");
    assert.deepEqual(await running, { applied: [], isCodeReplaced: true });
  });

  it("brings tables and functions in one step to whoever calls meanwhile", async () => {
    const put = (type: string) =>
      `create or replace function reprise_engine.put(given ${type}) returns table (kept ${type}) language plpgsql as $$ begin
        return query insert into reprise.things (kept) values (put.given) returning things.kept;
      end $$`;
    const { db, run, write } = await aProject({
      "migrations/001_things.sql": "create table reprise.things (kept jsonb);",
      "engine/put.sql": put("jsonb"),
    });
    await run();
    const call = (given: unknown) =>
      callOne(db.pool, "reprise_engine.put" as FunctionName, { given: JSON.stringify(given) } as never);
    assert.deepEqual(await call({ a: 1 }), { kept: { a: 1 } });

    const holder = await db.connect();
    await holder.query("begin; select from reprise.things");
    await write({
      "migrations/002_json.sql": "alter table reprise.things alter column kept type json;",
      "engine/put.sql": put("json"),
    });
    const running = run();
    await until(() => hasWaiting(db, "lock table%"), { what: "the migration to wait" });
    const calls = [call({ b: 1 }), call({ b: 2 })];
    await until(() => hasWaiting(db, "%reprise_engine.put%"), { what: "a call to wait behind it" });
    await holder.query("rollback");
    assert.deepEqual(await Promise.all(calls), [{ kept: { b: 1 } }, { kept: { b: 2 } }]);
    assert.deepEqual((await running).applied, ["migrations/002_json.sql"]);
    assert.deepEqual(await call({ b: 3, a: 2 }), { kept: { b: 3, a: 2 } });
  });

  it("takes the tables back too where the functions that belong to them cannot be made", async () => {
    const { db, run, write } = await aProject({ ...table, ...fn("one", "") });
    await run();
    await write({
      "migrations/002_more.sql": "alter table reprise.things add column more integer;",
      "views/v.sql": "create or replace view reprise_api.v as select nonsense;",
    });
    await assert.rejects(run(), { message: /^sql\/views\/v\.sql:1: column "nonsense" does not exist\.$/ });
    const { rows } = await db.pool.query(
      "select attname from pg_attribute where attrelid = 'reprise.things'::regclass and attnum > 0",
    );
    assert.deepEqual(rows, [{ attname: "id" }]);
    assert.equal((await db.pool.query("select from reprise_meta.migrations")).rowCount, 1);
  });

  it("lets a migration use the labels of a type that another has added with it", async () => {
    const { db, run, write } = await aProject({
      "migrations/001_kinds.sql":
        "create type reprise.kind as enum ('A', 'C');\ncreate table reprise.things (kind reprise.kind);",
    });
    await run();
    await write({
      "migrations/002_b.sql":
        "alter type reprise.kind add value 'B' before 'C';\nalter type reprise.kind add value 'D';",
      "migrations/003_use.sql":
        "create index on reprise.things (kind) where kind = 'B'; insert into reprise.things values ('B'), ('D');",
    });
    await run();
    const { rows } = await db.pool.query(
      "select enum_range(null::reprise.kind)::text as labels, array_agg(kind order by kind)::text as kept from reprise.things",
    );
    assert.deepEqual(rows, [{ labels: "{A,B,C,D}", kept: "{B,D}" }]);
  });

  it("refuses to drop what others have built on a view, and says what that is", async () => {
    const view = (columns: string) => ({
      "views/v.sql": `create or replace view reprise_api.v as select ${columns} from reprise.things;`,
    });
    const { db, run, write } = await aProject({ ...table, ...view("id") });
    await run();
    await db.pool.query(`
      create view public.mine as select * from reprise_api.v;
      create view public.more as select count(*) from public.mine;
      create function public.all_of() returns setof reprise_api.v language sql as 'select * from reprise_api.v'`);
    await write({
      "migrations/002_text.sql":
        "drop view reprise_api.v cascade; alter table reprise.things alter column id type text;",
    });
    await assert.rejects(run(), {
      code: "RP409",
      reason: "views_built_upon",
      message: /would go: function all_of\(\), view mine, view more\.$/,
    });
    assert.equal((await db.pool.query("select * from public.more")).rowCount, 1);

    await db.pool.query("drop view public.mine cascade; drop function public.all_of");
    assert.equal((await run()).isCodeReplaced, true);
    await db.pool.query("create view public.mine as select * from reprise_api.v");
    await write(view("id, 1 as other"));
    await run();
    assert.equal((await db.pool.query("select * from public.mine")).rowCount, 0);
  });

  it("may be run by several processes at once", async () => {
    const { run } = await aProject({ ...table, ...fn("one", "") });
    const reports = await Promise.all([run(), run(), run()]);
    assert.equal(reports.filter((report) => report.applied.length === 1).length, 1);
    assert.equal(reports.filter((report) => report.isCodeReplaced).length, 1);
  });
});

/** Whether a statement of this form waits for a lock. */
async function hasWaiting(db: TestDatabase, form: string): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `select from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' and query like $1 and pid <> pg_backend_pid()`,
    [form],
  );
  return rowCount !== 0;
}

describe("describePending", () => {
  it("says what a database lacks", async () => {
    const { db, folder, run, write } = await aProject(table);
    const pending = () => describePending(db.pool, folder);
    assert.deepEqual(await pending(), [
      "sql/migrations/001_things.sql is not applied.",
      "The functions are not those of this version.",
    ]);
    await run();
    assert.deepEqual(await pending(), []);
    await write({ "migrations/001_things.sql": "select" });
    assert.match((await pending()).join(" "), /001_things\.sql was edited/);
  });
});
