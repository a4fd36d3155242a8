import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, executionOf, statesOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(async () => await worker[Symbol.asyncDispose]());

const retry = (interval: string, maxAttempts = 3) =>
  `retry: { type: constant, interval: ${interval}, maxAttempts: ${maxAttempts}, behavior: CREATE_NEW_EXECUTION }\n`;

/** The line of an execution, once so many have ended: the first first. */
async function lineOf(id: string, length: number): Promise<string[]> {
  const ids = await until(
    async () => {
      const { rows } = await db.pool.query<{ id: string }>(
        "select id from reprise.executions where coalesce(root_id, id) = $1 order by id",
        [id],
      );
      return rows.length >= length ? rows.map((row) => row.id) : undefined;
    },
    { what: `${length} executions`, timeoutMs: 30_000 },
  );
  await untilEnded(db.pool, ...ids);
  return ids;
}

const statesOfLine = async (ids: string[]) => await Promise.all(ids.map((id) => statesOf(db.pool, id)));

describe("a retry that creates a new execution, at a worker", () => {
  it("creates it after the delay, and again until one ends well", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `${retry("PT0.1S")}tasks: [{ id: a, type: test.FailFirst, times: 2 }, { id: b, type: test.Say, text: x }]`,
    );
    const line = await lineOf(await anExecution(db.pool, flow), 3);
    assert.deepEqual(await statesOfLine(line), [
      { execution: "RETRIED", a: "RETRIED" },
      { execution: "RETRIED", a: "RETRIED" },
      { execution: "SUCCESS", a: "SUCCESS", b: "SUCCESS" },
    ]);
    const [first, second] = await Promise.all(line.slice(0, 2).map((id) => executionOf(db.pool, id)));
    assert.ok(Number(second?.created_at) >= Number(first?.ended_at) + 100);
  });

  it("leaves a WorkingDirectory at once in which a task has failed", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `${retry("PT0.1S")}
tasks:
  - id: w
    type: io.kestra.plugin.core.flow.WorkingDirectory
    tasks: [{ id: a, type: test.FailFirst, times: 1 }, { id: b, type: test.Say, text: x }]
    errors: [{ id: e, type: test.Say, text: e }]`,
    );
    const line = await lineOf(await anExecution(db.pool, flow), 2);
    assert.deepEqual(await statesOfLine(line), [
      { execution: "RETRIED", w: "RETRIED", a: "RETRIED" },
      { execution: "SUCCESS", w: "SUCCESS", a: "SUCCESS", b: "SUCCESS" },
    ]);
  });

  it("has a Subflow wait for the last of the line", async () => {
    const child = await aWorkerFlow(
      db.pool,
      `${retry("PT0.1S")}tasks: [{ id: a, type: test.FailFirst, times: 2 }]\noutputs: [{ id: o, type: INT, value: "{{ outputs.a.attempt }}" }]`,
    );
    const parent = await aWorkerFlow(
      db.pool,
      `tasks: [{ id: s, type: io.kestra.plugin.core.flow.Subflow, namespace: ${child.namespace}, flowId: ${child.id} }]\noutputs: [{ id: o, type: INT, value: "{{ outputs.s.outputs.o }}" }]`,
    );
    const id = await anExecution(db.pool, parent);
    await untilEnded(db.pool, id);
    const { state, outputs } = await executionOf(db.pool, id);
    assert.deepEqual([state, outputs], ["SUCCESS", { o: 3 }]);
  });

  it("creates one however many ask for it at once, or none when somebody kills it before", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `${retry("PT1H")}tasks: [{ id: a, type: test.FailFirst, times: 1 }]`,
    );
    const ids = [await anExecution(db.pool, flow), await anExecution(db.pool, flow)];
    await untilEnded(db.pool, ...ids);
    const [id, killed] = ids as [string, string];
    await callOne(db.pool, "reprise_api.kill_execution", { execution_id: killed });
    await db.pool.query("update reprise.executions set retry_at = now() where id = $1", [id]);
    await Promise.all(
      [id, id, id, killed, killed].map((execution_id) =>
        callOne(db.pool, "reprise_engine.retry_execution", { execution_id }),
      ),
    );
    assert.deepEqual(await statesOfLine(await lineOf(id, 2)), [
      { execution: "RETRIED", a: "RETRIED" },
      { execution: "SUCCESS", a: "SUCCESS" },
    ]);
    assert.deepEqual(await statesOfLine(await lineOf(killed, 1)), [{ execution: "KILLED", a: "RETRIED" }]);
  });
});
