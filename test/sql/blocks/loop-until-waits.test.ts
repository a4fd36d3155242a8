import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, linesOf, log } from "./block-flows.ts";
import { aLoop, countOf, doneIn } from "./loop-flows.ts";

const db = await testDatabase();

/** A loop over `a` and `b` that has gone through them once, and waits for its second iteration. */
async function aWaitingLoop(client: ClientBase): Promise<{ id: string; worker: HandWorker }> {
  const body = aLoop("checkFrequency: { interval: PT10S }", `, ${log("b")}`);
  const id = await anExecution(client, await aBlockFlow(client, body));
  const worker = await aHandWorker(client);
  await worker.drain(doneIn(2), { rounds: 4 });
  return { id, worker };
}

/** How the loop of an execution stands. */
async function standOf(client: ClientBase, id: string): Promise<unknown> {
  const { rows } = await client.query(
    `select l.due_at is not null as is_waiting, l.iteration_count
    from reprise.loops as l join reprise.task_runs as r on r.id = l.task_run_id where r.execution_id = $1`,
    [id],
  );
  return rows[0];
}

const isThrough = ["l SUCCESS", "a SUCCESS", "b SUCCESS", "z SUCCESS", "= SUCCESS"];

describe("a LoopUntil that waits for its next iteration", () => {
  it("shows what the last one has made until the next one begins", () =>
    db.inTransaction(async (client) => {
      const { id, worker } = await aWaitingLoop(client);
      assert.deepEqual(await linesOf(client, id), ["l RUNNING", "a SUCCESS", "b SUCCESS", "= RUNNING"]);
      const { rows } = await client.query(
        "select outputs from reprise_api.task_runs where execution_id = $1 and task_id = 'a'",
        [id],
      );
      assert.deepEqual(rows, [{ outputs: { done: false } }]);
      await client.query(
        "select set_config('reprise.now', (reprise_engine.clock() + interval '10 seconds')::text, true)",
      );
      await callOne(client, "reprise_engine.wake_due", {});
      assert.deepEqual(await linesOf(client, id), ["l RUNNING", "a CREATED", "= RUNNING"]);
      await worker.drain(doneIn(2));
      assert.deepEqual(await linesOf(client, id), isThrough);
      assert.deepEqual(await countOf(client, id), { iterationCount: 2 });
    }));

  it("does not wait where its interval is zero", () =>
    db.inTransaction(async (client) => {
      const body = aLoop("checkFrequency: { interval: PT0S }", `, ${log("b")}`);
      const id = await anExecution(client, await aBlockFlow(client, body));
      const worker = await aHandWorker(client);
      await worker.drain(doneIn(3), { rounds: 4 });
      assert.deepEqual(await standOf(client, id), { is_waiting: false, iteration_count: 2 });
      assert.deepEqual(await linesOf(client, id), ["l RUNNING", "a CREATED", "= RUNNING"]);
      await worker.drain(doneIn(3));
      assert.deepEqual(await linesOf(client, id), isThrough);
      assert.deepEqual(await countOf(client, id), { iterationCount: 3 });
    }));

  it("waits for nobody who is replaying it, and is woken like others then", async () => {
    const [client, other] = [await db.pool.connect(), await db.pool.connect()];
    try {
      const body = aLoop("checkFrequency: { interval: PT0S }", `, ${log("b")}`);
      const id = await anExecution(client, await aBlockFlow(client, body));
      const worker = await aHandWorker(client);
      await worker.drain(doneIn(2), { rounds: 3 });
      await other.query("begin");
      await aReplay(other, id, { anchors: ["task:a"] });
      await worker.drain(doneIn(2), { rounds: 1 });
      assert.deepEqual(await standOf(client, id), { is_waiting: true, iteration_count: 2 });
      await other.query("rollback");
      await callOne(client, "reprise_engine.wake_due", {});
      assert.deepEqual(await standOf(client, id), { is_waiting: false, iteration_count: 2 });
      await worker.drain(doneIn(2));
      assert.deepEqual(await linesOf(client, id), isThrough);
    } finally {
      client.release();
      other.release();
    }
  });

  for (const anchor of ["a", "b"]) {
    it(`is replayed from \`${anchor}\`, in the iteration that it shows`, () =>
      db.inTransaction(async (client) => {
        const { id, worker } = await aWaitingLoop(client);
        const plan = await aPlan(client, id, { anchors: [`task:${anchor}`] });
        assert.deepEqual(
          plan.tasks.map(({ task_id, disposition, reason }) => `${task_id} ${disposition} ${reason}`),
          [
            "l REOPENED around",
            anchor === "a" ? "a RERUN anchor" : "a UNKNOWN until",
            anchor === "a" ? "b RERUN after" : "b RERUN anchor",
            "z RERUN after",
          ],
        );
        const replay = await aReplay(client, id, { anchors: [`task:${anchor}`] });
        await worker.drain({ a: { outputs: { done: true } } });
        for (const one of [id, replay.id]) assert.deepEqual(await linesOf(client, one), isThrough);
        assert.deepEqual(await countOf(client, id), { iterationCount: 2 });
        assert.deepEqual(await countOf(client, replay.id), { iterationCount: anchor === "a" ? 1 : 2 });
      }));
  }

  it("counts on where it was, when it is replayed, and its original has gone on before that begins", () =>
    db.inTransaction(async (client) => {
      const { id, worker } = await aWaitingLoop(client);
      await callOne(client, "reprise_api.kill_execution", { execution_id: id, actor: null });
      const replay = await aReplay(client, id, { anchors: ["task:b"] });
      await callOne(client, "reprise_api.restart_execution", { execution_id: id, actor: null });
      await worker.drain(doneIn(3));
      for (const one of [id, replay.id]) {
        assert.deepEqual(await linesOf(client, one), isThrough);
        assert.deepEqual(await countOf(client, one), { iterationCount: 3 });
      }
    }));

  it("asks once more when it is restarted, and does not count what did not begin", () =>
    db.inTransaction(async (client) => {
      const { id, worker } = await aWaitingLoop(client);
      await callOne(client, "reprise_api.kill_execution", { execution_id: id, actor: null });
      await callOne(client, "reprise_api.restart_execution", { execution_id: id, actor: null });
      await worker.drain(doneIn(2), { rounds: 1 });
      assert.deepEqual(await linesOf(client, id), ["l RUNNING", "a SUCCESS", "b SUCCESS", "= RUNNING"]);
      assert.deepEqual(await countOf(client, id), { iterationCount: 2 });
      await worker.drain(doneIn(2));
      assert.deepEqual(await linesOf(client, id), isThrough);
      assert.deepEqual(await countOf(client, id), { iterationCount: 2 });
    }));
});
