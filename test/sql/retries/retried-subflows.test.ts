import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anEndedExecution, taskRunsOf, travelTo } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "../blocks/block-flows.ts";
import { childrenOf, subflow } from "../subflows/subflow-flows.ts";

const db = await testDatabase();
const retry = (maxAttempts: number) =>
  `retry: { type: constant, interval: PT10S, maxAttempts: ${maxAttempts}, behavior: CREATE_NEW_EXECUTION }`;

/** Runs a parent `s`, `b` whose child has one task, `x`, and is tried up to three times. */
async function aParent(client: ClientBase, script: Script, rounds?: number) {
  const child = await aBlockFlow(client, `${retry(3)}\ntasks: [${log("x")}]`);
  const parent = await aBlockFlow(client, `tasks: [${subflow("s", child)}, ${log("b")}]`);
  return await anEndedExecution(client, parent, script, rounds === undefined ? {} : { rounds });
}

const statesOfChildren = async (client: ClientBase, id: string) =>
  (await childrenOf(client, id)).map(({ state }) => state);

describe("a Subflow whose child is retried as a new execution", () => {
  it("ends with the last of the line, and shows that", () =>
    db.inTransaction(async (client) => {
      const id = await aParent(client, ({ taskId, number }) =>
        taskId === "x" && number === 1 ? "FAILED" : "SUCCESS",
      );
      assert.deepEqual(await linesOf(client, id), ["s SUCCESS", "b SUCCESS", "= SUCCESS"]);
      const children = await childrenOf(client, id);
      assert.deepEqual(
        children.map(({ state }) => state),
        ["RETRIED", "SUCCESS"],
      );
      assert.deepEqual((await taskRunsOf(client, id)).s?.outputs, {
        executionId: children[1]?.id,
        state: "SUCCESS",
      });
    }));

  it("fails when the budget is used up", () =>
    db.inTransaction(async (client) => {
      const id = await aParent(client, { x: "FAILED" });
      assert.deepEqual(await linesOf(client, id), ["s FAILED", "= FAILED"]);
      assert.deepEqual(await statesOfChildren(client, id), ["RETRIED", "RETRIED", "FAILED"]);
    }));

  it("takes the line with it when it is killed between two of them", () =>
    db.inTransaction(async (client) => {
      await travelTo(client, "2026-03-01T08:00:00Z");
      const id = await aParent(client, { x: "FAILED" }, 2);
      assert.deepEqual(await statesOfChildren(client, id), ["RETRIED"]);
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      const worker = await aHandWorker(client);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["s KILLED", "= KILLED"]);
      assert.deepEqual(await statesOfChildren(client, id), ["KILLED"]);
    }));

  it("restarts the last of the line when it is restarted", () =>
    db.inTransaction(async (client) => {
      const id = await aParent(client, { x: "FAILED" });
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      const worker = await aHandWorker(client);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["s SUCCESS", "b SUCCESS", "= SUCCESS"]);
      assert.deepEqual(await statesOfChildren(client, id), ["RETRIED", "RETRIED", "SUCCESS"]);
    }));

  it("goes on when the last of the line is restarted alone, and another try of that ends well", () =>
    db.inTransaction(async (client) => {
      const id = await aParent(client, { x: "FAILED" });
      const { rows } = await client.query(
        "select id from reprise.executions where parent_task_run_id is not null and state = 'FAILED'",
      );
      await callOne(client, "reprise_api.restart_execution", { execution_id: rows[0].id });
      const worker = await aHandWorker(client);
      let count = 0;
      await worker.drain(({ taskId }) => (taskId === "x" && count++ === 0 ? "FAILED" : "SUCCESS"));
      assert.deepEqual(await statesOfChildren(client, id), ["RETRIED", "RETRIED", "RETRIED", "SUCCESS"]);
      assert.deepEqual(await linesOf(client, id), ["s SUCCESS", "b SUCCESS", "= SUCCESS"]);
    }));
});

describe("a Subflow with such a retry of its own", () => {
  it("has its own execution retried when its child has failed", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const inner = block("q", "Sequential", `tasks: [${subflow("s", child, `, ${retry(2)}`)}, ${log("b")}]`);
      const parent = await aBlockFlow(client, `tasks: [${inner}]`);
      const id = await anEndedExecution(client, parent, { x: "FAILED" });
      assert.deepEqual(await linesOf(client, id), ["q RETRIED", "s RETRIED", "= RETRIED"]);
      const { rows } = await client.query("select id from reprise.executions where original_id = $1", [id]);
      assert.deepEqual(await linesOf(client, rows[0].id), ["q FAILED", "s FAILED", "= FAILED"]);
    }));

  it("has it retried when there is no such flow", () =>
    db.inTransaction(async (client) => {
      const nowhere = subflow("s", { namespace: "company.team", id: "nowhere" }, `, ${retry(2)}`);
      const loop = block("l", "ForEach", `values: [1], tasks: [${log("x")}]`);
      const parent = await aBlockFlow(
        client,
        `tasks: [${block("p", "Parallel", `tasks: [${nowhere}, ${loop}]`)}]`,
      );
      const id = await anEndedExecution(client, parent);
      assert.deepEqual(await linesOf(client, id), ["p RETRIED", "s RETRIED", "l KILLED", "= RETRIED"]);
    }));
});
