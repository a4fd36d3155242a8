import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callMany, callOne } from "../../../src/db/call.ts";
import {
  anEndedExecution,
  anExecution,
  aReplay,
  executionOf,
  taskRunsOf,
  travelTo,
} from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { ownLabels } from "../../support/own-labels.ts";
import { block, linesOf, log } from "../blocks/block-flows.ts";
import { aGatedFlow, historyOf, logOf, statesOfAll, wakeUpsOf } from "./gate-flows.ts";

const db = await testDatabase();
const start = "2026-03-01T08:00:00Z";
const sla = (id: string, seconds: number, behavior: string, rest = "") =>
  `{ id: ${id}, type: MAX_DURATION, duration: PT${seconds}S, behavior: ${behavior}${rest} }`;
const enforce = async (client: ClientBase, execution_id: string) =>
  await callOne(client, "reprise_engine.enforce_deadline", { execution_id });

/** An execution whose first tasks run at a worker. */
async function aRunning(client: ClientBase, top: string, tasks = `${log("a")}, ${log("b")}`) {
  await travelTo(client, start);
  const flow = await aGatedFlow(client, top, { tasks });
  const id = await anExecution(client, flow);
  const worker = await aHandWorker(client);
  const held = await worker.drain({}, { holds: () => true });
  return { flow, id, worker, held };
}

describe("an SLA on the duration", () => {
  for (const [behavior, state, word] of [
    ["FAIL", "FAILED", "failed"],
    ["CANCEL", "CANCELLED", "cancelled"],
  ] as const) {
    it(`${behavior} ends the execution at once as ${state}, and what runs in it`, () =>
      db.inTransaction(async (client) => {
        const rest = `errors: [${log("e")}]\nfinally: [${log("f")}]\nafterExecution: [${log("z")}]`;
        const { id, worker } = await aRunning(client, `sla: [${sla("s", 5, behavior)}]\n${rest}`);
        await travelTo(client, "2026-03-01T08:00:04Z");
        await enforce(client, id);
        assert.deepEqual(await statesOfAll(client, [id]), ["RUNNING"]);
        await travelTo(client, "2026-03-01T08:00:06Z");
        await enforce(client, id);
        assert.deepEqual(await linesOf(client, id), [`a ${state}`, "z CREATED", `= ${state}`]);
        await worker.drain();
        assert.deepEqual(await linesOf(client, id), [`a ${state}`, "z SUCCESS", `= ${state}`]);
        assert.deepEqual(await historyOf(client, id), ["CREATED", "RUNNING", state]);
        const why = "execution duration of PT6S exceed the maximum duration of PT5S";
        assert.deepEqual(await logOf(client, id), [
          `WARN SLA 's' violated: ${why}`,
          `ERROR Execution ${word} due to SLA 's' violated: ${why}`,
        ]);
        assert.deepEqual((await executionOf(client, id)).error, {
          reason: "sla_violated",
          message: `Execution ${word} due to SLA 's' violated: ${why}`,
        });
      }));
  }

  it("has workers stop what runs, and takes no result of it any more", () =>
    db.inTransaction(async (client) => {
      const tasks = `${block("p", "Parallel", `tasks: [${log("x")}, ${log("y")}]`)}, ${log("b")}`;
      const { id, worker, held } = await aRunning(client, `sla: [${sla("s", 5, "FAIL")}]`, tasks);
      await travelTo(client, "2026-03-01T08:00:06Z");
      await enforce(client, id);
      const attempt_ids = held.map(({ begun }) => begun.attempt_id);
      const found = await callMany(client, "reprise_engine.find_killed_attempts", {
        worker_id: worker.id,
        attempt_ids,
      });
      assert.equal(found.length, 2);
      await worker.finish(
        held.map((run) => worker.outcome(run, {})),
        5,
      );
      assert.deepEqual(await linesOf(client, id), ["p KILLED", "x KILLED", "y FAILED", "= FAILED"]);
      assert.deepEqual((await taskRunsOf(client, id)).x?.attempts, ["1 KILLED"]);
    }));

  it("NONE lays its labels over those of the execution, which goes on to the next", () =>
    db.inTransaction(async (client) => {
      const slas = `sla: [${sla("late", 5, "NONE", ", labels: { sla: late, team: b }")}, ${sla("never", 9, "FAIL")}]`;
      const { id } = await aRunning(client, `labels: { team: a }\n${slas}`);
      await travelTo(client, "2026-03-01T08:00:06Z");
      await enforce(client, id);
      await enforce(client, id);
      const { state, labels, violated_slas, deadline_at } = await executionOf(client, id);
      assert.deepEqual(
        [state, ownLabels(labels), violated_slas],
        ["RUNNING", { team: "b", sla: "late" }, ["late"]],
      );
      assert.deepEqual(deadline_at, new Date("2026-03-01T08:00:09Z"));
      assert.deepEqual(await wakeUpsOf(client), ["reprise.Deadline"]);
      await travelTo(client, "2026-03-01T08:00:10Z");
      await enforce(client, id);
      assert.deepEqual(await statesOfAll(client, [id]), ["FAILED"]);
    }));

  it("is one of its own, whatever other has its id", () =>
    db.inTransaction(async (client) => {
      const { id } = await aRunning(
        client,
        `sla: [${sla("s", 5, "NONE")}, ${sla("s", 7, "NONE")}, ${sla("s", 9, "FAIL")}]`,
      );
      for (const [second, violated, state] of [
        [6, ["s"], "RUNNING"],
        [8, ["s", "s#2"], "RUNNING"],
        [10, ["s", "s#2", "s#3"], "FAILED"],
      ] as const) {
        await travelTo(client, `2026-03-01T08:00:${String(second).padStart(2, "0")}Z`);
        await enforce(client, id);
        const execution = await executionOf(client, id);
        assert.deepEqual([execution.violated_slas, execution.state], [violated, state]);
      }
      assert.match(
        (await logOf(client, id)).at(-1) ?? "",
        /^ERROR Execution failed due to SLA 's' violated: /,
      );
    }));

  it("counts the time in a queue, and frees no slot that it has not", () =>
    db.inTransaction(async (client) => {
      const { flow, id } = await aRunning(
        client,
        `concurrency: { limit: 1 }\nsla: [${sla("s", 5, "CANCEL")}]`,
      );
      await travelTo(client, "2026-03-01T08:00:03Z");
      const queued = await anExecution(client, flow);
      const next = await anExecution(client, flow);
      await travelTo(client, "2026-03-01T08:00:09Z");
      await enforce(client, queued);
      assert.deepEqual(await historyOf(client, queued), ["CREATED", "QUEUED", "CANCELLED"]);
      assert.deepEqual(await statesOfAll(client, [next]), ["QUEUED"]);
      await enforce(client, id);
      assert.deepEqual(await statesOfAll(client, [id, next]), ["CANCELLED", "RUNNING"]);
    }));

  it("ends what is paused", () =>
    db.inTransaction(async (client) => {
      const tasks = "{ id: p, type: io.kestra.plugin.core.flow.Pause }";
      await travelTo(client, start);
      const paused = await anExecution(
        client,
        await aGatedFlow(client, `sla: [${sla("s", 5, "FAIL")}]`, { tasks }),
      );
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await statesOfAll(client, [paused]), ["PAUSED"]);
      await travelTo(client, "2026-03-01T08:00:06Z");
      await enforce(client, paused);
      assert.deepEqual(await linesOf(client, paused), ["p FAILED", "= FAILED"]);
      assert.deepEqual(await historyOf(client, paused), ["CREATED", "RUNNING", "PAUSED", "FAILED"]);
    }));

  it("begins with the schedule date", () =>
    db.inTransaction(async (client) => {
      await travelTo(client, start);
      const flow = await aGatedFlow(client, `sla: [${sla("s", 5, "FAIL")}]`);
      const id = await anExecution(client, flow, { schedule_date: "2026-03-02T08:00Z" });
      assert.deepEqual((await executionOf(client, id)).deadline_at, new Date("2026-03-02T08:00:05Z"));
    }));

  it("is kept by what ends in time, which leaves no job", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, `sla: [${sla("s", 5, "FAIL")}]`);
      const id = await anEndedExecution(client, flow);
      assert.deepEqual(await wakeUpsOf(client), []);
      await client.query("select set_config('reprise.now', (now() + interval '1 hour')::text, true)");
      await enforce(client, id);
      assert.deepEqual(await statesOfAll(client, [id]), ["SUCCESS"]);
      assert.equal(await callOne(client, "reprise_engine.reconcile_jobs", {}), 0);
    }));

  it("is found by the reconciler when its job is lost", () =>
    db.inTransaction(async (client) => {
      await aRunning(client, `sla: [${sla("s", 5, "FAIL")}]`);
      await client.query("delete from graphile_worker._private_jobs");
      await travelTo(client, "2026-03-01T08:00:12Z");
      assert.equal(await callOne(client, "reprise_engine.reconcile_jobs", {}), 1);
      assert.deepEqual(await wakeUpsOf(client), ["reprise.Deadline"]);
    }));

  it("begins anew with a restart and with a replay", () =>
    db.inTransaction(async (client) => {
      const { id, worker } = await aRunning(client, `sla: [${sla("s", 5, "FAIL")}]`);
      await travelTo(client, "2026-03-01T08:00:06Z");
      await enforce(client, id);
      await travelTo(client, "2026-03-01T09:00:00Z");
      const replay = await aReplay(client, id, { anchors: ["failed"] });
      const restarted = await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      const deadline = new Date("2026-03-01T09:00:05Z");
      assert.deepEqual([replay.deadline_at, restarted.deadline_at], [deadline, deadline]);
      await worker.drain();
      assert.deepEqual(await statesOfAll(client, [id, replay.id]), ["SUCCESS", "SUCCESS"]);
    }));

  it("leaves alone what is being killed", () =>
    db.inTransaction(async (client) => {
      const { id, worker, held } = await aRunning(client, `sla: [${sla("s", 5, "FAIL")}]`);
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await travelTo(client, "2026-03-01T08:00:06Z");
      await enforce(client, id);
      await worker.finish(held.map(({ begun }) => ({ attemptId: begun.attempt_id, state: "KILLED" })));
      assert.deepEqual(await statesOfAll(client, [id]), ["KILLED"]);
    }));
});

describe("an SLA that asserts something", () => {
  it("is looked at as soon as a replay or a restart begins", () =>
    db.inTransaction(async (client) => {
      const top =
        'sla: [{ id: s, type: EXECUTION_ASSERTION, assert: "{{ outputs.a is defined }}", behavior: FAIL }]';
      const flow = await aGatedFlow(client, top, { tasks: `${log("a")}, ${log("b")}` });
      const id = await anEndedExecution(client, flow, { b: "FAILED" });
      for (const again of ["replay", "restart"]) {
        await client.query("delete from graphile_worker._private_jobs");
        if (again === "replay") await aReplay(client, id, { anchors: ["failed"] });
        else await callOne(client, "reprise_api.restart_execution", { execution_id: id });
        assert.ok((await wakeUpsOf(client)).includes("reprise.Assertions"), again);
      }
    }));
});
