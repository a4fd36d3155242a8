import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { aFlow, aRevision } from "../../support/a-flow.ts";
import {
  anEndedExecution,
  anExecution,
  aReplay,
  executionOf,
  statesOf,
  taskRunsOf,
} from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { ownLabels } from "../../support/own-labels.ts";

const db = await testDatabase();

async function restart(client: ClientBase, id: string, script?: Script) {
  const execution = await callOne(client, "reprise_api.restart_execution", { execution_id: id });
  if (script !== undefined) await (await aHandWorker(client)).drain(script);
  return execution;
}

describe("reprise_api.restart_execution", () => {
  it("goes on from what failed, in the same execution", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a", "b", "c"]), { b: "FAILED" });
      const before = await taskRunsOf(client, id);
      const restarted = await restart(client, id);
      assert.equal(restarted.id, id);
      assert.deepEqual(
        [restarted.state, restarted.attempt_number, restarted.ended_at],
        ["RESTARTED", 2, null],
      );
      assert.deepEqual(ownLabels(restarted.labels), { "system.restarted": "true" });
      assert.deepEqual(await statesOf(client, id), { execution: "RESTARTED", a: "SUCCESS", b: "RESTARTED" });

      await (await aHandWorker(client)).drain();
      const runs = await taskRunsOf(client, id);
      assert.deepEqual(runs.a, before.a);
      assert.deepEqual([runs.b?.id, runs.b?.attempts], [before.b?.id, ["1 FAILED", "2 SUCCESS"]]);
      assert.deepEqual(runs.c?.attempts, ["1 SUCCESS"]);
      assert.equal((await executionOf(client, id)).state, "SUCCESS");
    }));

  it("goes on from what was killed, waiting or running", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a", "b"]);
      const waiting = await anExecution(client, flow);
      await callOne(client, "reprise_api.kill_execution", { execution_id: waiting });
      await restart(client, waiting, {});
      assert.deepEqual(await statesOf(client, waiting), { execution: "SUCCESS", a: "SUCCESS", b: "SUCCESS" });
    }));

  it("goes on behind what ended well while the execution was killed", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, ["a", "b"]));
      const worker = await aHandWorker(client);
      const [begun] = await worker.begin((await taskRunsOf(client, id)).a?.id as string);
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await worker.finish([{ attemptId: begun?.attempt_id as string }]);
      await restart(client, id, {});
      assert.deepEqual(await statesOf(client, id), { execution: "SUCCESS", a: "SUCCESS", b: "SUCCESS" });
      assert.deepEqual((await taskRunsOf(client, id)).a?.attempts, ["1 SUCCESS"]);
    }));

  it("keeps the warnings of what it does not run again", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, [{ id: "a", allowFailure: true }, "b"]);
      const id = await anEndedExecution(client, flow, { a: "FAILED", b: "FAILED" });
      await restart(client, id, {});
      assert.deepEqual(await statesOf(client, id), { execution: "WARNING", a: "WARNING", b: "SUCCESS" });
    }));

  it("renders outputs anew when only those had failed", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, { tasks: ["a"], outputs: [{ id: "x", reads: ["a"] }] });
      const error = { reason: "expression_failed", message: "No." };
      const id = await anEndedExecution(client, flow, { $outputs: { state: "FAILED", error } });
      assert.deepEqual((await executionOf(client, id)).error, error);
      await restart(client, id, { $outputs: { outputs: { x: 1 } } });
      const execution = await executionOf(client, id);
      assert.deepEqual([execution.state, execution.outputs, execution.error], ["SUCCESS", { x: 1 }, null]);
      assert.deepEqual((await taskRunsOf(client, id)).a?.attempts, ["1 SUCCESS"]);
    }));

  it("renders defaults anew when those had failed", () =>
    db.inTransaction(async (client) => {
      const inputs = [{ id: "x", isTemplated: true, defaults: "{{ 1 }}" }];
      const id = await anEndedExecution(client, await aFlow(client, { tasks: ["a"], inputs }), {
        $defaults: "FAILED",
      });
      assert.deepEqual(await statesOf(client, id), { execution: "FAILED", $defaults: "FAILED" });
      await restart(client, id, { $defaults: { outputs: { x: "1" } } });
      const execution = await executionOf(client, id);
      assert.deepEqual([execution.state, execution.inputs], ["SUCCESS", { x: "1" }]);
    }));

  it("goes on in a replay from the failure that it had carried", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a", "b", "c"]), { b: "FAILED" });
      const changed = await aReplay(client, id, { anchors: ["start"] });
      await (await aHandWorker(client)).drain({ b: "FAILED" });
      await restart(client, changed.id, {});
      const runs = await taskRunsOf(client, changed.id);
      assert.deepEqual(runs.b?.attempts, ["2 FAILED", "3 SUCCESS"]);
      assert.deepEqual(runs.c?.attempts, ["1 SUCCESS"]);
    }));

  describe("of a replay that carries one failure and has another before it", () => {
    /** Its new task `x` stands before `a`, whose failure it carries. */
    async function aTwiceBroken(client: ClientBase) {
      const flow = await aFlow(client, ["a", "c"]);
      const original = await anEndedExecution(client, flow, { a: "FAILED" });
      await aRevision(client, flow, ["x", "a", "c"]);
      const { id } = await aReplay(client, original, { anchors: ["task:c"], revision: "latest" });
      return id;
    }

    /** Restarts it and holds `x`: nothing behind it may run before it has ended. */
    async function goesOnInOrder(client: ClientBase, id: string) {
      await restart(client, id);
      const worker = await aHandWorker(client);
      const held = await worker.drain({}, { holds: ({ taskId }) => taskId === "x" });
      assert.equal((await taskRunsOf(client, id)).a?.attempts.length, 0, "`a` waits for `x`");
      await worker.finish(held.map((run) => worker.outcome(run, {})));
      await worker.drain();
      assert.deepEqual(await statesOf(client, id), {
        execution: "SUCCESS",
        x: "SUCCESS",
        a: "SUCCESS",
        c: "SUCCESS",
      });
      assert.deepEqual((await taskRunsOf(client, id)).a?.attempts, ["2 SUCCESS"]);
    }

    it("keeps their order where the other failed", () =>
      db.inTransaction(async (client) => {
        const id = await aTwiceBroken(client);
        await (await aHandWorker(client)).drain({ x: "FAILED" });
        await goesOnInOrder(client, id);
      }));

    it("keeps their order where the other was killed", () =>
      db.inTransaction(async (client) => {
        const id = await aTwiceBroken(client);
        await callOne(client, "reprise_api.kill_execution", { execution_id: id });
        await goesOnInOrder(client, id);
      }));

    it("keeps their order where it was replayed itself, and leaves those replays alone", () =>
      db.inTransaction(async (client) => {
        const id = await aTwiceBroken(client);
        await (await aHandWorker(client)).drain({ x: "FAILED" });
        const waiting = await aReplay(client, id, { anchors: ["failed"] });
        const done = await aReplay(client, id, { anchors: ["failed"] });
        await (await aHandWorker(client)).drain({}, { waits: (other) => other !== done.id });
        await restart(client, id);
        await (await aHandWorker(client)).drain();
        for (const one of [id, waiting.id, done.id]) {
          assert.equal((await executionOf(client, one)).state, "SUCCESS");
          assert.deepEqual((await taskRunsOf(client, one)).a?.attempts, ["2 SUCCESS"]);
        }
        const { rows } = await client.query<{ number: number }>(
          "select number from reprise_api.list_attempts($1) order by number",
          [(await taskRunsOf(client, done.id)).a?.id],
        );
        assert.deepEqual(
          rows.map(({ number }) => number),
          [1, 2],
        );
      }));

    it("fails no report of a worker that ran both", () =>
      db.inTransaction(async (client) => {
        const id = await aTwiceBroken(client);
        await (await aHandWorker(client)).drain({ x: "FAILED" });
        await restart(client, id, {});
        assert.equal((await executionOf(client, id)).state, "SUCCESS");
      }));
  });

  it("refuses what has not ended", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, ["a"]));
      await assert.rejects(restart(client, id), { code: "RP409", reason: "execution_not_ended" });
    }));

  it("refuses where nothing failed", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a"]), { a: "WARNING" });
      await assert.rejects(restart(client, id), { code: "RP409", reason: "nothing_failed" });
    }));

  it("refuses a flow that is disabled or deleted", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a"]);
      const id = await anEndedExecution(client, flow, { a: "FAILED" });
      const name = { namespace: flow.namespace, flow_id: flow.id };
      await callOne(client, "reprise_api.disable_flow", name);
      await client.query("savepoint given");
      await assert.rejects(restart(client, id), { code: "RP409", reason: "flow_disabled" });
      await client.query("rollback to given");
      await callOne(client, "reprise_api.delete_flow", name);
      await assert.rejects(restart(client, id), { code: "RP404", reason: "flow_not_found" });
    }));
});
