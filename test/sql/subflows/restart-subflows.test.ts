import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import type { FlowReference } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan, aReplay, executionOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase, until } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "../blocks/block-flows.ts";
import { aGatedFlow } from "../gates/gate-flows.ts";
import { aFailed, childrenOf, failsFirst, subflow } from "./subflow-flows.ts";

const db = await testDatabase();
const restart = (client: ClientBase, execution_id: string) =>
  callOne(client, "reprise_api.restart_execution", { execution_id });

/** Whether anybody waits for a lock. */
async function isWaiting(client: ClientBase): Promise<boolean> {
  const { rowCount } = await client.query(
    "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return rowCount === 1;
}

describe("restarting a parent", () => {
  it("restarts the child that failed, in place", () =>
    db.inTransaction(async (client) => {
      const { id, children } = await aFailed(client);
      await restart(client, id);
      await (await aHandWorker(client)).drain(failsFirst);
      assert.deepEqual(await linesOf(client, id, true), ["s SUCCESS 2", "b SUCCESS 1", "= SUCCESS"]);
      assert.deepEqual(await childrenOf(client, id), [{ id: children[0]?.id, state: "SUCCESS" }]);
      assert.deepEqual(await linesOf(client, children[0]?.id as string, true), [
        "a SUCCESS 1",
        "x SUCCESS 2",
        "= SUCCESS",
      ]);
      const runs = await taskRunsOf(client, id);
      assert.deepEqual(runs.s?.outputs, { executionId: children[0]?.id, state: "SUCCESS" });
    }));

  it("starts a new child where the task asks for that", () =>
    db.inTransaction(async (client) => {
      const { id } = await aFailed(client, ", restartBehavior: NEW_EXECUTION");
      await restart(client, id);
      await (await aHandWorker(client)).drain({});
      assert.deepEqual(
        (await childrenOf(client, id)).map(({ state }) => state),
        ["FAILED", "SUCCESS"],
      );
    }));

  it("restarts a child that was killed with it", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const parent = await aBlockFlow(client, `tasks: [${subflow("s", child)}]`);
      const id = await anEndedExecution(client, parent, {}, { rounds: 1 });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await restart(client, id);
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await linesOf(client, id), ["s SUCCESS", "= SUCCESS"]);
      assert.equal((await childrenOf(client, id)).length, 1);
    }));

  it("of a loop goes on child by child", () =>
    db.inTransaction(async (client) => {
      const { id } = await aFailed(client, "", (task) =>
        block("l", "ForEach", `values: [1, 2, 3], tasks: [${task}]`),
      );
      const worker = await aHandWorker(client);
      for (let time = 0; time < 3; time += 1) {
        assert.equal((await executionOf(client, id)).state, "FAILED");
        await restart(client, id);
        await worker.drain(failsFirst);
      }
      assert.deepEqual(await linesOf(client, id), [
        "l SUCCESS",
        "s[1] SUCCESS",
        "s[2] SUCCESS",
        "s[3] SUCCESS",
        "b SUCCESS",
        "= SUCCESS",
      ]);
      assert.deepEqual(
        (await childrenOf(client, id)).map(({ state }) => state),
        ["SUCCESS", "SUCCESS", "SUCCESS"],
      );
    }));

  it("takes the flows whose slots its children need in one order, whichever of these is older", async () => {
    const [one, two, look] = [await db.connect(), await db.connect(), await db.connect()];
    const name = randomUUID();
    const [first, second] = await Promise.all(
      ["a", "b"].map((part) =>
        aGatedFlow(one, "concurrency: { limit: 1 }", { id: `${name}-${part}`, tasks: log("x") }),
      ),
    );
    // The child of the second flow is the older one.
    const ids: string[] = [];
    for (const flow of [second, first]) {
      const parent = await aBlockFlow(one, `tasks: [${subflow("s", flow as FlowReference)}]`);
      ids.push(await anEndedExecution(one, parent, { x: "FAILED" }));
    }
    for (const id of ids) await restart(one, id);
    await (await aHandWorker(one)).drain({}, { rounds: 1 });
    const { rows } = await one.query<{ id: string }>(
      "select id from reprise.task_runs where execution_id = any ($1)",
      [ids],
    );

    await two.query("begin");
    const lock = "select from reprise.flows where id = $1 for no key update";
    await two.query(lock, [first?.id]);
    const restarting = callOne(one, "reprise_engine.restart_subflows", {
      task_run_ids: rows.map((row) => row.id),
    });
    await until(() => isWaiting(look), { what: "the restart to wait for the first flow" });
    assert.equal((await look.query(`${lock} nowait`, [second?.id])).rowCount, 1);
    await two.query("rollback");
    assert.equal(await restarting, 2);
  });

  it("takes the old end of a child that cannot be restarted", () =>
    db.inTransaction(async (client) => {
      const { id, child } = await aFailed(client);
      await restart(client, id);
      await callOne(client, "reprise_api.disable_flow", { namespace: child.namespace, flow_id: child.id });
      await (await aHandWorker(client)).drain({});
      assert.deepEqual(await linesOf(client, id), ["s FAILED", "= FAILED"]);
    }));
});

describe("replaying", () => {
  it("a parent from its Subflow starts a new child", () =>
    db.inTransaction(async (client) => {
      const { id, children } = await aFailed(client);
      const replay = await aReplay(client, id, { anchors: ["failed"] });
      await (await aHandWorker(client)).drain({});
      assert.deepEqual(await linesOf(client, replay.id, true), ["s SUCCESS 2", "b SUCCESS 1", "= SUCCESS"]);
      const started = await childrenOf(client, replay.id);
      assert.equal(started.length, 1);
      assert.notEqual(started[0]?.id, children[0]?.id);
      assert.equal((await childrenOf(client, id))[0]?.state, "FAILED");
    }));

  it("a parent from behind its Subflow carries what the child gave", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const parent = await aBlockFlow(client, `tasks: [${subflow("s", child)}, ${log("b")}]`);
      const id = await anEndedExecution(client, parent, {});
      const replay = await aReplay(client, id, { anchors: ["task:b"] });
      await (await aHandWorker(client)).drain({});
      assert.deepEqual(await childrenOf(client, replay.id), []);
      const [was, now] = [await taskRunsOf(client, id), await taskRunsOf(client, replay.id)];
      assert.equal(now.s?.is_carried, true);
      assert.deepEqual(now.s?.outputs, was.s?.outputs);
    }));

  it("a parent that waits starts a new child, and leaves the other to the original", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const parent = await aBlockFlow(client, `tasks: [${log("a")}, ${subflow("s", child)}]`);
      const id = await anEndedExecution(client, parent, {}, { rounds: 2 });
      assert.deepEqual(await linesOf(client, id), ["a SUCCESS", "s RUNNING", "= RUNNING"]);
      const { tasks } = await aPlan(client, id, { anchors: ["start"] });
      assert.deepEqual(
        tasks.map(({ task_id, duration_ms }) => [task_id, duration_ms === null]),
        [
          ["a", false],
          ["s", true],
        ],
        "what still runs has not taken any time yet",
      );
      const replay = await aReplay(client, id, { anchors: ["task:s"] });
      await (await aHandWorker(client)).drain({});
      for (const each of [id, replay.id]) {
        assert.deepEqual(await linesOf(client, each), ["a SUCCESS", "s SUCCESS", "= SUCCESS"]);
        assert.equal((await childrenOf(client, each)).length, 1);
      }
    }));

  it("a child by itself has no parent, and changes nothing in that of the original", () =>
    db.inTransaction(async (client) => {
      const { id, children } = await aFailed(client);
      const replay = await aReplay(client, children[0]?.id as string, { anchors: ["failed"] });
      await (await aHandWorker(client)).drain({});
      const { state, parent_task_run_id, trigger } = await executionOf(client, replay.id);
      assert.deepEqual([state, parent_task_run_id], ["SUCCESS", null]);
      assert.equal((trigger as { id: string }).id, "s");
      assert.deepEqual(await linesOf(client, id), ["s FAILED", "= FAILED"]);
    }));
});
