import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import { aDoomedWorker, endDoomedWorkers } from "../support/a-doomed-worker.ts";
import { anExecution, executionOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase, until } from "../support/database.ts";
import { dumpOf } from "../support/dump.ts";
import { aGate } from "../support/gates.ts";
import { aWorkerFlow, historiesOf, untilEnded, untilRunning } from "../support/worker-flows.ts";

const db = await testDatabase();
afterEach(endDoomedWorkers);

const aFlow = async (text: string) => await aWorkerFlow(db.pool, text);
const blocking = async (file: string) =>
  await aFlow(`tasks: [{ id: a, type: test.Block, until: "${file}" }, { id: b, type: test.Say, text: b }]`);

async function workerOf(id: number): Promise<{ state: string; isLate: boolean }> {
  const { rows } = await db.pool.query<{ state: string; isLate: boolean }>(
    `select state, now() - greatest(heartbeat_at, pg_postmaster_start_time() + interval '3 seconds')
      > 4 * beat_ms * interval '1 millisecond' as "isLate"
    from reprise.workers where id = $1`,
    [id],
  );
  return rows[0] as { state: string; isLate: boolean };
}

/** After its own start, Postgres gives everybody a moment before anybody counts as dead. */
const untilReaped = async () =>
  await until(
    async () => {
      const { rows } = await db.pool.query<{ isOver: boolean }>(
        `select now() - pg_postmaster_start_time() > interval '4 seconds' as "isOver"`,
      );
      return rows[0]?.isOver;
    },
    { what: "Postgres to have run for a moment" },
  );

describe("a worker that is killed in the middle of its tasks", () => {
  it("is replaced within seconds: another attempt, no try, nothing twice", async () => {
    await untilReaped();
    const gate = aGate();
    const flow = await blocking(gate.file);
    const victim = await aDoomedWorker(db.connectionString);
    const ids = await Promise.all(Array.from({ length: 10 }, () => anExecution(db.pool, flow)));
    for (const id of ids) await untilRunning(db.pool, id, "a");
    const heir = await aDoomedWorker(db.connectionString);

    await victim.signal("SIGKILL");
    const killedAt = performance.now();
    for (const id of ids) assert.equal((await untilRunning(db.pool, id, "a", 2)).pid, heir.pid);
    // The promise is two seconds, on a machine that has time; this one may be busy with other tests.
    assert.ok(performance.now() - killedAt < 5_000, "it took longer than five seconds");

    gate.open();
    await untilEnded(db.pool, ...ids);
    assert.deepEqual(await historiesOf(db.pool, ids), {
      "SUCCESS, try 1: 1 RESUBMITTED, 2 SUCCESS": 10,
      "SUCCESS, try 1: 1 SUCCESS": 10,
    });
    for (const id of ids) {
      assert.deepEqual((await taskRunsOf(db.pool, id)).a?.outputs, { attempt: 2, pid: heir.pid });
      assert.equal((await executionOf(db.pool, id)).state, "SUCCESS");
    }
    await until(async () => (await db.pool.query("select from graphile_worker.jobs")).rowCount === 0, {
      what: "no job to be left behind",
    });
    const { rows } = await db.pool.query("select pid, state from reprise.workers order by id");
    assert.deepEqual(rows, [
      { pid: victim.pid, state: "LOST" },
      { pid: heir.pid, state: "RUNNING" },
    ]);
  });

  it("leaves its work to whoever starts next", async () => {
    const gate = aGate();
    const victim = await aDoomedWorker(db.connectionString);
    const id = await anExecution(db.pool, await blocking(gate.file));
    await untilRunning(db.pool, id, "a");
    await victim.signal("SIGKILL");

    gate.open();
    await aDoomedWorker(db.connectionString);
    await untilEnded(db.pool, id);
    assert.deepEqual((await taskRunsOf(db.pool, id)).a?.attempts, ["1 RESUBMITTED", "2 SUCCESS"]);
  });
});

describe("a job table that is emptied", () => {
  const emptyJobs = "delete from graphile_worker._private_jobs";

  it("loses no work: what runs, what waits, and what is to be tried again all ends", async () => {
    const gate = aGate();
    const flows = {
      running: await blocking(gate.file),
      retrying: await aFlow(`
tasks: [{ id: a, type: test.FailFirst, times: 1, retry: { type: constant, interval: PT1S, maxAttempts: 2 } }]`),
      waiting: await aFlow("tasks: [{ id: a, type: test.Say, text: a }, { id: b, type: test.Say, text: b }]"),
    };
    await aDoomedWorker(db.connectionString);
    const running = await anExecution(db.pool, flows.running);
    await untilRunning(db.pool, running, "a");
    const retrying = await anExecution(db.pool, flows.retrying);
    await until(async () => (await taskRunsOf(db.pool, retrying)).a?.state === "RETRYING");

    // In one transaction, so that no worker ever sees the jobs of those that wait.
    const client = await db.connect();
    await client.query("begin");
    const waiting: string[] = [];
    for (let count = 0; count < 20; count += 1) waiting.push(await anExecution(client, flows.waiting));
    await client.query(emptyJobs);
    await client.query("commit");
    gate.open();

    await untilEnded(db.pool, running, retrying, ...waiting);
    assert.deepEqual(await historiesOf(db.pool, [running, ...waiting]), { "SUCCESS, try 1: 1 SUCCESS": 42 });
    assert.deepEqual(await historiesOf(db.pool, [retrying]), { "SUCCESS, try 2: 1 FAILED, 2 SUCCESS": 1 });
  });
});

describe("a worker that is stopped in its tracks past its beats", () => {
  it("is not taken for dead while its session lives, and goes on where it was", async () => {
    const gate = aGate();
    const sleeper = await aDoomedWorker(db.connectionString);
    const id = await anExecution(db.pool, await blocking(gate.file));
    const { workerId } = await untilRunning(db.pool, id, "a");
    await aDoomedWorker(db.connectionString); // Somebody who would take over.
    await sleeper.signal("SIGSTOP");

    await until(async () => (await workerOf(workerId)).isLate, { what: "its beats to be missed" });
    assert.deepEqual(await callOne(db.pool, "reprise_engine.reap_lost_workers", {}), []);
    assert.equal((await workerOf(workerId)).state, "RUNNING");

    gate.open();
    await sleeper.signal("SIGCONT");
    await untilEnded(db.pool, id);
    await until(async () => !(await workerOf(workerId)).isLate, { what: "it to beat again" });
    assert.equal((await workerOf(workerId)).state, "RUNNING");
    const { a } = await taskRunsOf(db.pool, id);
    assert.deepEqual([a?.attempts, a?.outputs], [["1 SUCCESS"], { attempt: 1, pid: sleeper.pid }]);
  });
});

describe("a worker that was taken for dead and comes back", () => {
  /** Takes the worker's session away, as a firewall or a dying network does. */
  const breakSession = async (workerId: number) =>
    await db.pool.query(
      `select pg_terminate_backend(l.pid) from pg_locks as l
      where l.locktype = 'advisory' and l.classid = 20290 and l.objid = $1
        and l.database = (select oid from pg_database where datname = current_database())`,
      [workerId],
    );

  /** Its line is in the table: what it said before it was stopped may come late, and would be a change. */
  const untilSaid = async (attemptId: string) =>
    await until(
      async () =>
        (await db.pool.query("select from reprise.logs where attempt_id = $1", [attemptId])).rowCount,
      { what: "the attempt to say that it blocks" },
    );

  it("changes nothing by what it brings, and starts over", async () => {
    // Each attempt has a gate of its own, so that the old one ends while the new one runs.
    const gate = aGate();
    const zombie = await aDoomedWorker(db.connectionString);
    const id = await anExecution(db.pool, await blocking(`${gate.file}-{{ taskrun.attemptsCount }}`));
    const first = await untilRunning(db.pool, id, "a");
    await untilSaid(first.attemptId);
    await zombie.signal("SIGSTOP");
    await breakSession(first.workerId);
    const heir = await aDoomedWorker(db.connectionString);
    const second = await untilRunning(db.pool, id, "a", 2);
    assert.equal(second.pid, heir.pid);
    await untilSaid(second.attemptId);
    const before = await dumpOf(db.pool, id);

    gate.open("0");
    await zombie.signal("SIGCONT");
    const registered = async () => {
      const { rows } = await db.pool.query<{ id: number }>(
        "select id from reprise.workers where pid = $1 and state = 'RUNNING'",
        [zombie.pid],
      );
      return rows[0]?.id;
    };
    const newId = await until(registered, { what: "it to start over" });
    assert.notEqual(newId, first.workerId);
    // Should its report have been lost on the way, here is another.
    await callOne(db.pool, "reprise_engine.finish_attempts", {
      worker_id: first.workerId,
      attempt_ids: [first.attemptId],
      outcomes: ["SUCCESS"],
      outputs: [{ late: true }],
      errors: [null],
    });
    assert.deepEqual(await dumpOf(db.pool, id), before);

    gate.open("1");
    await untilEnded(db.pool, id);
    const { a } = await taskRunsOf(db.pool, id);
    assert.deepEqual(
      [a?.attempts, a?.outputs],
      [["1 RESUBMITTED", "2 SUCCESS"], { attempt: 2, pid: heir.pid }],
    );

    await heir.signal("SIGKILL");
    const next = await anExecution(db.pool, await blocking(`${gate.file}-1`));
    await untilEnded(db.pool, next);
    assert.partialDeepStrictEqual((await taskRunsOf(db.pool, next)).a?.outputs, { pid: zombie.pid });
  });
});
