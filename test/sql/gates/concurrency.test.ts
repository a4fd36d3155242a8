import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import {
  anEndedExecution,
  anExecution,
  aReplay,
  executionOf,
  taskRunsOf,
} from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { cannotListKeys } from "../../support/lists-of-keys.ts";
import { block, linesOf, log } from "../blocks/block-flows.ts";
import {
  aGatedFlow,
  historyOf,
  logOf,
  openGate,
  someExecutions,
  statesOfAll,
  wakeUpsOf,
} from "./gate-flows.ts";

const db = await testDatabase();
const skip = await cannotListKeys(db.pool);
const one = "concurrency: { limit: 1 }";
const kill = async (client: ClientBase, execution_id: string) =>
  await callOne(client, "reprise_api.kill_execution", { execution_id });

/** Runs one execution to its end, and lets in whoever may follow. */
async function end(client: ClientBase, id: string, state: "SUCCESS" | "FAILED" = "SUCCESS") {
  const worker = await aHandWorker(client);
  await worker.drain(() => state, { waits: (other) => other !== id });
}

describe("a limit of executions", () => {
  it("lets in as many as it says, the others wait", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, "concurrency: { limit: 2 }");
      const ids = await someExecutions(client, flow, 4);
      assert.deepEqual(await statesOfAll(client, ids), ["CREATED", "CREATED", "QUEUED", "QUEUED"]);
      assert.deepEqual(await taskRunsOf(client, ids[2] as string), {});
    }));

  it("lets in who has waited longest when one has ended", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, one);
      const ids = await someExecutions(client, flow, 3);
      await end(client, ids[0] as string);
      assert.deepEqual(await wakeUpsOf(client), []);
      assert.deepEqual(await statesOfAll(client, ids), ["SUCCESS", "RUNNING", "QUEUED"]);
      assert.equal(await openGate(client, flow), 0);
      await end(client, ids[1] as string, "FAILED");
      await end(client, ids[2] as string);
      assert.deepEqual(await historyOf(client, ids[2] as string), [
        "CREATED",
        "QUEUED",
        "RUNNING",
        "SUCCESS",
      ]);
    }));

  it("holds no flow back that has none, and leaves it no job", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, "");
      const ids = await someExecutions(client, flow, 3);
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await statesOfAll(client, ids), ["SUCCESS", "SUCCESS", "SUCCESS"]);
      assert.deepEqual(await wakeUpsOf(client), []);
    }));

  it("keeps a slot until what runs after the execution has ended", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, `${one}\nafterExecution: [${log("z")}]`);
      const ids = await someExecutions(client, flow, 2);
      const worker = await aHandWorker(client);
      await worker.drain({}, { rounds: 1 });
      assert.deepEqual(await statesOfAll(client, ids), ["SUCCESS", "QUEUED"]);
      await worker.drain({}, { rounds: 1 });
      assert.deepEqual(await statesOfAll(client, ids), ["SUCCESS", "RUNNING"]);
    }));

  it("keeps a slot while the execution is paused", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, one, {
        tasks: `{ id: p, type: io.kestra.plugin.core.flow.Pause }, ${log("a")}`,
      });
      const ids = await someExecutions(client, flow, 2);
      const worker = await aHandWorker(client);
      await worker.drain();
      assert.deepEqual(await statesOfAll(client, ids), ["PAUSED", "QUEUED"]);
      assert.equal(await openGate(client, flow), 0);
      for (const execution_id of ids) {
        await callOne(client, "reprise_api.resume_execution", { execution_id });
        await worker.drain();
      }
      const told = ["RUNNING", "PAUSED", "RUNNING", "SUCCESS"];
      assert.deepEqual(await historyOf(client, ids[0] as string), ["CREATED", ...told]);
      assert.deepEqual(await historyOf(client, ids[1] as string), ["CREATED", "QUEUED", ...told]);
    }));

  it("CANCEL ends what is beyond it, and runs what comes after executions", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(
        client,
        `concurrency: { limit: 1, behavior: CANCEL }\nafterExecution: [${log("z")}]`,
      );
      const [first = "", second = ""] = await someExecutions(client, flow, 2);
      const { state, error } = await executionOf(client, second);
      assert.equal(state, "CANCELLED");
      assert.equal((error as { reason: string }).reason, "concurrency_limit_exceeded");
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await linesOf(client, second), ["z SUCCESS", "= CANCELLED"]);
      assert.deepEqual(await historyOf(client, second), ["CREATED", "CANCELLED"]);
      assert.deepEqual(await linesOf(client, first), ["a SUCCESS", "z SUCCESS", "= SUCCESS"]);
    }));

  it("FAIL fails what is beyond it, and says why", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, "concurrency: { limit: 1, behavior: FAIL }");
      const [, second = ""] = await someExecutions(client, flow, 2);
      assert.deepEqual(await historyOf(client, second), ["CREATED", "FAILED"]);
      assert.deepEqual(await logOf(client, second), [
        "ERROR Execution is FAILED due to concurrency limit exceeded",
      ]);
      assert.deepEqual(await linesOf(client, second), ["= FAILED"]);
    }));

  it("frees nothing when something is killed that waits, and a slot when something is that runs", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, one);
      const [first = "", second = "", third = ""] = await someExecutions(client, flow, 3);
      assert.equal((await kill(client, second)).state, "KILLED");
      assert.deepEqual(await historyOf(client, second), ["CREATED", "QUEUED", "KILLING", "KILLED"]);
      assert.deepEqual(await taskRunsOf(client, second), {});
      assert.deepEqual(await statesOfAll(client, [third]), ["QUEUED"]);
      await kill(client, first);
      assert.deepEqual(await statesOfAll(client, [first, second, third]), ["KILLED", "KILLED", "RUNNING"]);
    }));

  it("holds for replays", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, one, { tasks: `${log("a")}, ${log("b")}` });
      const original = await anEndedExecution(client, flow, { b: "FAILED" });
      const [running = ""] = await someExecutions(client, flow, 1);
      const replay = await aReplay(client, original, { anchors: ["failed"] });
      assert.equal(replay.state, "QUEUED");
      await end(client, running);
      await end(client, replay.id);
      assert.deepEqual(await linesOf(client, replay.id), ["a SUCCESS", "b SUCCESS", "= SUCCESS"]);
      assert.deepEqual(await historyOf(client, replay.id), ["RESTARTED", "QUEUED", "RUNNING", "SUCCESS"]);
    }));

  it("holds for restarts", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, one, { tasks: `${log("a")}, ${log("b")}` });
      const id = await anEndedExecution(client, flow, { b: "FAILED" });
      const [running = ""] = await someExecutions(client, flow, 1);
      const restarted = await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      assert.equal(restarted.state, "QUEUED");
      await end(client, running);
      await end(client, id);
      assert.deepEqual(await linesOf(client, id), ["a SUCCESS", "b SUCCESS", "= SUCCESS"]);
      const told = ["CREATED", "RUNNING", "FAILED", "RESTARTED", "QUEUED", "RUNNING", "SUCCESS"];
      assert.deepEqual(await historyOf(client, id), told);
      assert.equal((await executionOf(client, id)).holds_slot, false);
    }));

  it("is kept by a restart that it refuses, which may be tried again", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, "concurrency: { limit: 1, behavior: CANCEL }");
      const id = await anEndedExecution(client, flow, { a: "FAILED" });
      const [running = ""] = await someExecutions(client, flow, 1);
      const restart = async () =>
        (await callOne(client, "reprise_api.restart_execution", { execution_id: id })).state;
      assert.equal(await restart(), "CANCELLED");
      assert.deepEqual(await linesOf(client, id), ["a CANCELLED", "= CANCELLED"]);
      await end(client, running);
      assert.equal(await restart(), "RESTARTED");
      await end(client, id);
      assert.deepEqual(await linesOf(client, id), ["a SUCCESS", "= SUCCESS"]);
    }));

  it("lets in everything that waits once the flow has none any more, and as many as it has more", () =>
    db.inTransaction(async (client) => {
      const { id, ...flow } = await aGatedFlow(client, one);
      const ids = await someExecutions(client, { id, ...flow }, 5);
      await aGatedFlow(client, "concurrency: { limit: 3 }", { id });
      assert.deepEqual(await wakeUpsOf(client), ["reprise.Gate"]);
      assert.equal(await openGate(client, { id, ...flow }), 2);
      await aGatedFlow(client, one, { id });
      assert.equal(await openGate(client, { id, ...flow }), 0);
      await aGatedFlow(client, "", { id });
      assert.equal(await openGate(client, { id, ...flow }), 2);
      assert.deepEqual(await statesOfAll(client, ids), [
        "CREATED",
        "RUNNING",
        "RUNNING",
        "RUNNING",
        "RUNNING",
      ]);
    }));

  it("counts what ran before there was one", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, "");
      await someExecutions(client, flow, 2);
      await aGatedFlow(client, "concurrency: { limit: 3 }", flow);
      const ids = await someExecutions(client, flow, 2);
      assert.deepEqual(await statesOfAll(client, ids), ["CREATED", "QUEUED"]);
    }));

  it("costs the same whether ten wait or thousands", () =>
    db.inTransaction(async (client) => {
      const few = await rowsFor(client, 10);
      assert.ok((await rowsFor(client, 3_000)) < few + 20);
    }));

  for (const [title, tuples, pages] of [
    ["empty", 0, 100],
    ["nearly empty", 1, 100],
    ["bloated", 400, 100_000],
    ["dense", 1e7, 100],
    ["huge", 1e7, 100_000],
  ] as const) {
    it(`costs the same where the tables were ${title} when somebody looked last`, { skip }, () =>
      db.inTransaction(async (client) => {
        await client.query(
          `update pg_class set reltuples = $1::real, relpages = $2::integer
          where relnamespace = 'reprise'::regnamespace and relkind in ('r', 'i')`,
          [tuples, pages],
        );
        const few = await rowsFor(client, 10);
        assert.ok((await rowsFor(client, 300)) < few + 20);
      }),
    );
  }

  it("lets what ends as soon as it begins go through a queue of any length", () =>
    db.inTransaction(async (client) => {
      const tasks = block("s", "Sequential", `tasks: [${log("a", ", disabled: true")}]`);
      const flow = await aGatedFlow(client, one, { tasks: log("a") });
      const [running = ""] = await someExecutions(client, flow, 1);
      await aGatedFlow(client, one, { id: flow.id, tasks });
      const ids = await someExecutions(client, flow, 5);
      await kill(client, running);
      assert.deepEqual(await statesOfAll(client, ids), ["SUCCESS", ...Array(4).fill("QUEUED")]);
      while ((await openGate(client, flow)) > 0);
      assert.deepEqual(await statesOfAll(client, ids), Array(5).fill("SUCCESS"));
    }));

  it("is the latest revision's, whatever revision runs", () =>
    db.inTransaction(async (client) => {
      const flow = await aGatedFlow(client, "");
      await aGatedFlow(client, one, flow);
      await anExecution(client, flow, { revision: 1 });
      const second = await anExecution(client, flow, { revision: 1 });
      assert.deepEqual(await statesOfAll(client, [second]), ["QUEUED"]);
    }));
});

/** How many rows are read when somebody is let in, and when one comes to wait behind so many. */
async function rowsFor(client: ClientBase, waiting: number): Promise<number> {
  const flow = await aGatedFlow(client, one);
  await client.query(
    `select reprise_engine.create_executions(r, array(select '{}'::json from generate_series(1, $2)), '{}', 'me')
    from reprise.flow_revisions as r where r.flow_id = $1`,
    [flow.id, waiting],
  );
  const { rows } = await client.query("select id from reprise.executions where flow_id = $1 and holds_slot", [
    flow.id,
  ]);
  const before = await rowsRead(client);
  await kill(client, rows[0].id);
  await anExecution(client, flow);
  return (await rowsRead(client)) - before;
}

async function rowsRead(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ n: string }>(
    "select sum(idx_tup_fetch + seq_tup_read) as n from pg_stat_xact_user_tables where schemaname = 'reprise'",
  );
  return Number(rows[0]?.n);
}
