import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Logger, silentLogger } from "../../src/base/log.ts";
import { packageRoot } from "../../src/base/version.ts";
import { callOne } from "../../src/db/call.ts";
import { openWorkerPools } from "../../src/worker/worker-pool.ts";
import { aDoomedWorker, endDoomedWorkers } from "../support/a-doomed-worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, executionOf, statesOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase, until } from "../support/database.ts";
import { aGate } from "../support/gates.ts";
import { aWorkerFlow, historiesOf, untilEnded, untilRunning } from "../support/worker-flows.ts";

const db = await testDatabase();
// Users belong to the whole cluster, which other tests share, and go with it.
const user = `reprise_test_${randomBytes(6).toString("hex")}`;
const connectionString = Object.assign(new URL(db.connectionString), {
  username: user,
  password: "narrow",
}).href;

before(() => db.pool.query(`create role ${user} login password 'narrow' in role reprise_worker`));
after(endDoomedWorkers);

/** Runs a statement as the role, in a transaction that is rolled back, and gives the SQLSTATE of its error. */
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

describe("the role reprise_worker", () => {
  it("may call what workers call, and nothing else", async () => {
    const called = globSync("src/{worker,storage}/*.ts", { cwd: packageRoot })
      .flatMap((file) => [
        ...readFileSync(join(packageRoot, file), "utf8").matchAll(/"reprise_engine\.(\w+)"/g),
      ])
      .map(([, name]) => name as string);
    const { rows } = await db.pool.query<{ name: string }>(
      `select p.proname as name
      from pg_proc as p
      join pg_namespace as n on n.oid = p.pronamespace and n.nspname ~ '^reprise'
      where has_function_privilege('reprise_worker', p.oid, 'EXECUTE')`,
    );
    assert.deepEqual(rows.map(({ name }) => name).sort(), [...new Set(called)].sort());
  });

  it("may touch no table of ours, and of graphile-worker's only what taking jobs needs", async () => {
    const { rows } = await db.pool.query<{ right: string }>(
      `select concat_ws(' ', c.oid::regclass, string_agg(lower(privilege), ', ' order by privilege)) as right
      from pg_class as c
      join pg_namespace as n on n.oid = c.relnamespace and n.nspname ~ '^(reprise|graphile_worker)'
      cross join unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) as privilege
      where c.relkind in ('r', 'p', 'v') and has_table_privilege('reprise_worker', c.oid, privilege)
      group by c.oid`,
    );
    assert.deepEqual(rows.map(({ right }) => right).sort(), [
      "graphile_worker._private_job_queues select, update",
      "graphile_worker._private_jobs delete, select, update",
      "graphile_worker._private_known_crontabs select",
      "graphile_worker._private_tasks insert, select",
      "graphile_worker.migrations select",
      "reprise_meta.code select",
    ]);
  });

  it("may not change what is there", async () => {
    for (const statement of [
      "drop table reprise.executions",
      "truncate graphile_worker._private_jobs",
      "alter table graphile_worker._private_jobs disable row level security",
      "create table reprise.mine ()",
      "create or replace function reprise_engine.beat(worker_id integer) returns boolean language sql return true",
      "select * from reprise_api.executions",
      "select graphile_worker.add_job('any')",
      "select reprise_api.kill_execution(gen_random_uuid())",
    ]) {
      assert.equal(await tryAs("reprise_worker", statement), denied, statement);
    }
  });
});

describe("a worker whose user has only the role reprise_worker", () => {
  it("runs flows from their defaults to their outputs, with retries, files, logs and progress", async () => {
    const complaints: unknown[] = [];
    const complain = (...said: unknown[]) => complaints.push(said);
    const log: Logger = Object.assign(silentLogger.child({}), { warn: complain, error: complain });
    await using _worker = await aWorker(connectionString, { log });
    const flow = await aWorkerFlow(
      db.pool,
      `
inputs: [{ id: name, type: STRING, defaults: "{{ 'A' ~ 'da' }}" }]
tasks:
  - { id: fails, type: test.FailFirst, times: 1, retry: { type: constant, interval: PT0.01S, maxAttempts: 2 } }
  - { id: stores, type: test.Store, text: "{{ inputs.name }}" }
  - { id: says, type: test.Say, text: "{{ outputs.stores.read }}" }
outputs: [{ id: said, type: STRING, value: "{{ outputs.says.text }}" }]`,
    );
    const id = await anExecution(db.pool, flow);
    await untilEnded(db.pool, id);
    const { state, outputs } = await executionOf(db.pool, id);
    assert.deepEqual([state, outputs], ["SUCCESS", { said: "Ada" }]);
    assert.deepEqual((await taskRunsOf(db.pool, id)).fails?.attempts, ["1 FAILED", "2 SUCCESS"]);
    const { rows } = await db.pool.query(
      "select message from reprise_api.logs where execution_id = $1 and task_id = 'says'",
      [id],
    );
    assert.deepEqual(rows, [{ message: "says Ada" }]);
    assert.deepEqual(complaints, []);
  });

  it("stops what is killed", async () => {
    await using _worker = await aWorker(connectionString);
    const flow = await aWorkerFlow(db.pool, `tasks: [{ id: a, type: test.Block, until: "${aGate().file}" }]`);
    const id = await anExecution(db.pool, flow);
    await untilRunning(db.pool, id, "a");
    await callOne(db.pool, "reprise_api.kill_execution", { execution_id: id });
    await untilEnded(db.pool, id);
    assert.deepEqual(await statesOf(db.pool, id), { execution: "KILLED", a: "KILLED" });
  });

  it("takes over from dead ones, gives jobs to what has none, and makes the partitions of the logs", async () => {
    const gate = aGate();
    const flow = await aWorkerFlow(db.pool, `tasks: [{ id: a, type: test.Block, until: "${gate.file}" }]`);
    const victim = await aDoomedWorker(connectionString);
    const id = await anExecution(db.pool, flow);
    await untilRunning(db.pool, id, "a");
    await using heir = await aWorker(connectionString);
    await victim.signal("SIGKILL");
    assert.equal((await untilRunning(db.pool, id, "a", 2)).workerId, heir.id());

    const waiting = await db.inTransaction(async (client) => {
      const created = await anExecution(client, flow);
      await client.query("delete from graphile_worker._private_jobs where locked_at is null");
      await client.query("commit");
      return created;
    });
    gate.open();
    await untilEnded(db.pool, id, waiting);
    assert.deepEqual(await historiesOf(db.pool, [id, waiting]), {
      "SUCCESS, try 1: 1 RESUBMITTED, 2 SUCCESS": 1,
      "SUCCESS, try 1: 1 SUCCESS": 1,
    });
    const partitions = async () =>
      (await db.pool.query("select from pg_class where relname ~ '^logs_\\d{8}$'")).rowCount === 7;
    await until(partitions, { what: "the partitions of a week" });
  });

  it("says goodbye when it stops", async () => {
    const worker = await aWorker(connectionString);
    await worker[Symbol.asyncDispose]();
    const { rows } = await db.pool.query("select state from reprise.workers where id = $1", [worker.id()]);
    assert.deepEqual(rows, [{ state: "STOPPED" }]);
  });
});

describe("the connections of a worker", () => {
  const roleOf = async (address: string) => {
    await using pools = await openWorkerPools({ connectionString: address, size: 1 }, silentLogger);
    const { rows } = await pools.db.query<{ role: string }>("select current_user as role");
    return rows[0]?.role;
  };

  it("take the narrow role, also when the owner connects", async () => {
    assert.equal(await roleOf(connectionString), "reprise_worker");
    assert.equal(await roleOf(db.connectionString), "reprise_worker");
  });

  it("are refused to a user who may not do what workers do, with what an administrator runs", async () => {
    const stranger = `${user}_stranger`;
    await db.pool.query(`create role ${stranger} login password 'narrow'`);
    try {
      const address = Object.assign(new URL(connectionString), { username: stranger }).href;
      await assert.rejects(roleOf(address), {
        code: "RP403",
        reason: "role_missing",
        hint: `As an administrator: grant reprise_worker to ${stranger};`,
      });
    } finally {
      await db.pool.query(`drop role ${stranger}`);
    }
  });
});
