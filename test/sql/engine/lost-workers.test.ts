import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { aFlow, type TaskSpec } from "../../support/a-flow.ts";
import { anExecution, executionOf, statesOf, taskRunsOf, travelTo } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandWorker } from "../../support/hand-worker.ts";

const db = await testDatabase();

/** Workers of tests are as old as the clock says, and Postgres gives everybody some seconds after its start. */
const at = (seconds: number) => new Date(Date.parse("2100-01-01T00:00:00Z") + seconds * 1000);
const reap = async (client: ClientBase) => await callOne(client, "reprise_engine.reap_lost_workers", {});

/** An execution whose task `a` runs at a worker that was last heard of at second 0. */
async function aRunning(client: ClientBase, task: TaskSpec = { id: "a" }) {
  await travelTo(client, at(0));
  const id = await anExecution(client, await aFlow(client, [task, "b"]));
  const worker = await aHandWorker(client);
  const taskRunId = (await taskRunsOf(client, id)).a?.id as string;
  const [begun] = await worker.begin(taskRunId);
  return { id, worker, taskRunId, attemptId: begun?.attempt_id as string };
}

/** A new worker takes the task run, and is lost with it. */
async function loseAgain(client: ClientBase, taskRunId: string, second: number): Promise<HandWorker> {
  await travelTo(client, at(second));
  const worker = await aHandWorker(client);
  assert.equal((await worker.begin(taskRunId)).length, 1);
  await travelTo(client, at(second + 5));
  assert.deepEqual(await reap(client), [worker.id]);
  return worker;
}

const jobsOf = async (client: ClientBase, taskRunId: string) =>
  (await client.query("select locked_by from graphile_worker.jobs where key = $1", [`task_run:${taskRunId}`]))
    .rows;

describe("reprise_engine.reap_lost_workers", () => {
  it("gives what a dead worker ran to others: another attempt, no try", () =>
    db.inTransaction(async (client) => {
      const { id, worker, taskRunId } = await aRunning(client);
      await travelTo(client, at(2));
      assert.deepEqual(await reap(client), [worker.id]);
      const { a } = await taskRunsOf(client, id);
      assert.deepEqual(
        [a?.state, a?.attempt_number, a?.try, a?.attempts],
        ["CREATED", 1, 0, ["1 RESUBMITTED"]],
      );
      assert.equal((await jobsOf(client, taskRunId)).length, 1);

      const other = await aHandWorker(client);
      await other.drain();
      const after = await taskRunsOf(client, id);
      assert.deepEqual([after.a?.attempts, after.a?.try], [["1 RESUBMITTED", "2 SUCCESS"], 1]);
      assert.equal((await executionOf(client, id)).state, "SUCCESS");
    }));

  it("leaves a worker alone for two beats", () =>
    db.inTransaction(async (client) => {
      const { id } = await aRunning(client);
      await travelTo(client, at(0.9));
      assert.deepEqual(await reap(client), []);
      assert.equal((await taskRunsOf(client, id)).a?.state, "RUNNING");
    }));

  it("leaves a worker alone that beats", () =>
    db.inTransaction(async (client) => {
      const { worker } = await aRunning(client);
      await travelTo(client, at(10));
      assert.equal(
        await callOne(client, "reprise_engine.beat", { worker_id: worker.id, running_attempt_count: 1 }),
        true,
      );
      assert.deepEqual(await reap(client), []);
    }));

  it("leaves a worker alone whose session lock is held, however late its beats", async () => {
    const session = await db.connect();
    await db.inTransaction(async (client) => {
      const { worker } = await aRunning(client);
      await session.query("select pg_advisory_lock(20290, $1)", [worker.id]);
      await travelTo(client, at(600));
      assert.deepEqual(await reap(client), []);
      await session.query("select pg_advisory_unlock_all()");
      assert.deepEqual(await reap(client), [worker.id]);
    });
    await session.end();
  });

  it("leaves everybody alone for a moment after a start of Postgres", () =>
    db.inTransaction(async (client) => {
      const { rows } = await client.query<{ at: Date }>(
        "select min(backend_start) as at from pg_stat_activity",
      );
      const started = rows[0]?.at.getTime() ?? 0;
      await travelTo(client, new Date(started - 3_600_000));
      const worker = await aHandWorker(client);
      await travelTo(client, new Date(started + 3_900));
      assert.deepEqual(await reap(client), []);
      await travelTo(client, new Date(started + 4_100));
      assert.deepEqual(await reap(client), [worker.id]);
    }));

  it("tells a worker that comes back that it was given up, and discards what it brings", () =>
    db.inTransaction(async (client) => {
      const { id, worker, attemptId } = await aRunning(client);
      await travelTo(client, at(5));
      await reap(client);
      assert.equal(
        await callOne(client, "reprise_engine.beat", { worker_id: worker.id, running_attempt_count: 1 }),
        false,
      );
      const before = await taskRunsOf(client, id);
      assert.deepEqual(await worker.finish([{ attemptId, outputs: { late: true } }], 1), []);
      assert.deepEqual(await taskRunsOf(client, id), before);
    }));

  it("gives nothing more to a worker that was given up and does not know it yet", () =>
    db.inTransaction(async (client) => {
      const { id, worker, taskRunId } = await aRunning(client);
      await travelTo(client, at(5));
      await reap(client);
      assert.deepEqual(await worker.begin(taskRunId), []); // It has not beaten yet.
      assert.equal((await taskRunsOf(client, id)).a?.state, "CREATED");
    }));

  it("ends what is being killed", () =>
    db.inTransaction(async (client) => {
      const { id } = await aRunning(client);
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await travelTo(client, at(5));
      await reap(client);
      assert.deepEqual(await statesOf(client, id), { execution: "KILLED", a: "KILLED" });
    }));

  it("removes the files that the lost attempt was storing", () =>
    db.inTransaction(async (client) => {
      const { attemptId } = await aRunning(client);
      await client.query(
        `insert into reprise.files (id, uri, name, chunk_size, attempt_id, created_at)
        values (gen_random_uuid(), 'kestra:///x', 'x', 1, $1, now())`,
        [attemptId],
      );
      await travelTo(client, at(5));
      await reap(client);
      assert.equal((await client.query("select from reprise.files")).rowCount, 0);
    }));

  it("fails a task whose workers are lost three times in a row, and says so", () =>
    db.inTransaction(async (client) => {
      const { id, taskRunId } = await aRunning(client, { id: "a", retry: { maxAttempts: 9 } });
      await travelTo(client, at(5));
      await reap(client);
      await loseAgain(client, taskRunId, 10);
      await loseAgain(client, taskRunId, 20);
      const { a } = await taskRunsOf(client, id);
      assert.deepEqual(a?.attempts, ["1 RESUBMITTED", "2 RESUBMITTED", "3 RESUBMITTED"]);
      assert.partialDeepStrictEqual(a?.error, { reason: "worker_lost_repeatedly" });
      assert.deepEqual(await statesOf(client, id), { execution: "FAILED", a: "FAILED" });
    }));

  it("counts anew after an attempt that was not lost", () =>
    db.inTransaction(async (client) => {
      const { id, taskRunId } = await aRunning(client, {
        id: "a",
        retry: { maxAttempts: 9, intervalMs: 1 },
      });
      await travelTo(client, at(5));
      await reap(client);
      await loseAgain(client, taskRunId, 10);
      await travelTo(client, at(20));
      const worker = await aHandWorker(client);
      const [begun] = await worker.begin(taskRunId);
      await worker.finish([{ attemptId: begun?.attempt_id as string, state: "FAILED" }]);
      await callOne(client, "reprise_engine.stop_worker", { worker_id: worker.id });
      await loseAgain(client, taskRunId, 30);
      await loseAgain(client, taskRunId, 40);
      assert.equal((await taskRunsOf(client, id)).a?.state, "CREATED");
    }));

  it("counts anew after a restart", () =>
    db.inTransaction(async (client) => {
      const { id, taskRunId } = await aRunning(client);
      await travelTo(client, at(5));
      await reap(client);
      await loseAgain(client, taskRunId, 10);
      await loseAgain(client, taskRunId, 20);
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await loseAgain(client, taskRunId, 30);
      await loseAgain(client, taskRunId, 40);
      assert.equal((await taskRunsOf(client, id)).a?.state, "CREATED");
      await loseAgain(client, taskRunId, 50);
      assert.equal((await taskRunsOf(client, id)).a?.state, "FAILED");
    }));
});

describe("reprise_engine.stop_worker", () => {
  const stop = async (client: ClientBase, worker: HandWorker) =>
    await callOne(client, "reprise_engine.stop_worker", { worker_id: worker.id });

  it("gives back what the worker runs, at once", () =>
    db.inTransaction(async (client) => {
      const { id, worker } = await aRunning(client);
      await stop(client, worker);
      assert.deepEqual((await taskRunsOf(client, id)).a?.attempts, ["1 RESUBMITTED"]);
      const { rows } = await client.query("select state from reprise.workers where id = $1", [worker.id]);
      assert.deepEqual(rows, [{ state: "STOPPED" }]);
      await (await aHandWorker(client)).drain();
      assert.equal((await executionOf(client, id)).state, "SUCCESS");
    }));

  it("never fails a task, however often its workers are stopped", () =>
    db.inTransaction(async (client) => {
      const { id, worker, taskRunId } = await aRunning(client);
      await stop(client, worker);
      for (let time = 0; time < 4; time += 1) {
        const next = await aHandWorker(client);
        await next.begin(taskRunId);
        await stop(client, next);
      }
      assert.equal((await taskRunsOf(client, id)).a?.state, "CREATED");
    }));
});

describe("reprise_engine.release_attempts", () => {
  it("gives up what the worker does not know of, once it is not young any more", () =>
    db.inTransaction(async (client) => {
      const { id, worker, attemptId } = await aRunning(client);
      const release = (held: string[]) =>
        callOne(client, "reprise_engine.release_attempts", { worker_id: worker.id, held });
      await release([]);
      assert.equal((await taskRunsOf(client, id)).a?.state, "RUNNING");
      await travelTo(client, at(4));
      await release([attemptId]);
      assert.equal((await taskRunsOf(client, id)).a?.state, "RUNNING");
      await release([]);
      assert.deepEqual((await taskRunsOf(client, id)).a?.attempts, ["1 RESUBMITTED"]);
    }));
});
