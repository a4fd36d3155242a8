import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { TaskError } from "../../src/tasks/task-type.ts";
import { describeError } from "../../src/worker/attempt-error.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aWorkerFlow, untilEnded } from "../support/worker-flows.ts";

const db = await testDatabase();
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(() => worker[Symbol.asyncDispose]());

describe("describeError", () => {
  it("cuts each long text, also in the details, and leaves nothing in them that cannot be stored", () => {
    const long = "x".repeat(100_001);
    const { message, details } = describeError(
      new TaskError("failed", `\0 \ud83d ${long}`, {
        details: { errorMessage: long, rows: [{ "a\0": "\ude00", count: 1 }], none: null },
      }),
    );
    assert.equal(message, `\u2400 \ufffd ${"x".repeat(99_996)}…`);
    assert.deepEqual(details, {
      errorMessage: `${"x".repeat(100_000)}…`,
      rows: [{ "a\u2400": "\ufffd", count: 1 }],
      none: null,
    });
  });

  it("cuts no character in half", () => {
    const { message } = describeError(new TaskError("failed", `${"x".repeat(99_999)}😀`));
    assert.equal(message.isWellFormed(), true);
  });
});

describe("the error of a Fail", () => {
  it("holds what its author says, whatever characters stand in that", async () => {
    const flow = await aWorkerFlow(
      db.pool,
      `
tasks:
  - id: a
    type: io.kestra.plugin.core.execution.Fail
    condition: "true"
    errorMessage: "{{ fromJson('\\"a \\\\u0000 b \\\\ud83d\\"') }}"`,
    );
    const id = await anExecution(db.pool, flow);
    await untilEnded(db.pool, id);
    const { rows } = await db.pool.query("select error from reprise_api.task_runs where execution_id = $1", [
      id,
    ]);
    assert.deepEqual(rows, [
      {
        error: {
          reason: "failed_on_purpose",
          message: "Fail on a condition",
          details: { errorMessage: "a \u2400 b \ufffd" },
        },
      },
    ]);
  });
});
