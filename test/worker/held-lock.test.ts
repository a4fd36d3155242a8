import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import { aWorker } from "../support/a-worker.ts";
import { anExecution, executionOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aGate } from "../support/gates.ts";
import { aWorkerFlow, untilEnded, untilRunning } from "../support/worker-flows.ts";

const db = await testDatabase();

describe("a person who keeps a transaction open that has killed an execution", () => {
  it("holds up that execution, and no other one that the same worker runs", async () => {
    await using _worker = await aWorker(db.connectionString);
    const gate = aGate();
    const blocking = await aWorkerFlow(
      db.pool,
      `tasks: [{ id: a, type: test.Block, until: "${gate.file}" }, { id: b, type: test.Say, text: b }]`,
    );
    const held = await anExecution(db.pool, blocking);
    const others = await Promise.all(Array.from({ length: 20 }, () => anExecution(db.pool, blocking)));
    for (const id of [held, ...others]) await untilRunning(db.pool, id, "a");

    const person = await db.connect();
    await person.query("begin");
    await callOne(person, "reprise_api.kill_execution", { execution_id: held });
    // All of them report in the same moment.
    gate.open();
    await untilEnded(db.pool, ...others);
    await untilEnded(db.pool, await anExecution(db.pool, blocking));
    assert.equal((await executionOf(db.pool, held)).state, "RUNNING");

    await person.query("commit");
    await untilEnded(db.pool, held);
    assert.equal((await executionOf(db.pool, held)).state, "KILLED");
  });
});
