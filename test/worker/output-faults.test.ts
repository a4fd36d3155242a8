import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, executionOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(() => worker[Symbol.asyncDispose]());

describe("an output that cannot be rendered", () => {
  it("is named, and its fault told once", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `outputs: [{ id: good, type: STRING, value: x }, { id: csv, type: STRING, value: "{{ outputs[inputs.i].uri }}" }]
inputs: [{ id: i, type: STRING, defaults: gone }]
tasks: [{ id: a, type: io.kestra.plugin.core.debug.Return, format: x }]`,
    );
    const id = await anExecution(db.pool, flow);
    await untilEnded(db.pool, id);
    const { state, error } = await executionOf(db.pool, id);
    const { message } = error as { message: string };
    assert.equal(state, "FAILED");
    assert.match(message, /^Failed to render output `csv`: Unable to find `gone` used in the expression /);
    const { rows } = await db.pool.query(
      "select message from reprise_api.logs where execution_id = $1 and level = 'ERROR'",
      [id],
    );
    assert.deepEqual(rows, [{ message }]);
  });
});
