import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, aPlan, aReplay, taskRunsOf, travelTo } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aGatedFlow, historyOf, statesOfAll, wakeUpsOf } from "./gate-flows.ts";

const db = await testDatabase();
const now = "2026-03-01T08:00:00Z";
const date = "2026-03-01T09:00:00Z";
const start = async (client: ClientBase, execution_id: string) =>
  await callOne(client, "reprise_engine.start_scheduled", { execution_id });
const kill = async (client: ClientBase, execution_id: string) =>
  await callOne(client, "reprise_api.kill_execution", { execution_id });
const force = async (client: ClientBase, execution_id: string) =>
  await callOne(client, "reprise_api.force_run_execution", { execution_id });

async function aScheduled(client: ClientBase, top = "") {
  await travelTo(client, now);
  const flow = await aGatedFlow(client, top);
  return { flow, id: await anExecution(client, flow, { schedule_date: date }) };
}

describe("an execution with a schedule date", () => {
  it("stays CREATED until then, and opens nothing", () =>
    db.inTransaction(async (client) => {
      const { id } = await aScheduled(client);
      await start(client, id);
      assert.deepEqual(await statesOfAll(client, [id]), ["CREATED"]);
      assert.deepEqual(await taskRunsOf(client, id), {});
      const { rows } = await client.query("select run_at from graphile_worker.jobs where key = $1", [
        `start:${id}`,
      ]);
      assert.deepEqual(rows, [{ run_at: new Date(date) }]);
    }));

  it("starts when it has come, once", () =>
    db.inTransaction(async (client) => {
      const { id } = await aScheduled(client);
      await travelTo(client, date);
      await start(client, id);
      await start(client, id);
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await historyOf(client, id), ["CREATED", "RUNNING", "SUCCESS"]);
    }));

  it("starts at once when it lies behind", () =>
    db.inTransaction(async (client) => {
      await travelTo(client, now);
      const id = await anExecution(client, await aGatedFlow(client, ""), {
        schedule_date: "2026-02-01T00:00Z",
      });
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await statesOfAll(client, [id]), ["SUCCESS"]);
    }));

  it("takes no slot before it starts, and waits for one then", () =>
    db.inTransaction(async (client) => {
      const { flow, id } = await aScheduled(client, "concurrency: { limit: 1 }");
      const other = await anExecution(client, flow);
      assert.deepEqual(await statesOfAll(client, [id, other]), ["CREATED", "CREATED"]);
      await travelTo(client, date);
      await start(client, id);
      const late = await anExecution(client, flow);
      assert.deepEqual(await statesOfAll(client, [id, late]), ["QUEUED", "QUEUED"]);
      await kill(client, other);
      assert.deepEqual(await statesOfAll(client, [id, late]), ["RUNNING", "QUEUED"]);
    }));

  it("is KILLED when it is killed before, and its job is gone", () =>
    db.inTransaction(async (client) => {
      const { id } = await aScheduled(client);
      assert.equal((await kill(client, id)).state, "KILLED");
      assert.deepEqual(await wakeUpsOf(client), []);
      await travelTo(client, date);
      await start(client, id);
      assert.deepEqual(await taskRunsOf(client, id), {});
    }));

  it("is found by the reconciler when its job is lost", () =>
    db.inTransaction(async (client) => {
      await aScheduled(client);
      await client.query("delete from graphile_worker._private_jobs");
      const reconcile = () => callOne(client, "reprise_engine.reconcile_jobs", {});
      assert.equal(await reconcile(), 0);
      await travelTo(client, "2026-03-01T09:00:10Z");
      assert.equal(await reconcile(), 1);
      assert.deepEqual(await wakeUpsOf(client), ["reprise.Start"]);
    }));

  it("is scheduled in a replay from the start, and not in one from a task", () =>
    db.inTransaction(async (client) => {
      const { id } = await aScheduled(client);
      await force(client, id);
      await (await aHandWorker(client)).drain({ a: "FAILED" });
      const warningsOf = async (anchors: string[]) =>
        (await aPlan(client, id, { anchors })).problems?.map(
          (problem) => `${problem?.code}: ${problem?.message}`,
        );
      assert.deepEqual(await warningsOf(["start"]), [
        "waits_for_date: The replay begins no sooner than 2026-03-01T09:00:00Z, as its original was to. To have it run at once, force it.",
      ]);
      assert.deepEqual(await warningsOf(["failed"]), []);
      const again = await aReplay(client, id);
      assert.equal(again.is_scheduled, true);
      const fromTask = await aReplay(client, id, { anchors: ["failed"] });
      assert.equal(fromTask.is_scheduled, false);
      assert.deepEqual(Object.keys(await taskRunsOf(client, fromTask.id)), ["a"]);
    }));

  it("is waited for no more in a replay from a task or a restart of what was killed before, which is said", () =>
    db.inTransaction(async (client) => {
      const { id } = await aScheduled(client);
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      const messagesOf = async (anchor: string) =>
        (await aPlan(client, id, { anchors: [anchor] })).problems?.map(
          (problem) => `${problem?.code}: ${problem?.message}`,
        );
      for (const anchor of ["task:a", "failed"])
        assert.deepEqual(await messagesOf(anchor), [
          "runs_before_date: The replay runs at once, though its original was to begin no sooner than 2026-03-01T09:00:00Z. To have it wait for that, start at `start`.",
        ]);
      const replay = await aReplay(client, id, { anchors: ["task:a"] });
      assert.equal(replay.is_scheduled, false);

      const { is_scheduled } = await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      assert.equal(is_scheduled, false);
      assert.deepEqual(Object.keys(await taskRunsOf(client, id)), ["a"]);
      const { rows } = await client.query<{ message: string }>(
        "select message from reprise.logs where execution_id = $1 order by id desc limit 1",
        [id],
      );
      assert.match(rows[0]?.message ?? "", /^Restarted by .*\. It does not wait for its date\.$/);
    }));

  it("is told from another by an idempotency key", () =>
    db.inTransaction(async (client) => {
      await travelTo(client, now);
      const flow = await aGatedFlow(client, "");
      const create = (schedule_date: string) =>
        anExecution(client, flow, { schedule_date, idempotency_key: "once" });
      assert.equal(await create(date), await create("2026-03-01T10:00:00+01:00"));
      await assert.rejects(create("2026-03-02T09:00Z"), { code: "RP409", reason: "idempotency_key_reused" });
    }));

  it("cannot be paused before it starts", () =>
    db.inTransaction(async (client) => {
      const { id } = await aScheduled(client);
      await assert.rejects(callOne(client, "reprise_api.pause_execution", { execution_id: id }), {
        code: "RP409",
        reason: "execution_not_running",
      });
    }));

  it("is refused a date that is none", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, "");
      await assert.rejects(anExecution(client, flow, { schedule_date: "infinity" }), {
        code: "RP400",
        reason: "malformed_schedule_date",
      });
    }));
});

describe("reprise_api.force_run_execution", () => {
  it("starts before the date, over the limit, and holds a slot", () =>
    db.inTransaction(async (client) => {
      const { flow, id } = await aScheduled(client, "concurrency: { limit: 1 }");
      const other = await anExecution(client, flow);
      assert.equal((await force(client, id)).state, "RUNNING");
      assert.deepEqual(await wakeUpsOf(client), []);
      await kill(client, other);
      const next = await anExecution(client, flow);
      assert.deepEqual(await statesOfAll(client, [id, next]), ["RUNNING", "QUEUED"]);
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await historyOf(client, id), ["CREATED", "RUNNING", "SUCCESS"]);
    }));

  it("starts what waits in a queue", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, "concurrency: { limit: 1 }");
      await anExecution(client, flow);
      const id = await anExecution(client, flow);
      await force(client, id);
      assert.deepEqual(await historyOf(client, id), ["CREATED", "QUEUED", "RUNNING"]);
    }));

  it("resumes what is paused", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aGatedFlow(client, ""));
      await callOne(client, "reprise_api.pause_execution", { execution_id: id });
      assert.equal((await force(client, id)).state, "RUNNING");
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await statesOfAll(client, [id]), ["SUCCESS"]);
    }));

  it("refuses what waits for nothing, and what has ended", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aGatedFlow(client, ""));
      await client.query("savepoint given");
      await assert.rejects(force(client, id), { code: "RP409", reason: "execution_not_waiting" });
      await client.query("rollback to given");
      await kill(client, id);
      await assert.rejects(force(client, id), { code: "RP409", reason: "execution_ended" });
    }));
});
