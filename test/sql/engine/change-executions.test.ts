import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, executionOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { ownLabels } from "../../support/own-labels.ts";
import { aBlockFlow, block, log } from "../blocks/block-flows.ts";

const db = await testDatabase();
const adds = (id: string) => ({ set: { seen: [id] }, overwrite: true });

/** An execution in which `a` and `b` run side by side, both begun. */
async function begun(client: ClientBase, rest = "") {
  const tasks = `tasks: [${log("a", rest)}, ${log("b")}]`;
  const flow = await aBlockFlow(
    client,
    `variables: { seen: [0] }\ntasks: [${block("p", "Parallel", tasks)}, ${log("c")}]`,
  );
  const id = await anExecution(client, flow);
  const worker = await aHandWorker(client);
  const runs = await taskRunsOf(client, id);
  const attempts = await worker.begin(...[runs.a, runs.b].map((run) => run?.id ?? ""));
  const attemptOf = (task: "a" | "b") =>
    attempts.find(({ task_run_id }) => task_run_id === runs[task]?.id)?.attempt_id ?? "";
  const result = (task: "a" | "b", change: object) => ({
    attemptId: attemptOf(task),
    state: "RUNNING" as const,
    outputs: { change },
  });
  return { id, worker, result };
}

const variablesOf = async (client: ClientBase, id: string) => (await executionOf(client, id)).variables;

describe("a change that an attempt asks for", () => {
  it("is made once, however often it is reported, and goes on with what comes next", () =>
    db.inTransaction(async (client) => {
      const { id, worker, result } = await begun(client);
      for (const _ of ["once", "twice"]) await worker.finish([result("a", adds("a"))]);
      assert.deepEqual(await variablesOf(client, id), { seen: [0, "a"] });
      await worker.finish([result("b", adds("b"))]);
      assert.deepEqual(await variablesOf(client, id), { seen: [0, "a", "b"] });
      assert.equal((await taskRunsOf(client, id)).c?.state, "CREATED");
    }));

  it("sees what another in the same report has changed", () =>
    db.inTransaction(async (client) => {
      const { id, worker, result } = await begun(client);
      await worker.finish([
        result("b", { set: { seen: 1 }, overwrite: false }),
        result("a", { unset: ["seen"] }),
      ]);
      assert.deepEqual(await variablesOf(client, id), { seen: 1 });
      const { a, b } = await taskRunsOf(client, id);
      assert.deepEqual([a?.state, b?.state, a?.outputs], ["SUCCESS", "SUCCESS", null]);
    }));

  it("is not made in an execution that is being killed", () =>
    db.inTransaction(async (client) => {
      const { id, worker, result } = await begun(client);
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await worker.finish([result("a", adds("a")), result("b", { labels: { x: "y" } })]);
      const { state, variables, labels } = await executionOf(client, id);
      assert.deepEqual([state, variables, ownLabels(labels)], ["KILLED", { seen: [0] }, {}]);
    }));

  it("that cannot be made fails the task, which may be allowed", () =>
    db.inTransaction(async (client) => {
      const { id, worker, result } = await begun(client, ", allowFailure: true");
      await worker.finish([result("a", { set: { seen: 1 }, overwrite: false }), result("b", adds("b"))]);
      const { a, b } = await taskRunsOf(client, id);
      assert.deepEqual([a?.state, a?.attempts, b?.state], ["WARNING", ["1 FAILED"], "SUCCESS"]);
      assert.equal((a?.error as { reason: string } | null)?.reason, "variables_exist");
      assert.deepEqual(await variablesOf(client, id), { seen: [0, "b"] });
    }));

  it("is made beside one that ends the execution", () =>
    db.inTransaction(async (client) => {
      const { id, worker, result } = await begun(client);
      const exit = { ...result("b", {}), outputs: { exit: "CANCELLED" } };
      await worker.finish([exit, result("a", adds("a"))]);
      const { state, variables } = await executionOf(client, id);
      assert.deepEqual([state, variables], ["CANCELLED", { seen: [0, "a"] }]);
    }));
});
