import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { moveClock } from "../../oracle/database-at-hand.ts";
import { anExecution, executionOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow } from "../blocks/block-flows.ts";

const db = await testDatabase();

/** An execution at a Pause that a worker has to look at when it is answered. */
async function paused(client: ClientBase, rest = "") {
  const pause = `{ id: p, type: io.kestra.plugin.core.flow.Pause, onResume: [{ id: y, type: YAML }]${rest} }`;
  const id = await anExecution(client, await aBlockFlow(client, `tasks: [${pause}]`));
  await (await aHandWorker(client)).drain({}, { rounds: 1 });
  return { id, taskRunId: String((await taskRunsOf(client, id)).p?.id) };
}

const resume = async (client: ClientBase, execution_id: string, y: string, actor: string) =>
  await callOne(client, "reprise_api.resume_execution", { execution_id, inputs: { y }, actor });
const read = async (client: ClientBase, task_run_id: string) =>
  (await callOne(client, "reprise_engine.read_answer", { task_run_id })) as { answer: string } | null;

describe("reprise_engine.take_answer", () => {
  it("lets alone what somebody has answered since that was rendered", () =>
    db.inTransaction(async (client) => {
      const { id, taskRunId: task_run_id } = await paused(client);
      await resume(client, id, "[1]", "Ann");
      const first = (await read(client, task_run_id))?.answer as string;
      await resume(client, id, "[2]", "Bob");
      await callOne(client, "reprise_engine.take_answer", { task_run_id, inputs: { y: [1] }, answer: first });
      const refused = { task_run_id, inputs: null, refusal: "No.", answer: first };
      await callOne(client, "reprise_engine.take_answer", refused);
      assert.equal((await executionOf(client, id)).state, "PAUSED");

      const second = (await read(client, task_run_id))?.answer as string;
      await callOne(client, "reprise_engine.take_answer", {
        task_run_id,
        inputs: { y: [2] },
        answer: second,
      });
      const outputs = (await taskRunsOf(client, id)).p?.outputs as Record<string, unknown> | undefined;
      assert.deepEqual(outputs?.onResume, { y: [2] });
      assert.equal((outputs?.resumed as { by: string } | undefined)?.by, "Bob");
      const { rows } = await client.query(
        "select from reprise.logs where execution_id = $1 and message like 'Not resumed%'",
        [id],
      );
      assert.equal(rows.length, 0);
    }));

  it("comes before the time of the Pause, if the answer did", () =>
    db.inTransaction(async (client) => {
      const { id, taskRunId: task_run_id } = await paused(client, ", pauseDuration: PT1M, behavior: CANCEL");
      await resume(client, id, "[1]", "Ann");
      await moveClock(client, "2 minutes");
      assert.equal(await callOne(client, "reprise_engine.wake_due", {}), null);
      assert.equal((await executionOf(client, id)).state, "PAUSED");

      const answer = (await read(client, task_run_id))?.answer as string;
      await client.query("savepoint read");
      await callOne(client, "reprise_engine.take_answer", { task_run_id, inputs: { y: [1] }, answer });
      assert.equal((await executionOf(client, id)).state, "SUCCESS");

      // One that is refused was none, and the time has come.
      await client.query("rollback to savepoint read");
      const refused = { task_run_id, inputs: null, refusal: "No.", answer };
      await callOne(client, "reprise_engine.take_answer", refused);
      await callOne(client, "reprise_engine.wake_due", {});
      assert.equal((await executionOf(client, id)).state, "CANCELLED");
    }));
});
