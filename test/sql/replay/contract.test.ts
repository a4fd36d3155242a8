import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { aFlow, aRevision, type FlowSpec } from "../../support/a-flow.ts";
import {
  anEndedExecution,
  anExecution,
  aReplay,
  executionOf,
  taskRunsOf,
  travelTo,
} from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { dumpOf } from "../../support/dump.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { ownLabels } from "../../support/own-labels.ts";

const db = await testDatabase();
const count = async (client: ClientBase) =>
  (await client.query("select from reprise.executions")).rowCount as number;

describe("a replay", () => {
  it("is a new execution that names its original, its anchors, who made it and why", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a", "b"]), { b: "FAILED" });
      const b = (await taskRunsOf(client, id)).b?.id;
      const replay = await aReplay(client, id, { anchors: ["failed"], actor: "ada", note: "once more" });
      assert.notEqual(replay.id, id);
      assert.partialDeepStrictEqual(replay, {
        state: "RESTARTED",
        attempt_number: 2,
        original_id: id,
        root_id: id,
        anchors: [{ anchor: "failed", taskId: "b", path: null, taskRunId: b }],
        created_by: "ada",
        note: "once more",
        flow_revision: 1,
      });
      assert.equal((await executionOf(client, id)).attempt_number, 1);
    }));

  it("changes nothing of the original: not a row, not while it runs, not when it is killed, restarted or purged", () =>
    db.inTransaction(async (client) => {
      const spec: FlowSpec = { tasks: ["a", { id: "b", reads: ["a"] }, "c"], outputs: [{ id: "x" }] };
      const id = await anEndedExecution(client, await aFlow(client, spec), { b: "FAILED" });
      const before = await dumpOf(client, id);
      const worker = await aHandWorker(client);
      const replay = await aReplay(client, id, { anchors: ["failed"] });
      assert.deepEqual(await dumpOf(client, id), before);
      await worker.drain({ c: "FAILED" });
      await callOne(client, "reprise_api.restart_execution", { execution_id: replay.id });
      await worker.drain();
      const killed = await aReplay(client, id, { anchors: ["task:a"] });
      await callOne(client, "reprise_api.kill_execution", { execution_id: killed.id });
      await callOne(client, "reprise_api.purge_executions", { execution_ids: [replay.id, killed.id] });
      assert.deepEqual(await dumpOf(client, id), before);
    }));

  it("leaves nothing behind when its transaction is rolled back", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a", "b"]), { b: "FAILED" });
      const everything = async () => ({
        executions: await count(client),
        runs: (await client.query("select from reprise.task_runs")).rowCount,
        noted: (await client.query("select from reprise.replayed_task_runs")).rowCount,
        jobs: (await client.query("select from graphile_worker._private_jobs")).rowCount,
      });
      const before = await everything();
      await client.query("savepoint given");
      await aReplay(client, id, { anchors: ["failed"], idempotency_key: "k" });
      await client.query("rollback to given");
      assert.deepEqual(await everything(), before);
      assert.notEqual((await aReplay(client, id, { anchors: ["failed"], idempotency_key: "k" })).id, null);
    }));

  it("is the same one when it is asked for twice with one key", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a", "b"]), { b: "FAILED" });
      const args = { anchors: ["failed"], idempotency_key: "once" };
      const first = await aReplay(client, id, args);
      assert.equal((await aReplay(client, id, args)).id, first.id);
      await (await aHandWorker(client)).drain();
      assert.equal((await aReplay(client, id, { ...args, note: "again", actor: "bob" })).id, first.id);
      assert.equal(await count(client), 2);
      await assert.rejects(aReplay(client, id, { ...args, anchors: ["start"] }), {
        code: "RP409",
        reason: "idempotency_key_reused",
      });
    }));

  it("never copies outputs, however big they are", async () => {
    const client = await db.connect();
    const ids: Record<string, string> = {};
    const flow = await aFlow(client, ["a", "b", "c"]);
    const worker = await aHandWorker(client);
    for (const [name, size] of [
      ["small", 10],
      ["big", 400_000],
    ] as const) {
      ids[name] = await anExecution(client, flow);
      // Noise, so that compression does not hide it.
      const value = randomBytes(size / 2).toString("hex");
      await worker.drain(({ taskId }) => (taskId === "c" ? "FAILED" : { outputs: { value } }));
    }
    const bytes = async () => {
      const { rows } = await client.query<{ bytes: string }>(
        `select sum(pg_total_relation_size(c.oid)) as bytes from pg_class as c
        where c.relnamespace in ('reprise'::regnamespace, 'graphile_worker'::regnamespace) and c.relkind = 'r'`,
      );
      return Number(rows[0]?.bytes);
    };
    const before = await bytes();
    const replay = await aReplay(client, ids.big as string, { anchors: ["failed"] });
    assert.ok((await bytes()) - before < 100_000);
    const shown = (await taskRunsOf(client, replay.id)).a;
    assert.equal((shown?.outputs as { value: string } | undefined)?.value.length, 400_000);
    assert.deepEqual(shown?.attempts, []);
    await callOne(client, "reprise_api.kill_execution", { execution_id: replay.id });
  });

  it("goes on counting attempts where the original was", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a", { id: "b", retry: { maxAttempts: 2 } }, "c"]);
      const id = await anEndedExecution(client, flow, { b: "FAILED" });
      const replay = await aReplay(client, id, { anchors: ["failed"] });
      await (await aHandWorker(client)).drain({ b: ["FAILED", "SUCCESS"] });
      const runs = await taskRunsOf(client, replay.id);
      assert.deepEqual(
        [runs.a?.attempts, runs.b?.attempts, runs.c?.attempts],
        [[], ["3 FAILED", "4 SUCCESS"], ["1 SUCCESS"]],
      );
      const history = await client.query<{ number: number; state: string; execution_id: string }>(
        "select number, state, execution_id from reprise_api.list_attempts($1)",
        [runs.b?.id],
      );
      assert.deepEqual(
        history.rows.map(({ number, state, execution_id }) => [number, state, execution_id === id]),
        [
          [1, "FAILED", true],
          [2, "FAILED", true],
          [3, "FAILED", false],
          [4, "SUCCESS", false],
        ],
      );
    }));

  it("is born RESTARTED from a task run and CREATED from the start, as its history says", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a", "b"]), { b: "FAILED" });
      for (const [anchors, state] of [
        [["task:b"], "RESTARTED"],
        [["task:a"], "RESTARTED"],
        [["failed"], "RESTARTED"],
        [["auto"], "RESTARTED"],
        [["start"], "CREATED"],
        [["task:b", "start"], "CREATED"],
      ] as const) {
        const replay = await aReplay(client, id, { anchors: [...anchors] });
        assert.equal(replay.state, state);
        const { rows } = await client.query<{ state: string; states: string[] }>(
          `select state, array(select h ->> 'state' from jsonb_array_elements(state_history) as h) as states
          from reprise_api.executions where id = $1`,
          [replay.id],
        );
        assert.deepEqual(rows, [{ state, states: [state] }]);
      }
    }));

  describe("keeps the start date", () => {
    const at = (day: number) => `2026-01-0${day}T00:00:00Z`;
    const started = async (client: ClientBase, args: Parameters<typeof aReplay>[2]) => {
      await travelTo(client, at(1));
      const id = await anEndedExecution(client, await aFlow(client, ["a", "b"]), { b: "FAILED" });
      await travelTo(client, at(2));
      const replay = await aReplay(client, id, args);
      assert.equal(replay.created_at.toISOString(), new Date(at(2)).toISOString());
      return replay.start_date.toISOString().slice(8, 10);
    };

    it("from a task run, also from the first", () =>
      db.inTransaction(async (client) => {
        assert.equal(await started(client, { anchors: ["task:a"] }), "01");
        assert.equal(await started(client, { anchors: ["failed"] }), "01");
        assert.equal(await started(client, { anchors: ["auto"] }), "01");
      }));

    it("not from the start", () =>
      db.inTransaction(async (client) => {
        assert.equal(await started(client, {}), "02");
        assert.equal(await started(client, { anchors: ["task:b", "start"] }), "02");
      }));
  });

  it("has its own clock", () =>
    db.inTransaction(async (client) => {
      await travelTo(client, "2026-01-01T00:00:00Z");
      const id = await anEndedExecution(client, await aFlow(client, ["a", "b"]), { b: "FAILED" });
      await travelTo(client, "2026-02-01T00:00:00Z");
      const replay = await aReplay(client, id, { anchors: ["failed"] });
      await (await aHandWorker(client)).drain();
      const { started_at, ended_at } = await executionOf(client, replay.id);
      assert.deepEqual(started_at, new Date("2026-02-01T00:00:00Z"));
      assert.deepEqual(ended_at, new Date("2026-02-01T00:00:00Z"));
    }));

  it("keeps trigger and schedule date", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a"]));
      await client.query(
        `update reprise.executions set trigger = '{"id": "t", "date": "2026-01-01"}', schedule_date = '2026-01-01' where id = $1`,
        [id],
      );
      for (const anchors of [["start"], ["task:a"]]) {
        const replay = await aReplay(client, id, { anchors });
        assert.deepEqual(replay.trigger, { id: "t", date: "2026-01-01" });
        assert.deepEqual(replay.schedule_date, (await executionOf(client, id)).schedule_date);
      }
    }));

  it("keeps labels and is marked; the original only shows that it was replayed", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, { tasks: ["a"], labels: { team: "data" } });
      const id = await anEndedExecution(client, flow, {}, { labels: { mine: "1" } });
      const replay = await aReplay(client, id);
      assert.deepEqual(ownLabels(replay.labels), { team: "data", mine: "1", "system.replay": "true" });
      assert.deepEqual(ownLabels((await executionOf(client, id)).labels), { team: "data", mine: "1" });
      const { rows } = await client.query("select labels from reprise_api.executions where id = $1", [id]);
      assert.equal(rows[0]?.labels["system.replayed"], "true");
    }));

  it("is not marked as restarted because its original was", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a"]), { a: "FAILED" });
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await (await aHandWorker(client)).drain();
      assert.deepEqual(ownLabels((await aReplay(client, id)).labels), { "system.replay": "true" });
    }));

  it("follows labels and variables of another revision", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, {
        tasks: ["a"],
        labels: { team: "data", gone: "x", both: "old" },
        variables: { v: 1, w: 1 },
      });
      const id = await anEndedExecution(client, flow, {}, { labels: { mine: "1", both: "given" } });
      await aRevision(client, flow, {
        tasks: ["a"],
        labels: { team: "new", both: "old" },
        variables: { v: 2 },
      });
      const replay = await aReplay(client, id, { revision: "latest" });
      assert.deepEqual(ownLabels(replay.labels), {
        team: "new",
        both: "given",
        mine: "1",
        "system.replay": "true",
      });
      assert.deepEqual(replay.variables, { v: 2 });
    }));
});
