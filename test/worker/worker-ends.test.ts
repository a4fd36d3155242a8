import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, statesOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aGate } from "../support/gates.ts";
import { aWorkerFlow, untilEnded, untilRunning } from "../support/worker-flows.ts";

const db = await testDatabase();

describe("a worker that stops", () => {
  it("lets what runs finish for a moment", async () => {
    const gate = aGate();
    const worker = await aWorker(db.connectionString);
    const id = await anExecution(
      db.pool,
      await aWorkerFlow(db.pool, `tasks: [{ id: a, type: test.Block, until: "${gate.file}" }]`),
    );
    await untilRunning(db.pool, id, "a");
    const stopping = worker[Symbol.asyncDispose]();
    gate.open();
    await stopping;
    assert.deepEqual(await statesOf(db.pool, id), { execution: "SUCCESS", a: "SUCCESS" });
  });

  it("gives back what runs longer: another attempt elsewhere, no try", async () => {
    const gate = aGate();
    const id = await (async () => {
      await using _worker = await aWorker(db.connectionString);
      const started = await anExecution(
        db.pool,
        await aWorkerFlow(
          db.pool,
          `tasks: [{ id: a, type: test.Block, until: "${gate.file}" }, { id: b, type: test.Say, text: b }]`,
        ),
      );
      await untilRunning(db.pool, started, "a");
      return started;
    })();
    const { a } = await taskRunsOf(db.pool, id);
    assert.deepEqual([a?.state, a?.attempts, a?.try], ["CREATED", ["1 RESUBMITTED"], 0]);

    gate.open();
    await using _other = await aWorker(db.connectionString);
    await untilEnded(db.pool, id);
    const after = await taskRunsOf(db.pool, id);
    assert.deepEqual([after.a?.attempts, after.a?.try], [["1 RESUBMITTED", "2 SUCCESS"], 1]);
    assert.deepEqual(after.b?.attempts, ["1 SUCCESS"]);
    const { rows } = await db.pool.query("select distinct state from reprise.workers order by state");
    assert.deepEqual(rows, [{ state: "RUNNING" }, { state: "STOPPED" }]);
  });
});
