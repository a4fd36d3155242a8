import "./quiet-graphile.ts";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createApiPool } from "../../graphql/api-pool.ts";
import { printApiSchema } from "../../graphql/print-schema.ts";
import { silentLogger } from "../../src/base/log.ts";
import { migrate } from "../../src/db/migrate.ts";
import { testDatabase } from "../support/database.ts";

const db = await testDatabase();

/** Runs a statement as a role, and gives the SQLSTATE of its error. */
async function tryAs(role: string, statement: string): Promise<string | undefined> {
  return await db.inTransaction(async (client) => {
    await client.query(`set local role ${role}`);
    return await client.query(statement).then(
      () => undefined,
      (error: { code: string }) => error.code,
    );
  });
}

const denied = "42501";

describe("reprise_graphql", () => {
  it("reads the views and nothing else", async () => {
    const views = [
      "flows",
      "flow_revisions",
      "tasks",
      "executions",
      "task_runs",
      "attempts",
      "logs",
      "files",
      "workers",
    ];
    for (const view of views)
      assert.equal(await tryAs("reprise_graphql", `select * from reprise_api.${view}`), undefined);
    const { rows } = await db.pool.query<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
      where n.nspname in ('reprise', 'reprise_meta', 'graphile_worker') and c.relkind in ('r', 'p', 'v')`,
    );
    assert.ok(rows.length > 10);
    for (const { name } of rows)
      assert.equal(await tryAs("reprise_graphql", `select * from ${name}`), denied, name);
  });

  it("writes nothing", async () => {
    for (const statement of [
      "insert into reprise.flows (namespace, id) values ('a', 'b')",
      "update reprise_api.executions set state = 'SUCCESS'",
      "delete from reprise_api.executions",
      "truncate reprise.executions",
      "create table reprise_api.mine ()",
      "create table reprise.mine ()",
    ]) {
      assert.equal(await tryAs("reprise_graphql", statement), denied, statement);
    }
  });

  it("calls the verbs, and no part of the engine", async () => {
    const { rows } = await db.pool.query<{ name: string; schema: string; may: boolean }>(
      `select p.oid::regprocedure::text as name, n.nspname as schema, has_function_privilege('reprise_graphql', p.oid, 'EXECUTE') as may
      from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
      where n.nspname in ('reprise_api', 'reprise_engine')`,
    );
    assert.ok(rows.length > 60);
    // The views call one, as whoever reads them: it knows no more than what it is given.
    const mayBeCalled = (name: string, schema: string) =>
      schema === "reprise_api" || name === "reprise_engine.mask_secrets(json)";
    for (const { name, schema, may } of rows) assert.equal(may, mayBeCalled(name, schema), name);
    assert.equal(await tryAs("reprise_graphql", "select reprise_engine.clock()"), denied);
  });
});

describe("the schema", () => {
  it("has nothing of what the narrow role was not granted", async () => {
    const other = await testDatabase();
    const api = createApiPool({ connectionString: other.connectionString, size: 1 }, silentLogger);
    try {
      assert.match(await printApiSchema(api), /purgeExecutions\(.*replayPlan\(.*type Worker /s);
      await other.pool.query(`
        revoke execute on function reprise_api.purge_executions, reprise_api.replay_plan from reprise_graphql;
        revoke select on reprise_api.workers from reprise_graphql
      `);
      const schema = await printApiSchema(api);
      assert.doesNotMatch(schema, /purgeExecutions\(|replayPlan\(|workers?[(:]|type Worker /);
      assert.match(schema, /killExecution\(/);
      await other.pool.query("revoke execute on all functions in schema reprise_api from reprise_graphql");
      assert.doesNotMatch(await printApiSchema(api), /type Mutation/);
    } finally {
      await api.end();
    }
  });
});

describe("other roles", () => {
  it("may nothing", async () => {
    await db.pool.query(
      "do $$ begin create role reprise_test_nobody nologin; exception when duplicate_object then null; end $$",
    );
    assert.equal(await tryAs("reprise_test_nobody", "select * from reprise_api.executions"), denied);
    assert.equal(await tryAs("reprise_test_nobody", "select reprise_api.purge_executions()"), denied);
    assert.equal(await tryAs("reprise_test_nobody", "select reprise_engine.clock()"), denied);
  });
});

describe("grants.sql", () => {
  it("can be run by several databases of a cluster at the same moment", async () => {
    const others = await Promise.all([1, 2, 3].map(() => testDatabase({ isEmpty: true })));
    await Promise.all(others.map(({ connectionString }) => migrate(connectionString, silentLogger)));
    for (const { pool } of others) {
      const { rows } = await pool.query(
        "select has_table_privilege('reprise_graphql', 'reprise_api.flows', 'SELECT') as may",
      );
      assert.deepEqual(rows, [{ may: true }]);
    }
  });

  it("lets an owner that is no superuser migrate, with roles that it makes itself or was given", async () => {
    const other = await testDatabase({ isEmpty: true });
    await other.pool.query(`
      create role reprise_test_owner login password 'owner';
      grant reprise_graphql, reprise_worker to reprise_test_owner;
    `);
    try {
      await other.pool.query(`
        do $$ begin execute format('grant create on database %I to reprise_test_owner', current_database()); end $$
      `);
      const url = new URL(other.connectionString);
      url.username = "reprise_test_owner";
      url.password = "owner";
      await migrate(url.href, silentLogger);
      const { rows } = await other.pool.query(
        "select has_table_privilege('reprise_graphql', 'reprise_api.flows', 'SELECT') as may",
      );
      assert.deepEqual(rows, [{ may: true }]);
    } finally {
      await other.drop();
      await db.pool.query("drop role reprise_test_owner");
    }
  });
});
