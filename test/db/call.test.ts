import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type pg from "pg";
import { callMany, callOne, type FunctionName } from "../../src/db/call.ts";
import { testDatabase } from "../support/database.ts";

const db = await testDatabase();

/** Functions of this test alone, which `generated.ts` does not know. */
function named(name: string): FunctionName {
  return `reprise_engine.${name}` as FunctionName;
}

async function define(sql: string): Promise<void> {
  await db.pool.query(`create function reprise_engine.${sql}`);
}

describe("callOne", () => {
  it("gives the value of a function that returns one", async () => {
    assert.ok((await callOne(db.pool, "reprise_engine.clock", {})) instanceof Date);
  });

  it("gives undefined for a function that returns nothing", async () => {
    await define("test_void() returns void language sql as ''");
    assert.equal(await callOne(db.pool, named("test_void"), {} as never), undefined);
  });

  it("gives undefined for an empty set", async () => {
    assert.equal(await callOne(db.pool, "reprise_engine.read_tasks", { task_keys: [] }), undefined);
  });

  it("leaves out arguments that are undefined, so that their defaults count", async () => {
    await define("test_default(a integer default 7) returns integer language sql as 'select a'");
    assert.equal(await callOne(db.pool, named("test_default"), { a: undefined } as never), 7);
  });

  it("writes lists and texts as JSON where JSON is wanted, and as arrays elsewhere", async () => {
    const set = (document: unknown, value: unknown) =>
      callOne(db.pool, "reprise_engine.set_nested", { document, path: ["a", "b"], value });
    assert.deepEqual(await set({ a: { c: 1 } }, ["x", 'quo"te']), { a: { b: ["x", 'quo"te'], c: 1 } });
    assert.deepEqual(await set({}, "text"), { a: { b: "text" } });
  });

  it("works inside of a transaction", () =>
    db.inTransaction(async (client) => {
      await client.query("set local reprise.now = '2026-01-01 00:00Z'");
      assert.deepEqual(await callOne(client, "reprise_engine.clock", {}), new Date("2026-01-01T00:00:00Z"));
    }));

  it("asks anew when a function has changed what it returns", async () => {
    await define("test_change() returns table (a integer, b integer) language sql as 'select 1, 2'");
    assert.deepEqual(await callOne(db.pool, named("test_change"), {} as never), { a: 1, b: 2 });
    await db.pool.query("drop function reprise_engine.test_change");
    await define("test_change() returns table (a integer, c text) language sql as $$ select 1, 'x' $$");
    assert.deepEqual(await callOne(db.pool, named("test_change"), {} as never), { a: 1, c: "x" });
  });

  it("asks anew when a function has changed what it takes", async () => {
    await define("test_take(given jsonb) returns text language sql as 'select given::text'");
    const ask = () => callOne(db.pool, named("test_take"), { given: '{"b":1,"a":2}' } as never);
    assert.equal(await ask(), '{"a": 2, "b": 1}');
    await db.pool.query("drop function reprise_engine.test_take");
    await define("test_take(given json) returns text language sql as 'select given::text'");
    assert.equal(await ask(), '{"b":1,"a":2}');
  });
});

describe("what a function raises", () => {
  before(async () => {
    await define(`test_raise(detail text) returns void language plpgsql as $$ begin
      raise exception 'It is so.' using errcode = 'RP409', detail = test_raise.detail, hint = 'Do this.';
    end $$`);
  });

  it("comes as a RepriseError with its reason and hint", async () => {
    await assert.rejects(callOne(db.pool, named("test_raise"), { detail: "because" } as never), {
      name: "RepriseError",
      code: "RP409",
      reason: "because",
      message: "It is so.",
      hint: "Do this.",
    });
  });

  it("may carry details behind the reason", async () => {
    await assert.rejects(callOne(db.pool, named("test_raise"), { detail: 'because {"a": [1]}' } as never), {
      reason: "because",
      details: { a: [1] },
    });
  });

  it("stays as it is when it is not ours", async () => {
    await define("test_zero() returns integer language sql as 'select 1 / 0'");
    await assert.rejects(callOne(db.pool, named("test_zero"), {} as never), { code: "22012" });
  });
});

describe("composite values", () => {
  it("are read, nested and in lists", async () => {
    // The plan of a replay holds a list of tasks: `select` builds one as the function would return it.
    const task = `row('a "quoted", \\ (task)', array['x', null, 'y,z'], 'CARRIED', '', null, 'why', 'SUCCESS', 1,
      9007199254740993, 2, 1, '018f0000-0000-7000-8000-000000000000', 1500, '{}', false, 4, 1)::reprise.replay_plan_task`;
    await replaceBody(db.pool, "dispose_tasks", `array[${task}, null]`);
    const tasks = await callOne(db.pool, named("dispose_tasks"), await nulls(db.pool, "dispose_tasks"));
    assert.deepEqual(tasks, [
      {
        task_id: 'a "quoted", \\ (task)',
        iteration_path: ["x", null, "y,z"],
        disposition: "CARRIED",
        reason: "",
        because_of: null,
        explanation: "why",
        state: "SUCCESS",
        task_key: 1,
        task_run_id: "9007199254740993",
        attempt_id: "2",
        attempt_number: 1,
        execution_id: "018f0000-0000-7000-8000-000000000000",
        duration_ms: "1500",
        changed_keys: [],
        is_overridden: false,
        iteration: 4,
        around: 1,
      },
      null,
    ]);
  });
});

describe("callMany", () => {
  it("gives all rows", async () => {
    await define("test_rows(n integer) returns setof integer language sql as 'select generate_series(1, n)'");
    assert.deepEqual(await callMany(db.pool, named("test_rows"), { n: 3 } as never), [1, 2, 3]);
  });
});

/** Lets a function of ours return the expression, keeping its signature. */
async function replaceBody(pool: pg.Pool, name: string, expression: string): Promise<void> {
  const { rows } = await pool.query<{ args: string; result: string }>(
    `select pg_get_function_arguments(oid) as args, pg_get_function_result(oid) as result
     from pg_proc where proname = $1`,
    [name],
  );
  await pool.query(`create or replace function reprise_engine.${name}(${rows[0]?.args})
    returns ${rows[0]?.result} language sql as $body$ select ${expression} $body$`);
}

async function nulls(pool: pg.Pool, name: string): Promise<never> {
  const { rows } = await pool.query<{ names: string[] }>(
    "select coalesce(proargnames, '{}') as names from pg_proc where proname = $1",
    [name],
  );
  return Object.fromEntries((rows[0]?.names ?? []).map((argument) => [argument, null])) as never;
}
