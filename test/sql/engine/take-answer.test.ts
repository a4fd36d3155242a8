import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { moveClock } from "../../oracle/database-at-hand.ts";
import { anExecution, executionOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block } from "../blocks/block-flows.ts";

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
      const refused = { task_run_id, inputs: null, refusal: "No.", answer: first };
      await callOne(client, "reprise_engine.take_answer", refused);
      await resume(client, id, "[2]", "Bob");
      await callOne(client, "reprise_engine.take_answer", { task_run_id, inputs: { y: [1] }, answer: first });
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
      assert.equal(rows.length, 1);
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

describe("reprise_api.resume_execution", () => {
  it("passes over a Pause whose answer waits for a worker, and keeps that", () =>
    db.inTransaction(async (client) => {
      const pause = (id: string) =>
        `{ id: ${id}, type: io.kestra.plugin.core.flow.Pause, onResume: [{ id: y, type: YAML, required: false }] }`;
      const id = await anExecution(
        client,
        await aBlockFlow(
          client,
          `tasks: [${block("par", "Parallel", `tasks: [${pause("p")}, ${pause("q")}]`)}]`,
        ),
      );
      await (await aHandWorker(client)).drain();
      const runs = await taskRunsOf(client, id);
      const asked = async () =>
        ((await callOne(client, "reprise_api.read_asked", { execution_id: id })) as { taskRunId?: string })
          .taskRunId;
      const answers = async () =>
        (
          await client.query(
            "select answered_by || answer::text as line from reprise.pauses order by task_run_id",
          )
        ).rows.map(({ line }) => line);
      assert.equal(await asked(), runs.p?.id);
      await resume(client, id, "[1]", "Ann");
      assert.equal(await asked(), runs.q?.id);
      await resume(client, id, "[2]", "Bob");
      assert.equal(await asked(), undefined);
      const both = ['Ann{"y":"[1]"}', 'Bob{"y":"[2]"}'];
      assert.deepEqual(await answers(), both);

      for (const [task_run_id, reason] of [
        [null, "execution_not_paused"],
        [runs.p?.id as string, "task_run_not_paused"],
      ]) {
        await client.query("savepoint before");
        const again = { execution_id: id, inputs: { y: "[3]" }, task_run_id: task_run_id as string | null };
        await assert.rejects(callOne(client, "reprise_api.resume_execution", again), {
          code: "RP409",
          reason,
        });
        await client.query("rollback to savepoint before");
      }
      assert.deepEqual(await answers(), both);
    }));
});
