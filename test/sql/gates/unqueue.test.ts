import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aGatedFlow, historyOf, someExecutions, statesOfAll } from "./gate-flows.ts";

const db = await testDatabase();
const one = "concurrency: { limit: 1 }";

/** Runs one execution to its end. */
async function end(client: ClientBase, id: string) {
  await (await aHandWorker(client)).drain({}, { waits: (other) => other !== id });
}

describe("reprise_api.unqueue_execution", () => {
  const unqueue = async (
    client: ClientBase,
    execution_id: string,
    state?: "CANCELLED" | "FAILED" | "KILLED",
  ) => await callOne(client, "reprise_api.unqueue_execution", { execution_id, ...(state && { state }) });

  it("starts what waits, over the limit", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, one);
      const [first = "", second = "", third = ""] = await someExecutions(client, flow, 3);
      assert.equal((await unqueue(client, third)).state, "RUNNING");
      await end(client, third);
      assert.deepEqual(await statesOfAll(client, [second]), ["QUEUED"]);
      await end(client, first);
      assert.deepEqual(await statesOfAll(client, [first, second, third]), ["SUCCESS", "RUNNING", "SUCCESS"]);
    }));

  it("ends what waits as it is told", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, one);
      const [, second = "", third = ""] = await someExecutions(client, flow, 3);
      assert.equal((await unqueue(client, second, "CANCELLED")).state, "CANCELLED");
      assert.equal((await unqueue(client, third, "FAILED")).state, "FAILED");
      assert.deepEqual(await historyOf(client, third), ["CREATED", "QUEUED", "FAILED"]);
    }));

  it("refuses what does not wait, and a state that it cannot give", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, one);
      const [first = "", second = ""] = await someExecutions(client, flow, 2);
      await client.query("savepoint given");
      await assert.rejects(unqueue(client, first), { code: "RP409", reason: "execution_not_queued" });
      await client.query("rollback to given");
      await assert.rejects(unqueue(client, second, "KILLED"), { code: "RP422", reason: "invalid_state" });
    }));
});
