import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anEndedExecution, anExecution, executionOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, linesOf, log } from "../blocks/block-flows.ts";
import { childrenOf, subflow } from "./subflow-flows.ts";

const db = await testDatabase();

const purge = async (client: ClientBase, ...execution_ids: string[]) =>
  (await callOne(client, "reprise_api.purge_executions", { execution_ids })).purged_count;

async function aParent(client: ClientBase) {
  const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
  return await aBlockFlow(client, `tasks: [${subflow("s", child)}]`);
}

describe("purging", () => {
  it("a parent leaves its child, by itself", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aParent(client));
      const [child] = await childrenOf(client, id);
      assert.equal(await purge(client, id), 1);
      const { state, parent_task_run_id } = await executionOf(client, child?.id as string);
      assert.deepEqual([state, parent_task_run_id], ["SUCCESS", null]);
      assert.equal(await purge(client, child?.id as string), 1);
    }));

  it("a child leaves what its parent has of it", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aParent(client));
      const [child] = await childrenOf(client, id);
      assert.equal(await purge(client, child?.id as string), 1);
      const runs = await taskRunsOf(client, id);
      assert.deepEqual(runs.s?.outputs, { executionId: child?.id, state: "SUCCESS" });
    }));

  it("a child waits until its parent has heard of its end", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aParent(client));
      const worker = await aHandWorker(client);
      await worker.drain({}, { rounds: 2 });
      const [child] = await childrenOf(client, id);
      assert.equal(child?.state, "SUCCESS");
      assert.equal(await purge(client, child.id), 0);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["s SUCCESS", "= SUCCESS"]);
      assert.equal(await purge(client, id, child.id), 2);
    }));

  it("a child that failed leaves a restart to start another", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aParent(client), { x: "FAILED" });
      const [child] = await childrenOf(client, id);
      assert.equal(await purge(client, child?.id as string), 1);
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await linesOf(client, id), ["s SUCCESS", "= SUCCESS"]);
      assert.notEqual((await childrenOf(client, id))[0]?.id, child?.id);
    }));
});
