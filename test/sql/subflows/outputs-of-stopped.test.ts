import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callMany, callOne } from "../../../src/db/call.ts";
import { anExecution, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, linesOf, log } from "../blocks/block-flows.ts";
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

  it("is not taken from an older worker, who makes a list of it", () =>
    db.inTransaction(async (client) => {
      const { id, worker, childId, taskRunId } = await stopped(client, "{{ 1 + 1 }}");
      const task_run_ids = [taskRunId];
      const [asked] = await callMany(client, "reprise_engine.end_subflows", { task_run_ids });
      const list = (asked?.wanted as unknown as object[]).map((output) => ({ ...output, value: 2 }));
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
