import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callMany, callOne } from "../../../src/db/call.ts";
import { aFlow } from "../../support/a-flow.ts";
import { anEndedExecution, anExecution, statesOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";

const db = await testDatabase();
const kill = async (client: ClientBase, id: string) =>
  await callOne(client, "reprise_api.kill_execution", { execution_id: id });

async function aRunning(client: ClientBase) {
  const id = await anExecution(client, await aFlow(client, ["a", "b"]));
  const worker = await aHandWorker(client);
  const [begun] = await worker.begin((await taskRunsOf(client, id)).a?.id as string);
  return { id, worker, attemptId: begun?.attempt_id as string };
}

describe("reprise_api.kill_execution", () => {
  it("ends at once what has nothing running, and what waited does not begin", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, ["a", "b"]));
      assert.equal((await kill(client, id)).state, "KILLED");
      const { a } = await taskRunsOf(client, id);
      assert.equal(a?.state, "KILLED");
      assert.deepEqual(await (await aHandWorker(client)).begin(a?.id as string), []);
    }));

  it("waits for what runs, and opens nothing behind it", () =>
    db.inTransaction(async (client) => {
      const { id, worker, attemptId } = await aRunning(client);
      assert.equal((await kill(client, id)).state, "KILLING");
      assert.equal((await taskRunsOf(client, id)).a?.state, "RUNNING");
      await worker.finish(
        [{ attemptId, state: "KILLED", error: { reason: "killed", message: "Killed." } }],
        1,
      );
      assert.deepEqual(await statesOf(client, id), { execution: "KILLED", a: "KILLED" });
    }));

  it("is KILLED also when what ran went through or failed", () =>
    db.inTransaction(async (client) => {
      for (const state of ["SUCCESS", "FAILED"] as const) {
        const { id, worker, attemptId } = await aRunning(client);
        await kill(client, id);
        await worker.finish([{ attemptId, state }], 1);
        assert.deepEqual(await statesOf(client, id), { execution: "KILLED", a: state });
      }
    }));

  it("does not retry what fails while it is killed", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, [{ id: "a", retry: { maxAttempts: 5 } }]));
      const worker = await aHandWorker(client);
      const [begun] = await worker.begin((await taskRunsOf(client, id)).a?.id as string);
      await kill(client, id);
      await worker.finish([{ attemptId: begun?.attempt_id as string, state: "FAILED" }]);
      assert.deepEqual(await statesOf(client, id), { execution: "KILLED", a: "KILLED" });
    }));

  it("takes a failure as it is when no try was left", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, [{ id: "a", retry: { maxAttempts: 1 } }]));
      const worker = await aHandWorker(client);
      const [begun] = await worker.begin((await taskRunsOf(client, id)).a?.id as string);
      await kill(client, id);
      await worker.finish([{ attemptId: begun?.attempt_id as string, state: "FAILED" }]);
      assert.deepEqual(await statesOf(client, id), { execution: "KILLED", a: "FAILED" });
    }));

  it("ends a retry that waits", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, [{ id: "a", retry: { maxAttempts: 5 } }]);
      const id = await anEndedExecution(client, flow, { a: "FAILED" }, { rounds: 1 });
      await kill(client, id);
      assert.deepEqual(await statesOf(client, id), { execution: "KILLED", a: "KILLED" });
    }));

  it("may be repeated while it is KILLING", () =>
    db.inTransaction(async (client) => {
      const { id } = await aRunning(client);
      await kill(client, id);
      assert.equal((await kill(client, id)).state, "KILLING");
    }));

  it("refuses what has ended, and what is not there", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a"]));
      await client.query("savepoint given");
      await assert.rejects(kill(client, id), { code: "RP409", reason: "execution_ended" });
      await client.query("rollback to given");
      await assert.rejects(kill(client, "00000000-0000-7000-8000-000000000000"), {
        code: "RP404",
        reason: "execution_not_found",
      });
    }));

  it("lets a worker find what it has to stop", () =>
    db.inTransaction(async (client) => {
      const { id, worker, attemptId } = await aRunning(client);
      const other = await aRunning(client);
      const find = () =>
        callMany(client, "reprise_engine.find_killed_attempts", {
          worker_id: worker.id,
          attempt_ids: [attemptId, other.attemptId],
        });
      assert.deepEqual(await find(), [{ attempt_id: other.attemptId, is_held: false }]);
      await kill(client, id);
      assert.deepEqual(
        (await find()).sort((a, b) => Number(a.attempt_id) - Number(b.attempt_id)),
        [
          { attempt_id: attemptId, is_held: true },
          { attempt_id: other.attemptId, is_held: false },
        ],
      );
    }));
});
