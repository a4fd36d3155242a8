import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, executionOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun, tend } from "../../support/hand-worker.ts";
import { aBlockFlow, linesOf, log } from "../blocks/block-flows.ts";
import { wakeUpsOf } from "../gates/gate-flows.ts";
import { childrenOf, subflow } from "./subflow-flows.ts";

const db = await testDatabase();

/** An execution that waits for a child, which runs `x`, and that violates its SLA in a minute. */
async function aParent(client: ClientBase) {
  const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
  const parent = await aBlockFlow(
    client,
    `sla: [{ id: short, type: MAX_DURATION, duration: PT1M, behavior: FAIL }]\ntasks: [${subflow("s", child)}]`,
  );
  const id = await anExecution(client, parent);
  const worker = await aHandWorker(client);
  const [held] = await worker.drain(
    {},
    { holds: ({ taskId }) => taskId === "x", waits: (execution) => execution < id },
  );
  const [started] = await childrenOf(client, id);
  return { id, childId: started?.id as string, worker, held: held as HandRun };
}

/** Its time is up. */
async function violate(client: ClientBase, execution_id: string) {
  await later(client, "2 minutes");
  await callOne(client, "reprise_engine.enforce_deadline", { execution_id });
}

const later = async (client: ClientBase, by: string) =>
  await client.query(
    "select set_config('reprise.now', (reprise_engine.clock() + $1::interval)::text, true)",
    [by],
  );
const stateOf = async (client: ClientBase, id: string) => (await executionOf(client, id)).state;

describe("what an execution has started that is ended at once", () => {
  it("is killed by a job", () =>
    db.inTransaction(async (client) => {
      const { id, childId } = await aParent(client);
      await violate(client, id);
      assert.deepEqual(await linesOf(client, id), ["s FAILED", "= FAILED"]);
      assert.ok((await wakeUpsOf(client)).includes("reprise.Orphans"));
      await tend(client);
      assert.equal(await stateOf(client, childId), "KILLING");
    }));

  it("is not locked by whoever ends the execution, who may hold what sorts behind it", async () => {
    const [one, two] = [await db.connect(), await db.connect()];
    const { id, childId } = await aParent(one);
    await one.query("begin");
    await violate(one, id);
    await two.query("begin");
    const { rowCount } = await two.query(
      "select from reprise.executions where id = $1 for no key update nowait",
      [childId],
    );
    assert.equal(rowCount, 1);
    await two.query("rollback");
    await one.query("rollback");
  });

  it("is killed as well when the job is lost", () =>
    db.inTransaction(async (client) => {
      const { id, childId } = await aParent(client);
      await violate(client, id);
      await client.query("delete from graphile_worker._private_jobs");
      await later(client, "6 seconds");
      await callOne(client, "reprise_engine.reconcile_jobs", {});
      await tend(client);
      assert.equal(await stateOf(client, childId), "KILLING");
      await later(client, "6 seconds");
      await callOne(client, "reprise_engine.reconcile_jobs", {});
      assert.ok(!(await wakeUpsOf(client)).includes("reprise.Orphans"));
    }));

  it("goes on where somebody has restarted the execution before that", () =>
    db.inTransaction(async (client) => {
      const { id, childId, worker, held } = await aParent(client);
      await violate(client, id);
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await tend(client);
      assert.equal(await stateOf(client, childId), "RUNNING");
      await worker.drain();
      await worker.finish([{ attemptId: held.begun.attempt_id as string }]);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["s SUCCESS", "= SUCCESS"]);
      assert.deepEqual(await childrenOf(client, id), [{ id: childId, state: "SUCCESS" }]);
    }));
});
