import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { aFlow } from "../../support/a-flow.ts";
import { anEndedExecution, anExecution, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, linesOf, log } from "../blocks/block-flows.ts";
import { childrenOf, subflow } from "../subflows/subflow-flows.ts";

const db = await testDatabase();
const reconcile = async (client: ClientBase) => await callOne(client, "reprise_engine.reconcile_jobs", {});

async function aWaiting(client: ClientBase) {
  const id = await anExecution(client, await aFlow(client, ["a"]));
  return { id, key: `task_run:${(await taskRunsOf(client, id)).a?.id}` };
}

/** The jobs that may be fetched. */
const ready = async (client: ClientBase) =>
  (
    await client.query<{ key: string }>(
      "select key from graphile_worker.jobs where locked_at is null and run_at <= now() and attempts < max_attempts",
    )
  ).rows.map(({ key }) => key);

describe("reprise_engine.reconcile_jobs", () => {
  it("does nothing when every waiting task run has its job", () =>
    db.inTransaction(async (client) => {
      await aWaiting(client);
      assert.equal(await reconcile(client), 0);
    }));

  it("makes every job again when the whole queue is lost", () =>
    db.inTransaction(async (client) => {
      const keys = [(await aWaiting(client)).key, (await aWaiting(client)).key];
      await client.query("delete from graphile_worker._private_jobs");
      assert.equal(await reconcile(client), 2);
      assert.deepEqual((await ready(client)).sort(), keys.sort());
      assert.equal(await reconcile(client), 0);
    }));

  it("makes the job of a parent again whose child has ended", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const id = await anExecution(client, await aBlockFlow(client, `tasks: [${subflow("s", child)}]`));
      const worker = await aHandWorker(client);
      await worker.drain({}, { rounds: 2 });
      await client.query("delete from graphile_worker._private_jobs");
      assert.equal(await reconcile(client), 0);
      await client.query(
        "select set_config('reprise.now', (reprise_engine.clock() + interval '6 seconds')::text, true)",
      );
      assert.equal(await reconcile(client), 1);
      assert.equal(await reconcile(client), 1);
      assert.deepEqual(await ready(client), [`subflow:${(await taskRunsOf(client, id)).s?.id}`]);
      await worker.drain();
      assert.equal((await taskRunsOf(client, id)).s?.state, "SUCCESS");
    }));

  it("lets a parent that has failed come to its own end before it hears of a child that ended well since", () =>
    db.inTransaction(async (client) => {
      const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
      const id = await anExecution(
        client,
        await aBlockFlow(client, `tasks: [${subflow("s", child)}]\nerrors: [${log("e")}]`),
      );
      const worker = await aHandWorker(client);
      const [held] = await worker.drain({ x: "FAILED" }, { holds: ({ taskId }) => taskId === "e" });
      const [failed] = await childrenOf(client, id);
      await callOne(client, "reprise_api.restart_execution", { execution_id: failed?.id as string });
      await worker.drain();
      await client.query(
        "select set_config('reprise.now', (reprise_engine.clock() + interval '6 seconds')::text, true)",
      );
      assert.equal(await reconcile(client), 0);
      await worker.finish([{ attemptId: held?.begun.attempt_id as string }]);
      assert.equal(await reconcile(client), 1);
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), ["s SUCCESS", "= SUCCESS"]);
    }));

  it("makes a lost job of a retry for the time of the retry", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, [{ id: "a", retry: { intervalMs: 3_600_000, maxAttempts: 2 } }]);
      const id = await anEndedExecution(client, flow, { a: "FAILED" }, { rounds: 1 });
      await client.query("delete from graphile_worker._private_jobs");
      assert.equal(await reconcile(client), 1);
      const { rows } = await client.query(
        `select j.run_at = r.retry_at as is_on_time
        from reprise.task_runs as r join graphile_worker.jobs as j on j.key = 'task_run:' || r.id
        where r.execution_id = $1`,
        [id],
      );
      assert.deepEqual(rows, [{ is_on_time: true }]);
    }));

  it("makes none for what runs or has ended", () =>
    db.inTransaction(async (client) => {
      const { id } = await aWaiting(client);
      await (await aHandWorker(client)).begin((await taskRunsOf(client, id)).a?.id as string);
      await anEndedExecution(client, await aFlow(client, ["a"]), { a: "FAILED" });
      await client.query("delete from graphile_worker._private_jobs");
      assert.equal(await reconcile(client), 0);
    }));

  it("brings a job forward that a fault has put off", () =>
    db.inTransaction(async (client) => {
      const { key } = await aWaiting(client);
      await client.query(
        "update graphile_worker._private_jobs set run_at = now() + interval '1 hour', attempts = 3 where key = $1",
        [key],
      );
      assert.equal(await reconcile(client), 1);
      assert.deepEqual(await ready(client), [key]);
    }));

  it("makes the job again that renders what a Pause was answered, as long as that waits", () =>
    db.inTransaction(async (client) => {
      const pause = `{ id: p, type: io.kestra.plugin.core.flow.Pause, onResume: [{ id: y, type: YAML }] }`;
      const id = await anExecution(client, await aBlockFlow(client, `tasks: [${pause}]`));
      await (await aHandWorker(client)).drain();
      await callOne(client, "reprise_api.resume_execution", { execution_id: id, inputs: { y: "[1]" } });
      assert.equal(await reconcile(client), 0);
      await client.query("delete from graphile_worker._private_jobs");
      assert.equal(await reconcile(client), 1);
      assert.deepEqual(await ready(client), [`answer:${(await taskRunsOf(client, id)).p?.id}`]);
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await client.query("delete from graphile_worker._private_jobs");
      assert.equal(await reconcile(client), 0);
    }));

  it("frees jobs that nobody living holds", () =>
    db.inTransaction(async (client) => {
      const { key } = await aWaiting(client);
      await client.query(
        `update graphile_worker._private_jobs
        set locked_at = now() - interval '1 minute', locked_by = 'nobody', attempts = 1 where key = $1`,
        [key],
      );
      await reconcile(client);
      assert.deepEqual(await ready(client), [key]);
    }));

  it("makes a job anew that a living worker has locked and never looked at", () =>
    db.inTransaction(async (client) => {
      const { key } = await aWaiting(client);
      await aHandWorker(client); // It holds jobs as "hand"; the answer with this one was lost on its way.
      await client.query(
        `update graphile_worker._private_jobs
        set locked_at = now() - interval '1 minute', locked_by = 'hand', attempts = 1 where key = $1`,
        [key],
      );
      await reconcile(client);
      assert.deepEqual(await ready(client), [key]);
    }));

  it("makes a job anew that has failed for good", () =>
    db.inTransaction(async (client) => {
      const { key } = await aWaiting(client);
      await client.query("update graphile_worker._private_jobs set attempts = max_attempts where key = $1", [
        key,
      ]);
      await reconcile(client);
      assert.deepEqual(await ready(client), [key]);
    }));
});
