import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne, type FunctionName } from "../../src/db/call.ts";
import { type TestDatabase, until } from "../support/database.ts";
import { aProject, fn, table } from "./a-project.ts";

describe("migrate, in a database that is in use", () => {
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
      reason: "built_upon",
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

  it("refuses to change a function that others have built on, and says what that is", async () => {
    const { db, run, write } = await aProject(fn("one", "a integer"));
    await run();
    await db.pool.query("create view public.mine as select * from reprise_engine.one(1)");
    await write(fn("one", "a integer, b integer default 1"));
    await assert.rejects(run(), {
      code: "RP409",
      reason: "built_upon",
      message: /^cannot drop function .*: view mine depends on function reprise_engine\.one\(integer\)\.$/,
    });
    assert.deepEqual((await db.pool.query("select * from public.mine")).rows, [{ one: 1 }]);
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
