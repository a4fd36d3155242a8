import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aWire } from "../support/a-wire.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, executionOf } from "../support/an-execution.ts";
import { testDatabase, until } from "../support/database.ts";
import { aGate } from "../support/gates.ts";
import { aWorkerFlow, historiesOf, untilEnded, untilRunning } from "../support/worker-flows.ts";

const db = await testDatabase();

/** Whether a worker waits for the lock on the chunks of files. */
async function isStoring(): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    "select from pg_locks where relation = 'reprise.file_chunks'::regclass and not granted",
  );
  return rowCount === 1;
}

describe("a worker whose connection to Postgres", () => {
  it("is cut while a task stores a file, runs that task again and takes no try for it", async () => {
    const wire = await aWire(db.connectionString);
    await using _worker = await aWorker(wire.connectionString);
    const holder = await db.connect();
    await holder.query("begin; lock table reprise.file_chunks");
    const flow = await aWorkerFlow(db.pool, "tasks: [{ id: a, type: test.Store, text: stored }]");
    const id = await anExecution(db.pool, flow);
    await until(isStoring, { what: "the task to store its file" });
    wire.cut();
    await holder.query("rollback");
    wire.mend();

    await untilEnded(db.pool, id);
    assert.equal((await executionOf(db.pool, id)).state, "SUCCESS");
    assert.deepEqual(await historiesOf(db.pool, [id]), { "SUCCESS, try 1: 1 RESUBMITTED, 2 SUCCESS": 1 });
  });

  it("looks alive and is dead, reports over another one", async () => {
    const wire = await aWire(db.connectionString);
    await using worker = await aWorker(wire.connectionString, { patienceMs: 500 });
    const gate = aGate();
    const flow = await aWorkerFlow(
      db.pool,
      `tasks: [{ id: a, type: test.Block, until: "${gate.file}" }, { id: b, type: test.Say, text: b }]`,
    );
    const id = worker.id();
    const ids = await Promise.all(Array.from({ length: 10 }, () => anExecution(db.pool, flow)));
    for (const one of ids) await untilRunning(db.pool, one, "a");
    wire.hush();
    gate.open();

    await untilEnded(db.pool, ...ids);
    assert.deepEqual(await historiesOf(db.pool, ids), { "SUCCESS, try 1: 1 SUCCESS": 20 });
    assert.equal(worker.id(), id);
    wire.cut(); // So that nothing waits for an answer in the end.
  });
});
