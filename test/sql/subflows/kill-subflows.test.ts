import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, executionOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "../blocks/block-flows.ts";
import { childrenOf, subflow } from "./subflow-flows.ts";

const db = await testDatabase();
const kill = (client: ClientBase, execution_id: string) =>
  callOne(client, "reprise_api.kill_execution", { execution_id });

/** Three executions, each started by the one before, of which the last one runs `x`. */
async function aLine(client: ClientBase, around = (task: string) => task) {
  const last = await aBlockFlow(client, `tasks: [${log("x")}, ${log("y")}]`);
  const middle = await aBlockFlow(client, `tasks: [${subflow("t", last)}]`);
  const first = await aBlockFlow(client, `tasks: [${around(subflow("s", middle))}, ${log("b")}]`);
  const id = await anExecution(client, first);
  const worker = await aHandWorker(client);
  const [held] = await worker.drain({}, { holds: ({ taskId }) => taskId === "x" });
  const [below] = await childrenOf(client, id);
  const [deepest] = await childrenOf(client, below?.id as string);
  return { id, below: below?.id as string, deepest: deepest?.id as string, worker, held: held as HandRun };
}

describe("killing", () => {
  it("a parent kills all below it, and waits for its own task runs only", () =>
    db.inTransaction(async (client) => {
      const { id, below, deepest, worker, held } = await aLine(client);
      const killed = await kill(client, id);
      assert.equal(killed.state, "KILLED");
      assert.deepEqual(await linesOf(client, id), ["s KILLED", "= KILLED"]);
      assert.deepEqual((await taskRunsOf(client, id)).s?.attempts, ["1 KILLED"]);
      assert.deepEqual(await linesOf(client, below), ["t KILLED", "= KILLED"]);
      assert.deepEqual(await linesOf(client, deepest), ["x RUNNING", "= KILLING"]);
      await worker.finish([worker.outcome(held, { x: "KILLED" })]);
      await worker.drain();
      assert.deepEqual(await linesOf(client, deepest), ["x KILLED", "= KILLED"]);
      assert.deepEqual(await linesOf(client, id), ["s KILLED", "= KILLED"]);
    }));

  it("a child alone ends its Subflow as killed, and the flow goes on behind it", () =>
    db.inTransaction(async (client) => {
      const { id, below, worker, held } = await aLine(client);
      await kill(client, below);
      await worker.finish([worker.outcome(held, { x: "KILLED" })]);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["s KILLED", "b SUCCESS", "= KILLED"]);
      const { outputs } = (await taskRunsOf(client, id)).s as { outputs: unknown };
      assert.deepEqual(outputs, { executionId: below, state: "KILLED" });
    }));

  it("a child alone ends the blocks around its Subflow", () =>
    db.inTransaction(async (client) => {
      const { id, below, worker } = await aLine(client, (task) =>
        block(
          "o",
          "Sequential",
          `tasks: [${block("i", "Sequential", `tasks: [${task}, ${log("c")}]`)}, ${log("d")}]`,
        ),
      );
      await kill(client, below);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), [
        "o KILLED",
        "i KILLED",
        "s KILLED",
        "b SUCCESS",
        "= KILLED",
      ]);
    }));

  it("does not touch what has ended, and is refused then", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const id = await anExecution(
        client,
        await aBlockFlow(client, `tasks: [${subflow("s", child)}, ${log("b")}]`),
      );
      const worker = await aHandWorker(client);
      await worker.drain({}, { holds: ({ taskId }) => taskId === "b" });
      await kill(client, id);
      const [ended] = await childrenOf(client, id);
      assert.equal(ended?.state, "SUCCESS");
      await assert.rejects(kill(client, ended?.id as string), { code: "RP409", reason: "execution_ended" });
    }));

  it("reaches a child that came while its parent was being killed, as soon as somebody looks", () =>
    db.inTransaction(async (client) => {
      const { id, below } = await aLine(client);
      // As if it had been made beside the kill.
      await client.query("update reprise.executions set parent_task_run_id = null where id = $1", [below]);
      const { s } = await taskRunsOf(client, id);
      await kill(client, id);
      await client.query("update reprise.executions set parent_task_run_id = $2 where id = $1", [
        below,
        s?.id,
      ]);
      await callOne(client, "reprise_engine.reconcile_jobs", {});
      assert.equal((await executionOf(client, below)).state, "KILLED");
    }));
});
