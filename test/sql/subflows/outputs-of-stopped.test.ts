import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callMany, callOne } from "../../../src/db/call.ts";
import { anEndedExecution, anExecution, executionOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { splitOf } from "../../support/hand-steps.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "../blocks/block-flows.ts";
import { childrenOf, subflow } from "./subflow-flows.ts";

const db = await testDatabase();

/** A parent `s` that is not told to mind, and whose child was killed before it came to what its flow gives. */
async function stopped(client: ClientBase, value: string) {
  const child = await aBlockFlow(
    client,
    `tasks: [${log("x")}]\noutputs: [{ id: said, type: STRING, value: "${value}" }]`,
  );
  const parent = await aBlockFlow(client, `tasks: [${subflow("s", child, ", transmitFailed: false")}]`);
  const id = await anExecution(client, parent);
  const worker = await aHandWorker(client);
  await worker.drain({}, { rounds: 1 });
  const [started] = await childrenOf(client, id);
  await callOne(client, "reprise_api.kill_execution", { execution_id: started?.id as string });
  return {
    id,
    worker,
    childId: started?.id as string,
    taskRunId: (await taskRunsOf(client, id)).s?.id as string,
  };
}

describe("what the flow of a child gives that was stopped before", () => {
  it("is rendered of what has run in it", () =>
    db.inTransaction(async (client) => {
      const { id, worker, childId } = await stopped(client, "{{ 1 + 1 }}");
      await worker.drain();
      const shown = { executionId: childId, state: "KILLED", outputs: { said: "2" } };
      assert.deepEqual((await taskRunsOf(client, id)).s?.outputs, shown);
    }));

  it("is missing where that cannot be rendered, and breaks nothing that is not told to mind", () =>
    db.inTransaction(async (client) => {
      const { id, worker, childId, taskRunId } = await stopped(client, "{{ outputs.x.value }}");
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["s SUCCESS", "= SUCCESS"]);
      assert.deepEqual((await taskRunsOf(client, id)).s?.outputs, { executionId: childId, state: "KILLED" });
      const { rows } = await client.query(
        "select from reprise.logs where task_run_id = $1 and level = 'WARN' and message like 'Failed to extract outputs%'",
        [taskRunId],
      );
      assert.equal(rows.length, 1);
    }));

  it("is not taken from an older worker, who makes a list of it", () =>
    db.inTransaction(async (client) => {
      const { id, worker, childId, taskRunId } = await stopped(client, "{{ 1 + 1 }}");
      const task_run_ids = [taskRunId];
      const asked = await callMany(client, "reprise_engine.end_subflows", { task_run_ids });
      const list = asked.flatMap(({ wanted }) => wanted as unknown as object[]);
      for (const told of [taskRunId, childId])
        await callMany(client, "reprise_engine.end_subflows", {
          task_run_ids,
          extracts: { [told]: { outputs: list } },
        });
      assert.deepEqual(await linesOf(client, id), ["s RUNNING", "= RUNNING"]);

      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["s SUCCESS", "= SUCCESS"]);
      const shown = { executionId: childId, state: "KILLED", outputs: { said: "2" } };
      assert.deepEqual((await taskRunsOf(client, id)).s?.outputs, shown);
    }));
});

/** Runs a ForEachItem of so many batches, whose flow gives what `x` has made. */
async function batches(client: ClientBase, count: number, tasks: string, script: Script, rounds?: number) {
  const child = await aBlockFlow(
    client,
    `inputs: [{ id: number, type: INT }]\ntasks: [${tasks}]\noutputs: [{ id: said, type: STRING, value: "{{ outputs.x.value }}" }]`,
  );
  const rest = `namespace: company.team, flowId: ${child.id}, items: "kestra:///${count}", inputs: { number: "{{ taskrun.iteration }}" }`;
  const parent = await aBlockFlow(client, `tasks: [${block("each", "ForEachItem", rest)}]`);
  const all: Script = (run) => {
    const outputs = splitOf(run);
    if (outputs !== undefined) return { outputs };
    return typeof script === "function" ? script(run) : {};
  };
  const id = await anEndedExecution(client, parent, all, rounds === undefined ? {} : { rounds });
  return { id, script: all, children: await childrenOf(client, id) };
}

describe("an execution of a ForEachItem of which nobody can tell what it gives", () => {
  it("counts as killed where it was killed", () =>
    db.inTransaction(async (client) => {
      const { id, script, children } = await batches(client, 1, log("x"), {}, 2);
      await callOne(client, "reprise_api.kill_execution", { execution_id: children[0]?.id as string });
      await (await aHandWorker(client)).drain(script);
      const { outputs } = (await taskRunsOf(client, id)).each_items ?? {};
      assert.equal((await executionOf(client, id)).state, "KILLED");
      assert.deepEqual((outputs as { iterations: unknown }).iterations, {
        CREATED: 0,
        RUNNING: 0,
        KILLED: 1,
      });
    }));

  it("is not well because another is that had failed", () =>
    db.inTransaction(async (client) => {
      const exit = "{ id: exit, type: io.kestra.plugin.core.execution.Exit }";
      const first = block("i", "If", `condition: "{{ inputs.number == 0 }}", then: [${exit}]`);
      const { id, script, children } = await batches(
        client,
        2,
        `${first}, ${log("x")}`,
        ({ taskId, number }) => {
          if (taskId === "exit") return { state: "RUNNING", outputs: { exit: "SUCCESS" } };
          return taskId === "x" && number === 1 ? "FAILED" : {};
        },
      );
      assert.deepEqual(children.map(({ state }) => state).toSorted(), ["FAILED", "SUCCESS"]);
      const failed = children.find(({ state }) => state === "FAILED");
      await callOne(client, "reprise_api.restart_execution", { execution_id: failed?.id as string });
      await (await aHandWorker(client)).drain(script);
      assert.deepEqual(
        (await childrenOf(client, id)).map(({ state }) => state),
        ["SUCCESS", "SUCCESS"],
      );
      const { state, attempt_number } = await executionOf(client, id);
      assert.deepEqual([state, attempt_number], ["FAILED", 1]);
    }));
});
