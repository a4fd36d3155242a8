import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aWire } from "../support/a-wire.ts";
import { aWorker } from "../support/a-worker.ts";
import { taskRunsOf } from "../support/an-execution.ts";
import { testDatabase, until } from "../support/database.ts";
import { DIRECTORY, FILES, namesOf, outputsOf, runLinesOf, started } from "../support/directory-flows.ts";
import { aGate } from "../support/gates.ts";
import { untilEnded, untilRunning } from "../support/worker-flows.ts";

const db = await testDatabase();

/** A WorkingDirectory with this task in the middle. */
const around = (task: string) => `
tasks:
  - id: wd
    type: ${DIRECTORY}
    tasks:
      - { id: a, type: ${FILES}, inputs: { "{{ taskrun.attemptsCount }}.txt": x } }
      - ${task}
      - { id: c, type: ${FILES}, outputs: ["*.txt"] }`;
const lines = ["wd SUCCESS", "a SUCCESS", "b SUCCESS", "c SUCCESS", "= SUCCESS"];

async function isStoring(): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    "select from pg_locks where relation = 'reprise.file_chunks'::regclass and not granted",
  );
  return rowCount === 1;
}

describe("a WorkingDirectory", () => {
  it("is given to another worker when its own stops", async () => {
    const gate = aGate();
    const first = await aWorker(db.connectionString);
    const id = await started(db.pool, around(`{ id: b, type: test.Block, until: "${gate.file}" }`));
    await untilRunning(db.pool, id, "b");
    await first[Symbol.asyncDispose]();
    assert.deepEqual(await runLinesOf(db.pool, id), ["wd CREATED", "a CREATED", "b CREATED", "= RUNNING"]);
    gate.open();
    await using _second = await aWorker(db.connectionString);
    await untilEnded(db.pool, id);
    assert.deepEqual(await runLinesOf(db.pool, id), lines);
    const runs = await taskRunsOf(db.pool, id);
    assert.deepEqual(runs.wd?.attempts, ["1 RESUBMITTED", "2 SUCCESS"]);
    assert.deepEqual(runs.b?.attempts, ["1 RESUBMITTED", "2 SUCCESS"]);
    assert.deepEqual(namesOf(outputsOf(runs, "c").uris), ["1.txt"]);
  });

  it("runs again as a whole when Postgres goes while a task in it stores a file", async () => {
    const wire = await aWire(db.connectionString);
    await using _worker = await aWorker(wire.connectionString);
    const holder = await db.connect();
    await holder.query("begin; lock table reprise.file_chunks");
    const id = await started(db.pool, around("{ id: b, type: test.Store, text: stored }"));
    await until(isStoring, { what: "the task to store its file" });
    wire.cut();
    await holder.query("rollback");
    wire.mend();

    await untilEnded(db.pool, id);
    assert.deepEqual(await runLinesOf(db.pool, id), lines);
    const runs = await taskRunsOf(db.pool, id);
    assert.deepEqual(runs.b?.attempts, ["1 RESUBMITTED", "2 SUCCESS"]);
    assert.equal(runs.b?.try, 1);
    assert.deepEqual(namesOf(outputsOf(runs, "c").uris), ["1.txt"]);
  });
});
