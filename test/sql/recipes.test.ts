import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type pg from "pg";
import { callMany, callOne } from "../../src/db/call.ts";
import { sqlFolder } from "../../src/db/sql-files.ts";
import { readFlow } from "../../src/flow/read-flow.ts";
import { taskTypes } from "../../src/tasks/registry.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

const source = `
id: hello
namespace: company.team
inputs:
  - id: name
    type: STRING
tasks:
  - id: greet
    type: io.kestra.plugin.core.debug.Return
    format: "Hello {{ inputs.name }}"
  - id: to_parquet
    type: io.kestra.plugin.core.debug.Return
    format: "{{ outputs.greet.value }}"
`;

describe("sql/README.md", () => {
  let db: TestDatabase;
  before(async () => {
    db = await testDatabase();
  });

  for (const [index, { title, sql }] of readRecipes().entries()) {
    it(`has a recipe that works: ${title}`, () =>
      db.inTransaction(async (client) => {
        const variables = await aFailedAndARunningExecution(client);
        // The transactions of the recipes are ours already.
        const statements = sql.replaceAll(/^(begin|commit|rollback);$/gm, "");
        const rows = await runAll(client, withVariables(statements, variables));
        // The first row of what a person would look for: nothing here may come back empty but what waits and the purge.
        if (!/waits|Purge/.test(title)) assert.notEqual(rows, 0, `recipe ${index} shows nothing`);
      }));
  }

  it("has a recipe for a label that leaves an execution its others, where it has been replayed too", () =>
    db.inTransaction(async (client) => {
      const { id = "" } = await aFailedAndARunningExecution(client);
      await client.query(
        'update reprise.executions set labels = \'{"team": "x", "system.from": "ui"}\' where id = $1',
        [id],
      );
      await callOne(client, "reprise_api.replay_execution", { execution_id: id, anchors: ["start"] });
      const { rows } = await client.query(withVariables(recipe(/[Ll]abel/), { id }));
      assert.deepEqual(rows[0].labels, { team: "x", reviewed: "yes", "system.from": "ui" });
    }));

  describe("its recipe that replays all that failed", () => {
    const replays: {
      others: string;
      made: Record<string, unknown>[];
      original: "first" | "last" | undefined;
    }[] = [
      { others: "has failed once", made: [], original: "first" },
      { others: "has a failed replay", made: [{ state: "FAILED" }], original: "last" },
      {
        others: "has a good replay behind a bad one",
        made: [{ state: "FAILED" }, { state: "SUCCESS" }],
        original: undefined,
      },
      {
        others: "has a bad replay behind a good one",
        made: [{ state: "WARNING" }, { state: "FAILED" }],
        original: undefined,
      },
      { others: "has a replay that runs", made: [{ state: "RUNNING", ended_at: null }], original: undefined },
    ];
    for (const { others, made, original } of replays)
      it(`takes ${original === undefined ? "nothing" : `the ${original} execution`} of a line that ${others}`, () =>
        db.inTransaction(async (client) => {
          const { id = "" } = await aFailedAndARunningExecution(client);
          const ids = [id];
          for (const changes of made)
            ids.push(
              await aCopy(client, id, {
                ...changes,
                original_id: ids.at(-1),
                root_id: id,
                anchors: [{ anchor: "start" }],
              }),
            );
          const expected = { first: ids.slice(0, 1), last: ids.slice(-1), none: [] }[original ?? "none"];
          assert.deepEqual(await replayedOriginals(client), expected);
        }));

    for (const state of ["FAILED", "SUCCESS"])
      it(`takes ${state === "FAILED" ? "not" : "also"} what an execution that ended in ${state} had started`, () =>
        db.inTransaction(async (client) => {
          const { id = "" } = await aFailedAndARunningExecution(client);
          const { rows } = await client.query("select id from reprise.task_runs where execution_id = $1", [
            id,
          ]);
          const child = await aCopy(client, id, { parent_task_run_id: rows[0].id });
          await client.query("update reprise.executions set state = $2 where id = $1", [id, state]);
          assert.deepEqual(await replayedOriginals(client), [state === "FAILED" ? id : child]);
        }));
  });

  for (const { title, sql } of readRecipes().filter(({ title }) => /^What (is running|waits)/.test(title))) {
    it(`has a recipe that reads nothing of what has ended: ${title}`, () =>
      db.inTransaction(async (client) => {
        const { running } = await aFailedAndARunningExecution(client);
        await client.query(
          `with ended as (
            insert into reprise.executions (id, namespace, flow_id, flow_revision, state, start_date, created_at, ended_at, created_by)
            select gen_random_uuid(), e.namespace, e.flow_id, e.flow_revision, 'SUCCESS', now(), now(), now(), 'test'
            from reprise.executions as e, generate_series(1, 3000)
            where e.id = $1
            returning id, namespace, flow_id, flow_revision
          ), ran as (
            insert into reprise.task_runs (execution_id, task_key, state, attempt_number, created_at, ended_at)
            select e.id, t.key, 'SUCCESS', 1, now(), now()
            from ended as e
            join reprise.tasks as t on t.namespace = e.namespace and t.flow_id = e.flow_id and t.revision = e.flow_revision
            returning id
          )
          insert into reprise.attempts (task_run_id, number, try, state, started_at, ended_at, worker_id)
          select r.id, 1, 1, 'SUCCESS', now(), now(), (select max(w.id) from reprise.workers as w)
          from ran as r`,
          [running],
        );
        await client.query("analyze reprise.executions, reprise.task_runs, reprise.attempts");
        const read = async () => {
          const { rows } = await client.query<{ read: string }>(
            `select sum(seq_tup_read + idx_tup_fetch) as read from pg_stat_xact_user_tables
            where relid in ('reprise.executions'::regclass, 'reprise.task_runs'::regclass, 'reprise.attempts'::regclass)`,
          );
          return Number(rows[0]?.read);
        };
        const before = await read();
        await runAll(client, sql);
        const rows = (await read()) - before;
        assert.ok(rows < 100, `${rows} rows are read`);
      }));
  }
});

/** Every SQL block below "Recipes", with the sentence before it. */
function readRecipes(): { title: string; sql: string }[] {
  const readme = readFileSync(join(sqlFolder, "README.md"), "utf8");
  const [, recipes = ""] = readme.split("## Recipes");
  return [...recipes.matchAll(/([^\n]+):?\n\n```sql\n(.+?)```/gs)].map(([, title = "", sql = ""]) => ({
    title,
    sql,
  }));
}

function recipe(named: RegExp): string {
  const found = readRecipes().find(({ title }) => named.test(title));
  assert.ok(found);
  return found.sql;
}

async function aFailedAndARunningExecution(client: pg.PoolClient): Promise<Record<string, string>> {
  const { flow } = readFlow(source, taskTypes);
  assert.ok(flow);
  await callOne(client, "reprise_engine.save_revision", {
    namespace: flow.namespace,
    flow_id: flow.id,
    source,
    is_disabled: false,
    definition: flow.definition,
    tasks: flow.tasks,
    message: null,
    actor: "test",
  });
  const worker_id = (await callOne(client, "reprise_engine.register_worker", {
    pool_ids: ["recipes"],
    host: "here",
    pid: 1,
    version: "0",
    worker_group: null,
    job_identifiers: ["io.kestra.plugin.core.debug.Return"],
    concurrency: 1,
    beat_ms: 500,
  })) as number;

  const start = async () => {
    const { id } = await callOne(client, "reprise_api.create_execution", {
      namespace: flow.namespace,
      flow_id: flow.id,
      inputs: { name: "you" },
    });
    const { rows } = await client.query("select id from reprise.task_runs where execution_id = $1", [id]);
    const [begun] = await callMany(client, "reprise_engine.begin_attempts", {
      worker_id,
      task_run_ids: [rows[0].id],
    });
    return { id, attemptId: begun?.attempt_id as string };
  };
  const failed = await start();
  await callMany(client, "reprise_engine.finish_attempts", {
    worker_id,
    attempt_ids: [failed.attemptId],
    outcomes: ["FAILED"],
    outputs: [null],
    errors: [{ reason: "test", message: "It failed." }],
  });
  const running = await start();
  return { id: failed.id, running: running.id };
}

/** A copy of an ended execution with its task runs, in which some columns are others. */
async function aCopy(client: pg.PoolClient, id: string, changes: Record<string, unknown>): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into reprise.executions
    select x.*
    from reprise.executions as e
    cross join jsonb_populate_record(e, jsonb_build_object('id', reprise_engine.uuid_v7(clock_timestamp())) || $2) as x
    where e.id = $1
    returning id`,
    [id, JSON.stringify(changes)],
  );
  const copied = rows[0]?.id ?? "";
  await client.query(
    `insert into reprise.task_runs (execution_id, task_key, state, attempt_number, created_at, ended_at)
    select $2, task_key, state, attempt_number, created_at, ended_at from reprise.task_runs where execution_id = $1`,
    [id, copied],
  );
  return copied;
}

/** What the recipe that replays all that failed replays. */
async function replayedOriginals(client: pg.PoolClient): Promise<string[]> {
  const sql = recipe(/^Replay all that failed/).replaceAll(/^(begin|commit);$/gm, "");
  const { rows } = await client.query<{ original: string }>(sql.trim());
  return rows.map(({ original }) => original);
}

function withVariables(sql: string, variables: Record<string, string>): string {
  return sql.replaceAll(/:'(\w+)'/g, (_all, name: string) => {
    const value = variables[name];
    assert.ok(value !== undefined, `the recipe needs ${name}`);
    return `'${value}'`;
  });
}

/** Runs the statements and counts the rows that the last of them shows. */
async function runAll(client: pg.PoolClient, sql: string): Promise<number> {
  const results = (await client.query(sql)) as unknown as pg.QueryResult | pg.QueryResult[];
  const all = Array.isArray(results) ? results : [results];
  return all.reduce((most, { rows }) => Math.max(most, rows?.length ?? 0), 0);
}
