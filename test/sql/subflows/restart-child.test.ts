import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { tendSubflows } from "../../../src/worker/tend-subflows.ts";
import {
  anEndedExecution,
  anExecution,
  aReplay,
  executionOf,
  taskRunsOf,
} from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, tend } from "../../support/hand-worker.ts";
import { aBlockFlow, block, historyOf, linesOf, log } from "../blocks/block-flows.ts";
import { aFailed, childrenOf, failsFirst, subflow } from "./subflow-flows.ts";

const db = await testDatabase();
const restart = (client: ClientBase, execution_id: string) =>
  callOne(client, "reprise_api.restart_execution", { execution_id });

describe("restarting a child alone", () => {
  it("goes on in a parent that had failed by it", () =>
    db.inTransaction(async (client) => {
      const { id, children } = await aFailed(client, "", (task) =>
        block("q", "Sequential", `tasks: [${task}, ${log("c")}], errors: [${log("e")}]`),
      );
      assert.deepEqual(await linesOf(client, id), ["q FAILED", "s FAILED", "e SUCCESS", "= FAILED"]);
      await restart(client, children[0]?.id as string);
      await (await aHandWorker(client)).drain({});
      assert.deepEqual(await linesOf(client, id, true), [
        "q SUCCESS 1",
        "s SUCCESS 2",
        "c SUCCESS 1",
        "b SUCCESS 1",
        "= SUCCESS",
      ]);
      const parent = await executionOf(client, id);
      assert.equal(parent.attempt_number, 2);
    }));

  it("goes on in the parent of the parent too", () =>
    db.inTransaction(async (client) => {
      const last = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const middle = await aBlockFlow(client, `tasks: [${subflow("t", last)}]`);
      const id = await anEndedExecution(
        client,
        await aBlockFlow(client, `tasks: [${subflow("s", middle)}, ${log("b")}]`),
        failsFirst,
      );
      assert.equal((await executionOf(client, id)).state, "FAILED");
      const [below] = await childrenOf(client, id);
      const [deepest] = await childrenOf(client, below?.id as string);
      await restart(client, deepest?.id as string);
      await (await aHandWorker(client)).drain({});
      assert.deepEqual(await linesOf(client, id), ["s SUCCESS", "b SUCCESS", "= SUCCESS"]);
    }));

  it("leaves a parent as it is that failed by something else as well", () =>
    db.inTransaction(async (client) => {
      const { id, children } = await aFailed(client, "", (task) =>
        block("p", "Parallel", `tasks: [${task}, ${log("x")}]`),
      );
      await restart(client, children[0]?.id as string);
      await (await aHandWorker(client)).drain({});
      assert.deepEqual(await linesOf(client, id), ["p FAILED", "s FAILED", "x FAILED", "= FAILED"]);
      await restart(client, id);
      await (await aHandWorker(client)).drain({});
      assert.deepEqual(await linesOf(client, id, true), [
        "p SUCCESS 1",
        "s SUCCESS 2",
        "x SUCCESS 2",
        "b SUCCESS 1",
        "= SUCCESS",
      ]);
      assert.equal((await childrenOf(client, id)).length, 1);
    }));

  it("takes that up in an attempt of its own, and leaves the one that failed as it was, to replays too", () =>
    db.inTransaction(async (client) => {
      const { id, children } = await aFailed(client, "", (task) =>
        block("q", "Sequential", `tasks: [${task}], errors: [${log("e")}]`),
      );
      const replay = await aReplay(client, id, { anchors: ["task:e"] });
      const worker = await aHandWorker(client);
      await worker.drain({});
      const attempts = async () =>
        (
          await client.query(
            `select a.* from reprise.attempts as a join reprise.task_runs as r on r.id = a.task_run_id
            where r.execution_id = $1 and a.error is not null`,
            [id],
          )
        ).rows;
      const [was, carried] = [await attempts(), (await taskRunsOf(client, replay.id)).s];
      await restart(client, children[0]?.id as string);
      await worker.drain({});
      assert.deepEqual(await historyOf(client, id, "s"), [
        "CREATED",
        "RUNNING",
        "FAILED",
        "RESTARTED",
        "RUNNING",
        "SUCCESS",
      ]);
      const { attempts: own, outputs, error } = (await taskRunsOf(client, id)).s ?? {};
      assert.deepEqual(own, ["1 FAILED", "2 SUCCESS"]);
      assert.deepEqual([outputs, error], [{ executionId: children[0]?.id, state: "SUCCESS" }, null]);
      assert.deepEqual(await attempts(), was);
      assert.deepEqual((await taskRunsOf(client, replay.id)).s, carried);
      assert.equal(carried?.is_carried, true);
      assert.deepEqual(await linesOf(client, replay.id), ["q FAILED", "s FAILED", "e SUCCESS", "= FAILED"]);
    }));

  it("goes on where two had failed when both have ended well", () =>
    db.inTransaction(async (client) => {
      const { id, children } = await aFailed(client, "", (task) =>
        block("p", "Parallel", `tasks: [${task}, ${task.replace("id: s", "id: t")}]`),
      );
      const worker = await aHandWorker(client);
      await restart(client, children[0]?.id as string);
      await worker.drain({});
      assert.deepEqual(await linesOf(client, id, true), [
        "p FAILED 1",
        "s FAILED 1",
        "t FAILED 1",
        "= FAILED",
      ]);
      await restart(client, children[1]?.id as string);
      await worker.drain({});
      assert.deepEqual(await linesOf(client, id, true), [
        "p SUCCESS 1",
        "s SUCCESS 2",
        "t SUCCESS 2",
        "b SUCCESS 1",
        "= SUCCESS",
      ]);
    }));

  it("goes on with that child also where a restart starts a new one", () =>
    db.inTransaction(async (client) => {
      const { id, children } = await aFailed(client, ", restartBehavior: NEW_EXECUTION");
      await restart(client, children[0]?.id as string);
      await (await aHandWorker(client)).drain({});
      assert.deepEqual(await linesOf(client, id, true), ["s SUCCESS 2", "b SUCCESS 1", "= SUCCESS"]);
      assert.deepEqual(await childrenOf(client, id), [{ id: children[0]?.id, state: "SUCCESS" }]);
    }));

  it("renders what the task takes of the child as it ends now", () =>
    db.inTransaction(async (client) => {
      const { id, children } = await aFailed(client, ', outputs: { got: "{{ outputs.x.value }}" }');
      assert.equal((await taskRunsOf(client, id)).s?.attempts.length, 1);
      await restart(client, children[0]?.id as string);
      await (await aHandWorker(client)).drain({});
      assert.deepEqual((await taskRunsOf(client, id)).s?.outputs, {
        executionId: children[0]?.id,
        state: "SUCCESS",
        outputs: { got: "x 2" },
      });
    }));

  it("is heard of once, however often it is told, and also when nobody is told", () =>
    db.inTransaction(async (client) => {
      const { id, children } = await aFailed(client);
      await restart(client, children[0]?.id as string);
      const worker = await aHandWorker(client);
      await worker.drain({}, { rounds: 1 });
      assert.equal((await executionOf(client, id)).state, "FAILED");
      await client.query("delete from graphile_worker._private_jobs");
      await client.query("select set_config('reprise.now', (now() + interval '1 minute')::text, true)");
      await callOne(client, "reprise_engine.reconcile_jobs", {});
      assert.equal(await tend(client), true);
      const task = (await taskRunsOf(client, id)).s?.id as string;
      for (let time = 0; time < 2; time += 1) await tendSubflows(client, [task], { envs: {} });
      await client.query("delete from graphile_worker._private_jobs");
      await callOne(client, "reprise_engine.reconcile_jobs", {});
      await worker.drain({});
      assert.deepEqual(await linesOf(client, id, true), ["s SUCCESS 2", "b SUCCESS 1", "= SUCCESS"]);
      assert.equal((await executionOf(client, id)).attempt_number, 2);
    }));

  it("waits for the end of a parent that still goes on", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const both = block("p", "Parallel", `tasks: [${subflow("s", child)}, ${log("c")}]`);
      const id = await anExecution(client, await aBlockFlow(client, `tasks: [${both}]`));
      const worker = await aHandWorker(client);
      const [held] = await worker.drain(failsFirst, { holds: ({ taskId }) => taskId === "c" });
      const [started] = await childrenOf(client, id);
      await restart(client, started?.id as string);
      await worker.drain();
      const lines = async () => (await linesOf(client, id, true)).toSorted();
      assert.deepEqual(await lines(), ["= RUNNING", "c RUNNING 1", "p RUNNING 1", "s FAILED 1"]);
      await worker.finish([worker.outcome(held as NonNullable<typeof held>, {})]);
      assert.equal((await executionOf(client, id)).state, "FAILED");
      await client.query("select set_config('reprise.now', (now() + interval '1 minute')::text, true)");
      await callOne(client, "reprise_engine.reconcile_jobs", {});
      await worker.drain();
      assert.deepEqual(await lines(), ["= SUCCESS", "c SUCCESS 1", "p SUCCESS 1", "s SUCCESS 2"]);
    }));

  it("changes nothing in a parent that was purged, or killed", () =>
    db.inTransaction(async (client) => {
      const worker = await aHandWorker(client);
      const { id, children } = await aFailed(client, "", (task) =>
        block("q", "Sequential", `tasks: [${task}], errors: [${log("e")}]`),
      );
      // The replay keeps what it carries of the parent.
      await aReplay(client, id, { anchors: ["task:e"] });
      await worker.drain({});
      await callOne(client, "reprise_api.purge_executions", { execution_ids: [id] });

      const other = await aFailed(client);
      await restart(client, other.id);
      await callOne(client, "reprise_api.kill_execution", { execution_id: other.id });
      await worker.drain({});
      const was = [await linesOf(client, id, true), await linesOf(client, other.id, true)];
      for (const child of [children[0], other.children[0]]) await restart(client, child?.id as string);
      await worker.drain({});
      assert.deepEqual([await linesOf(client, id, true), await linesOf(client, other.id, true)], was);
      assert.deepEqual(
        was.map((lines) => lines.at(-1)),
        ["= FAILED", "= KILLED"],
      );
    }));

  it("is taken up once by a parent that somebody restarts meanwhile", () =>
    db.inTransaction(async (client) => {
      const { id, children } = await aFailed(client);
      const worker = await aHandWorker(client);
      await restart(client, children[0]?.id as string);
      await restart(client, id);
      await worker.drain({});
      assert.deepEqual(await linesOf(client, id, true), ["s SUCCESS 2", "b SUCCESS 1", "= SUCCESS"]);
      assert.deepEqual(await linesOf(client, children[0]?.id as string, true), [
        "a SUCCESS 1",
        "x SUCCESS 2",
        "= SUCCESS",
      ]);
    }));

  it("changes nothing in a parent when it fails again", () =>
    db.inTransaction(async (client) => {
      const { id, children } = await aFailed(client);
      await restart(client, children[0]?.id as string);
      await (await aHandWorker(client)).drain({ x: "FAILED" });
      assert.deepEqual(await linesOf(client, id), ["s FAILED", "= FAILED"]);
      const { rows } = await client.query("select from reprise.ended_subflows");
      assert.equal(rows.length, 0);
    }));
});
