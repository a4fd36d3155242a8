import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callMany, callOne } from "../../src/db/call.ts";
import { aFlow } from "../support/a-flow.ts";
import { aRace, outcomeOf } from "../support/a-race.ts";
import { anEndedExecution, anExecution, aReplay, statesOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aHandWorker, type HandWorker } from "../support/hand-worker.ts";

const db = await testDatabase();

/** The hands of a worker on another connection. */
async function handsOf<T>(client: ClientBase, work: (worker: HandWorker) => Promise<T>): Promise<T> {
  return await work(await aHandWorker(client));
}

/** An ended execution whose task `b` failed: `failed` is a place to replay it from. */
async function aFailed(client: ClientBase): Promise<string> {
  return await anEndedExecution(client, await aFlow(client, ["a", "b"]), { b: "FAILED" });
}

const replaysOf = async (id: string) =>
  (await db.pool.query("select id from reprise.executions where original_id = $1", [id])).rows.map(
    (row) => row.id,
  );

describe("two replays at once with one idempotency key", () => {
  it("are one replay, which both are given", async () => {
    const client = await db.connect();
    const original = await aFailed(client);
    const idempotency_key = randomUUID();
    const replay = (one: ClientBase) => aReplay(one, original, { anchors: ["failed"], idempotency_key });
    const { first, second } = await aRace(db, replay, replay);
    assert.equal(outcomeOf(second).id, first.id);
    assert.deepEqual(await replaysOf(original), [first.id]);
  });

  it("are one replay also when the first of them is rolled back", async () => {
    const client = await db.connect();
    const original = await aFailed(client);
    const idempotency_key = randomUUID();
    const replay = (one: ClientBase) => aReplay(one, original, { anchors: ["failed"], idempotency_key });
    const { first, second } = await aRace(db, replay, replay, "rollback");
    assert.notEqual(outcomeOf(second).id, first.id);
    assert.deepEqual(await replaysOf(original), [outcomeOf(second).id]);
  });

  it("are refused the second time when they ask for something else", async () => {
    const client = await db.connect();
    const original = await aFailed(client);
    const idempotency_key = randomUUID();
    const { first, second } = await aRace(
      db,
      (one) => aReplay(one, original, { anchors: ["failed"], idempotency_key }),
      (two) => aReplay(two, original, { anchors: ["start"], idempotency_key }),
    );
    await assert.rejects(async () => outcomeOf(second), { code: "RP409", reason: "idempotency_key_reused" });
    assert.deepEqual(await replaysOf(original), [first.id]);
  });

  it("are one however many come", async () => {
    const client = await db.connect();
    const original = await aFailed(client);
    const idempotency_key = randomUUID();
    const replays = await Promise.all(
      Array.from({ length: 8 }, () => aReplay(db.pool, original, { anchors: ["failed"], idempotency_key })),
    );
    assert.deepEqual([...new Set(replays.map(({ id }) => id))], await replaysOf(original));
  });
});

/** An execution whose task `a` runs at a worker. */
async function aRunning(tasks = ["a", "b"]) {
  const client = await db.connect();
  const id = await anExecution(client, await aFlow(client, tasks));
  const worker = await aHandWorker(client);
  const [begun] = await worker.begin((await taskRunsOf(client, id)).a?.id as string);
  return { id, workerId: worker.id, attemptId: begun?.attempt_id as string };
}

const kill = async (client: ClientBase, execution_id: string) =>
  await callOne(client, "reprise_api.kill_execution", { execution_id });

const finish = async (client: ClientBase, worker_id: number, attemptIds: string[], room = 0) =>
  await callOne(client, "reprise_engine.finish_attempts", {
    worker_id,
    attempt_ids: attemptIds,
    outcomes: attemptIds.map(() => "SUCCESS" as const),
    outputs: attemptIds.map(() => ({ value: 1 })),
    errors: attemptIds.map(() => null),
    room,
    accepted: ["test.Task"],
  });

describe("a kill and the end of a task at once", () => {
  it("ends the execution killed when the kill comes first, and keeps what the task made", async () => {
    const { id, workerId, attemptId } = await aRunning();
    const { first, second } = await aRace(
      db,
      (one) => kill(one, id),
      (two) => finish(two, workerId, [attemptId], 1),
    );
    assert.equal(first.state, "KILLING");
    assert.equal(outcomeOf(second), undefined);
    assert.deepEqual(await statesOf(db.pool, id), { execution: "KILLED", a: "SUCCESS" });
    assert.deepEqual((await taskRunsOf(db.pool, id)).a?.outputs, { value: 1 });
  });

  it("kills what the end of the task has opened when that comes first", async () => {
    const { id, workerId, attemptId } = await aRunning();
    const { second } = await aRace(
      db,
      (one) => finish(one, workerId, [attemptId]),
      (two) => kill(two, id),
    );
    assert.equal(outcomeOf(second).state, "KILLED");
    assert.deepEqual(await statesOf(db.pool, id), { execution: "KILLED", a: "SUCCESS", b: "KILLED" });
  });

  it("waits for what the end of the task has begun when that comes first", async () => {
    const { id, workerId, attemptId } = await aRunning();
    const { first, second } = await aRace(
      db,
      (one) => finish(one, workerId, [attemptId], 1),
      (two) => kill(two, id),
    );
    assert.equal(outcomeOf(second).state, "KILLING");
    await finish(await db.connect(), workerId, [first?.attempt_id as string]);
    assert.deepEqual(await statesOf(db.pool, id), { execution: "KILLED", a: "SUCCESS", b: "SUCCESS" });
  });

  it("refuses the kill of an execution that the task has just ended", async () => {
    const { id, workerId, attemptId } = await aRunning(["a"]);
    const { second } = await aRace(
      db,
      (one) => finish(one, workerId, [attemptId]),
      (two) => kill(two, id),
    );
    await assert.rejects(async () => outcomeOf(second), { code: "RP409", reason: "execution_ended" });
    assert.deepEqual(await statesOf(db.pool, id), { execution: "SUCCESS", a: "SUCCESS" });
  });
});

describe("two workers that begin one task run", () => {
  it("get it once", async () => {
    const client = await db.connect();
    const id = await anExecution(client, await aFlow(client, ["a"]));
    const taskRunId = (await taskRunsOf(client, id)).a?.id as string;
    const begin = (one: ClientBase) => handsOf(one, (worker) => worker.begin(taskRunId));
    const { first, second } = await aRace(db, begin, begin);
    assert.deepEqual([first.length, outcomeOf(second).length], [1, 0]);
    assert.deepEqual((await taskRunsOf(client, id)).a?.attempts, ["1 RUNNING"]);
  });

  it("get it once also when the first of them gives up", async () => {
    const client = await db.connect();
    const id = await anExecution(client, await aFlow(client, ["a"]));
    const taskRunId = (await taskRunsOf(client, id)).a?.id as string;
    const begin = (one: ClientBase) => handsOf(one, (worker) => worker.begin(taskRunId));
    const { second } = await aRace(db, begin, begin, "rollback");
    assert.equal(outcomeOf(second).length, 1);
    assert.deepEqual((await taskRunsOf(client, id)).a?.attempts, ["1 RUNNING"]);
  });
});

describe("a worker that stops while it begins a task run", () => {
  async function aWaiting() {
    const client = await db.connect();
    const id = await anExecution(client, await aFlow(client, ["a"]));
    return {
      id,
      worker: await aHandWorker(client),
      taskRunId: (await taskRunsOf(client, id)).a?.id as string,
    };
  }
  const begin = (worker: HandWorker, taskRunId: string) => (client: ClientBase) =>
    callMany(client, "reprise_engine.begin_attempts", { worker_id: worker.id, task_run_ids: [taskRunId] });
  const stop = (worker: HandWorker) => (client: ClientBase) =>
    callOne(client, "reprise_engine.stop_worker", { worker_id: worker.id });

  it("gives away what it had just begun", async () => {
    const { id, worker, taskRunId } = await aWaiting();
    const { first } = await aRace(db, begin(worker, taskRunId), stop(worker));
    assert.equal(first.length, 1);
    assert.deepEqual((await taskRunsOf(db.pool, id)).a?.attempts, ["1 RESUBMITTED"]);
  });

  it("gets nothing when it had already stopped", async () => {
    const { id, worker, taskRunId } = await aWaiting();
    const { second } = await aRace(db, stop(worker), begin(worker, taskRunId));
    assert.deepEqual(outcomeOf(second), []);
    assert.deepEqual((await taskRunsOf(db.pool, id)).a?.state, "CREATED");
  });
});

describe("transitions of many executions at once, in opposite orders", () => {
  // Enough for the second to be in the middle when the first begins.
  const MANY = 60;

  async function manyRunning() {
    const client = await db.connect();
    const flow = await aFlow(client, ["a", "b", "c"]);
    const ids: string[] = [];
    for (let count = 0; count < MANY; count += 1) ids.push(await anExecution(client, flow));
    const { rows } = await client.query<{ id: string }>(
      "select id from reprise.task_runs where execution_id = any ($1) order by id",
      [ids],
    );
    const worker = await aHandWorker(client);
    const begun = await worker.begin(...rows.map(({ id }) => id));
    return { ids, worker, attempts: begun.map(({ attempt_id }) => attempt_id) };
  }

  const attemptsOf = async (ids: string[]) =>
    (
      await db.pool.query<{ state: string; count: number }>(
        `select a.state, count(*)::integer
        from reprise.attempts as a
        join reprise.task_runs as r on r.id = a.task_run_id
        where r.execution_id = any ($1)
        group by a.state`,
        [ids],
      )
    ).rows;

  it("do not deadlock, and count each result once", async () => {
    const { ids, worker, attempts } = await manyRunning();
    const [one, two] = [await db.connect(), await db.connect()];
    let running = attempts;
    for (let task = 0; task < 3; task += 1) {
      await Promise.all([
        finish(one, worker.id, running, MANY),
        finish(two, worker.id, running.toReversed(), MANY),
      ]);
      const { rows } = await db.pool.query<{ id: string }>(
        "select id from reprise.attempts where worker_id = $1 and state = 'RUNNING' order by id",
        [worker.id],
      );
      running = rows.map(({ id }) => id);
      assert.equal(running.length, task < 2 ? MANY : 0);
    }
    assert.deepEqual(await attemptsOf(ids), [{ state: "SUCCESS", count: 3 * MANY }]);
    const { rows } = await db.pool.query(
      "select distinct state from reprise.executions where id = any ($1)",
      [ids],
    );
    assert.deepEqual(rows, [{ state: "SUCCESS" }]);
  });

  it("do not deadlock when results meet a take-over of their worker", async () => {
    const { ids, worker, attempts } = await manyRunning();
    const [one, two] = [await db.connect(), await db.connect()];
    await Promise.all([
      finish(one, worker.id, attempts.toReversed()),
      callOne(two, "reprise_engine.stop_worker", { worker_id: worker.id }),
    ]);
    // Whoever was first: each attempt either counted or was given away, and every execution goes on.
    const states = await attemptsOf(ids);
    assert.equal(
      states.reduce((sum, { count }) => sum + count, 0),
      MANY,
    );
    assert.ok(states.every(({ state }) => ["SUCCESS", "RESUBMITTED"].includes(state)));
    const { rowCount } = await db.pool.query(
      "select from reprise.task_runs where execution_id = any ($1) and state = 'CREATED'",
      [ids],
    );
    assert.equal(rowCount, MANY);
  });
});
