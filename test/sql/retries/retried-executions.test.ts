import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { aPlan, aReplay, executionOf, taskRunsOf, travelTo } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { block, linesOf, log } from "../blocks/block-flows.ts";
import { logOf, wakeUpsOf } from "../gates/gate-flows.ts";
import { aLine, aWaiting, fails, failsOnce, lineOf, newExecution, retryNow } from "./retry-flows.ts";

const db = await testDatabase();

describe("the wait for a new execution", () => {
  const source = `${newExecution()}\ntasks: [${log("a")}]`;

  it("ends at its time, once, and neither early nor twice", () =>
    db.inTransaction(async (client) => {
      const id = await aWaiting(client, source);
      assert.deepEqual(await wakeUpsOf(client), ["reprise.Retry"]);
      await retryNow(client, id);
      assert.equal((await lineOf(client, id)).length, 1);
      await travelTo(client, "2026-03-01T08:00:10Z");
      await retryNow(client, id);
      await retryNow(client, id);
      assert.equal((await lineOf(client, id)).length, 2);
    }));

  it("survives the loss of its job", () =>
    db.inTransaction(async (client) => {
      await aWaiting(client, source);
      await client.query("delete from graphile_worker._private_jobs");
      await travelTo(client, "2026-03-01T08:00:20Z");
      assert.equal(await callOne(client, "reprise_engine.reconcile_jobs", {}), 1);
      assert.deepEqual(await wakeUpsOf(client), ["reprise.Retry"]);
    }));

  it("ends when somebody kills the execution, which is KILLED then", () =>
    db.inTransaction(async (client) => {
      const id = await aWaiting(client, source);
      const { state } = await callOne(client, "reprise_api.kill_execution", {
        execution_id: id,
        actor: "ann",
      });
      assert.equal(state, "KILLED");
      await travelTo(client, "2026-03-01T08:00:20Z");
      await retryNow(client, id);
      assert.deepEqual(await lineOf(client, id), ["a RETRIED, = KILLED"]);
      assert.equal((await logOf(client, id)).at(-1), "INFO Killed by ann.");
      assert.deepEqual(await wakeUpsOf(client), []);
    }));

  it("ends with a failure when the flow may not run any more", () =>
    db.inTransaction(async (client) => {
      const id = await aWaiting(client, source);
      const { namespace, flow_id } = await executionOf(client, id);
      await callOne(client, "reprise_api.disable_flow", { namespace, flow_id });
      await travelTo(client, "2026-03-01T08:00:20Z");
      await retryNow(client, id);
      const { state, error } = await executionOf(client, id);
      assert.deepEqual(
        [state, error],
        [
          "FAILED",
          { reason: "not_retried", message: `Flow company.team.${flow_id} is disabled: enable it first.` },
        ],
      );
    }));

  it("keeps the execution from a purge", () =>
    db.inTransaction(async (client) => {
      const id = await aWaiting(client, source);
      const purged = await callOne(client, "reprise_api.purge_executions", { execution_ids: [id] });
      assert.equal(purged.purged_count, 0);
    }));
});

describe("an execution that was retried", () => {
  it("ends its line with the kill of the last", () =>
    db.inTransaction(async (client) => {
      const id = await aWaiting(client, `${newExecution()}\ntasks: [${log("a")}]`);
      await travelTo(client, "2026-03-01T08:00:10Z");
      await retryNow(client, id);
      const { rows } = await client.query("select id from reprise.executions where original_id = $1", [id]);
      await callOne(client, "reprise_api.kill_execution", { execution_id: rows[0].id });
      const worker = await aHandWorker(client);
      await worker.drain(fails);
      assert.deepEqual(await lineOf(client, id), ["a RETRIED, = RETRIED", "a KILLED, = KILLED"]);
    }));

  const refused = { code: "RP409", reason: "execution_retried" };

  it("cannot be restarted, since another has its place", () =>
    db.inTransaction(async (client) => {
      const { id } = await aLine(client, `${newExecution()}\ntasks: [${log("a")}]`, failsOnce);
      await assert.rejects(callOne(client, "reprise_api.restart_execution", { execution_id: id }), refused);
    }));

  it("has no task run that could be marked", () =>
    db.inTransaction(async (client) => {
      const id = await aWaiting(client, `${newExecution()}\ntasks: [${log("a")}]`);
      const task_run_id = (await taskRunsOf(client, id)).a?.id as string;
      const mark = callOne(client, "reprise_api.change_task_run_state", { task_run_id, state: "SUCCESS" });
      await assert.rejects(mark, refused);
    }));

  it("goes on from what failed when it is killed in its wait and restarted", () =>
    db.inTransaction(async (client) => {
      const s = block("s", "Sequential", `tasks: [${log("x")}, ${log("a")}]`);
      const id = await aWaiting(client, `${newExecution()}\ntasks: [${s}, ${log("b")}]`);
      const worker = await aHandWorker(client);
      await worker.drain(fails, { rounds: 1 });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain();
      assert.deepEqual(await lineOf(client, id), ["s SUCCESS, x SUCCESS, a SUCCESS, b SUCCESS, = SUCCESS"]);
    }));

  it("is restarted, as the last of its line, with a budget of its own", () =>
    db.inTransaction(async (client) => {
      await travelTo(client, "2026-03-01T08:00:00Z");
      const source = `${newExecution("maxAttempts: 2, maxDuration: PT1M")}\ntasks: [${log("x")}, ${log("a")}]`;
      const { id } = await aLine(client, source, fails);
      const { rows } = await client.query(
        "select id from reprise.executions where original_id = $1 and state = 'FAILED'",
        [id],
      );
      await travelTo(client, "2026-03-01T09:00:00Z");
      await callOne(client, "reprise_api.restart_execution", { execution_id: rows[0].id });
      const worker = await aHandWorker(client);
      await worker.drain(fails);
      assert.deepEqual(await lineOf(client, id), [
        "x SUCCESS, a RETRIED, = RETRIED",
        "x SUCCESS, a RETRIED, = RETRIED",
        "x SUCCESS, a FAILED, = FAILED",
      ]);
    }));

  it("is replayed from what failed in it, by a replay with a budget of its own", () =>
    db.inTransaction(async (client) => {
      const source = `${newExecution("maxAttempts: 2")}\ntasks: [${log("x")}, ${block("s", "Sequential", `tasks: [${log("a")}]`)}]`;
      const { id } = await aLine(client, source, fails);
      const replay = await aReplay(client, id, { anchors: ["failed"] });
      const worker = await aHandWorker(client);
      await worker.drain(fails);
      assert.deepEqual(await linesOf(client, replay.id), [
        "x SUCCESS",
        "s RETRIED",
        "a RETRIED",
        "= RETRIED",
      ]);
      assert.equal((await lineOf(client, id)).at(-1), "x SUCCESS, s FAILED, a FAILED, = FAILED");
    }));

  for (const [type, rest] of [
    ["Sequential", ""],
    ["WorkingDirectory", ""],
    ["WorkingDirectory", ', runIf: "{{ true }}"'],
  ] as const)
    it(`is replayed from beside what failed in it, where the blocks around that come to what they run in the end: ${type}${rest}`, () =>
      db.inTransaction(async (client) => {
        const inner = block(
          "s",
          type,
          `tasks: [${log("b")}, ${log("a")}, ${log("c")}], errors: [${log("e")}], finally: [${log("f")}]${rest}`,
        );
        const parallel = block("p", "Parallel", `tasks: [${inner}, ${log("x")}]`);
        const source = `${newExecution("maxAttempts: 2")}\ntasks: [${parallel}]`;
        const { id } = await aLine(client, source, fails);
        const { brief } = await aPlan(client, id, { anchors: ["task:x"] });
        assert.deepEqual(brief, {
          p: "REOPENED around",
          s: "REOPENED not_ended",
          b: "CARRIED unchanged",
          a: "CARRIED_FAILED failed",
          c: "NOT_REACHED held_back a",
          e: "UNKNOWN handles s",
          f: "RERUN handles s",
          x: "RERUN anchor",
        });
        const replay = await aReplay(client, id, { anchors: ["task:x"] });
        await (await aHandWorker(client)).drain();
        assert.deepEqual((await linesOf(client, replay.id)).toSorted(), [
          "= FAILED",
          "a FAILED",
          "b SUCCESS",
          "e SUCCESS",
          "f SUCCESS",
          "p FAILED",
          "s FAILED",
          "x SUCCESS",
        ]);
      }));
});
