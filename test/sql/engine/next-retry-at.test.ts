import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import type { CompiledRetry } from "../../../src/flow/compiled-flow.ts";
import { aFlow } from "../../support/a-flow.ts";
import { anEndedExecution, aReplay, executionOf, taskRunsOf, travelTo } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Scripted } from "../../support/hand-worker.ts";

const db = await testDatabase();
const start = "2026-01-01T00:00:00Z";

/** Runs one task with a retry, and gives when each of its attempts began, in seconds from the start. */
async function begins(client: ClientBase, retry: Partial<CompiledRetry>, endings: Scripted[]) {
  await travelTo(client, start);
  const id = await anEndedExecution(client, await aFlow(client, [{ id: "a", retry }]), { a: endings });
  return { id, seconds: await secondsOf(client, id) };
}

async function secondsOf(client: ClientBase, executionId: string): Promise<number[]> {
  const { rows } = await client.query<{ at: number }>(
    `select extract(epoch from a.started_at - $2::timestamptz)::float as at
    from reprise.attempts as a join reprise.task_runs as r on r.id = a.task_run_id
    where r.execution_id = $1 order by a.number`,
    [executionId, start],
  );
  return rows.map(({ at }) => at);
}

describe("reprise_engine.next_retry_at", () => {
  it("waits the same time again and again: constant", () =>
    db.inTransaction(async (client) => {
      const retry = { type: "constant", intervalMs: 5000, maxAttempts: 4 } as const;
      const { id, seconds } = await begins(client, retry, ["FAILED"]);
      assert.deepEqual(seconds, [0, 5, 10, 15]);
      const { a } = await taskRunsOf(client, id);
      assert.deepEqual(a?.attempts, ["1 FAILED", "2 FAILED", "3 FAILED", "4 FAILED"]);
      assert.deepEqual([a?.state, a?.try], ["FAILED", 4]);
      assert.equal((await executionOf(client, id)).state, "FAILED");
    }));

  it("waits longer each time, up to a limit: exponential", () =>
    db.inTransaction(async (client) => {
      const retry = {
        type: "exponential",
        intervalMs: 1000,
        maxIntervalMs: 10_000,
        delayFactor: 3,
        maxAttempts: 5,
      } as const;
      assert.deepEqual((await begins(client, retry, ["FAILED"])).seconds, [0, 1, 4, 13, 23]);
    }));

  it("doubles when no factor is given", () =>
    db.inTransaction(async (client) => {
      const retry = { type: "exponential", intervalMs: 1000, maxIntervalMs: 60_000, maxAttempts: 4 } as const;
      assert.deepEqual((await begins(client, retry, ["FAILED"])).seconds, [0, 1, 3, 7]);
    }));

  it("waits a while between two limits: random", () =>
    db.inTransaction(async (client) => {
      const retry = { type: "random", minIntervalMs: 2000, maxIntervalMs: 3000, maxAttempts: 20 } as const;
      const { seconds } = await begins(client, retry, ["FAILED"]);
      const waits = seconds.slice(1).map((at, index) => at - (seconds[index] as number));
      assert.equal(waits.length, 19);
      for (const wait of waits) assert.ok(wait >= 1.999 && wait <= 3.001, `${wait}`);
      assert.ok(new Set(waits).size > 10);
    }));

  it("stops when the next try would begin after maxDuration", () =>
    db.inTransaction(async (client) => {
      const retry = { type: "constant", intervalMs: 5000, maxDurationMs: 12_000 } as const;
      assert.deepEqual((await begins(client, retry, ["FAILED"])).seconds, [0, 5, 10]);
    }));

  it("stays within both, maxAttempts and maxDuration", () =>
    db.inTransaction(async (client) => {
      const retry = { type: "constant", intervalMs: 5000, maxDurationMs: 60_000, maxAttempts: 2 } as const;
      assert.deepEqual((await begins(client, retry, ["FAILED"])).seconds, [0, 5]);
    }));

  it("is RETRYING in between, in a RUNNING execution, and cannot begin before its time", () =>
    db.inTransaction(async (client) => {
      await travelTo(client, start);
      const flow = await aFlow(client, [{ id: "a", retry: { intervalMs: 5000, maxAttempts: 2 } }]);
      const id = await anEndedExecution(client, flow, { a: "FAILED" }, { rounds: 1 });
      const { a } = await taskRunsOf(client, id);
      assert.equal(a?.state, "RETRYING");
      assert.equal((await executionOf(client, id)).state, "RUNNING");
      const worker = await aHandWorker(client);
      assert.deepEqual(await worker.begin(a?.id as string), []);
      await travelTo(client, "2026-01-01T00:00:05Z");
      assert.equal((await worker.begin(a?.id as string)).length, 1);
    }));

  for (const [warningOnRetry, expected] of [
    [false, "SUCCESS"],
    [true, "WARNING"],
  ] as const) {
    it(`ends in ${expected} after a retry with warningOnRetry: ${warningOnRetry}`, () =>
      db.inTransaction(async (client) => {
        const { id } = await begins(client, { maxAttempts: 2, warningOnRetry }, ["FAILED", "SUCCESS"]);
        assert.equal((await executionOf(client, id)).state, expected);
      }));
  }

  it("does not warn when the first try went well", () =>
    db.inTransaction(async (client) => {
      const { id } = await begins(client, { maxAttempts: 2, warningOnRetry: true }, ["SUCCESS"]);
      assert.equal((await executionOf(client, id)).state, "SUCCESS");
    }));

  it("warns only once its budget is used up where the failure is allowed", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, [{ id: "a", allowFailure: true, retry: { maxAttempts: 2 } }]);
      const id = await anEndedExecution(client, flow, { a: "FAILED" });
      const { a } = await taskRunsOf(client, id);
      assert.deepEqual([a?.state, a?.attempts], ["WARNING", ["1 FAILED", "2 FAILED"]]);
    }));

  it("has its whole budget again after a restart, of tries and of time", () =>
    db.inTransaction(async (client) => {
      const retry = { intervalMs: 5000, maxAttempts: 2, maxDurationMs: 7000 };
      const { id } = await begins(client, retry, ["FAILED"]);
      await travelTo(client, "2026-01-01T01:00:00Z");
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await (await aHandWorker(client)).drain({ a: "FAILED" });
      assert.deepEqual(await secondsOf(client, id), [0, 5, 3600, 3605]);
    }));

  it("has its whole budget again in a replay", () =>
    db.inTransaction(async (client) => {
      const retry = { intervalMs: 5000, maxAttempts: 2, maxDurationMs: 7000 };
      const { id } = await begins(client, retry, ["FAILED"]);
      await travelTo(client, "2026-01-01T01:00:00Z");
      const replay = await aReplay(client, id, { anchors: ["failed"] });
      await (await aHandWorker(client)).drain({ a: "FAILED" });
      assert.deepEqual(await secondsOf(client, replay.id), [3600, 3605]);
      assert.deepEqual((await taskRunsOf(client, replay.id)).a?.attempts, ["3 FAILED", "4 FAILED"]);
    }));
});
