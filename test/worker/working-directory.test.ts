import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { after, before, describe, it } from "node:test";
import type { Worker } from "../../src/worker/worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { taskRunsOf } from "../support/an-execution.ts";
import { testDatabase, until } from "../support/database.ts";
import {
  contentOf,
  DIRECTORY,
  errorOf,
  FAIL,
  FILES,
  namesOf,
  outputsOf,
  RETURN,
  ran,
  textOf,
} from "../support/directory-flows.ts";

const db = await testDatabase();
const host = hostname().replaceAll(/[^A-Za-z0-9.]/g, "_");
let worker: Worker;
before(async () => {
  worker = await aWorker(db.connectionString);
});
after(async () => await worker[Symbol.asyncDispose]());

const folders = async () =>
  (await readdir(tmpdir())).filter((name) => name.startsWith(`reprise-${host}-${process.pid}-`));

describe("a WorkingDirectory", () => {
  const shared = `
inputs: [{ id: failed, type: STRING }]
tasks:
  - id: worker
    type: ${DIRECTORY}
    tasks:
      - id: first
        type: ${FILES}
        inputs:
          out/stay.txt: "{{ inputs.failed == 'true' ? ko : taskrun.id }}"
      - { id: second, type: ${FILES}, outputs: ["out/*"] }
      - { id: never, type: ${RETURN}, disabled: true }
    errors:
      - { id: error-t1, type: ${RETURN}, format: "Error Trigger ! {{ task.id }}" }
  - { id: 2_end, type: ${RETURN}, format: "{{ outputs.second.uris['out/stay.txt'] }}" }`;

  it("runs its tasks one after the other in one directory", async () => {
    const { lines, runs } = await ran(db.pool, shared, { failed: "false" });
    assert.deepEqual(lines, [
      "worker SUCCESS",
      "first SUCCESS",
      "second SUCCESS",
      "2_end SUCCESS",
      "= SUCCESS",
    ]);
    const uri = textOf(runs, "2_end");
    assert.match(uri, /^kestra:\/\/\/company\/team\//);
    assert.equal(await contentOf(db.pool, uri), runs.first?.id);
    assert.deepEqual(await folders(), [], "its directory is gone");
  });

  it("ends at the first that fails, and has its errors handled", async () => {
    const { lines, runs } = await ran(db.pool, shared, { failed: "true" });
    assert.deepEqual(lines, ["worker FAILED", "first FAILED", "error-t1 SUCCESS", "= FAILED"]);
    assert.equal(textOf(runs, "error-t1"), "Error Trigger ! error-t1");
  });

  it("tells its tasks what stands around it, and the value of its iteration", async () => {
    const { lines, runs } = await ran(
      db.pool,
      `
tasks:
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: ["1"]
    tasks:
      - id: direct
        type: ${DIRECTORY}
        tasks: [{ id: value, type: ${RETURN}, format: "{{ taskrun.value }} {{ parents }}" }]
      - id: seq
        type: io.kestra.plugin.core.flow.Sequential
        tasks:
          - id: nested
            type: ${DIRECTORY}
            tasks:
              - { id: taskrun, type: ${RETURN}, format: "{{ workerTaskrun.id }}" }
              - { id: parents, type: ${RETURN}, format: "{{ parents }}" }
              - { id: parent, type: ${RETURN}, format: "{{ parent }}" }
              - { id: before, type: ${RETURN}, format: "{{ outputs.parent['1'].value | length }} {{ outputs.value['1'].value }}" }`,
    );
    assert.equal(lines.at(-1), "= SUCCESS");
    assert.equal(textOf(runs, "value"), "1 []");
    assert.equal(textOf(runs, "taskrun"), runs.nested?.id);
    assert.equal(textOf(runs, "parents"), '[{"taskrun":{"value":"1"}}]');
    assert.equal(textOf(runs, "parent"), '{"taskrun":{"value":"1"}}');
    assert.equal(textOf(runs, "before"), "25 1 []");
    const { rows } = await db.pool.query(
      "select parent_id::text as parent, iteration from reprise.task_runs where id = $1",
      [runs.taskrun?.id],
    );
    assert.deepEqual(rows, [{ parent: runs.nested?.id, iteration: null }]);
  });

  it("is addressed by the values of the loops around it", async () => {
    const each = (id: string, value: string, tasks: string) =>
      `{ id: ${id}, type: io.kestra.plugin.core.flow.ForEach, values: '["${value}"]', tasks: [${tasks}] }`;
    const inner = `{ id: r, type: ${RETURN}, format: "{{ taskrun.value }}" }, { id: worker, type: ${DIRECTORY}, tasks: [
      { id: first, type: ${FILES}, inputs: { "out/stay.txt": "{{ taskrun.id }}" } }, { id: second, type: ${FILES}, outputs: ["out/*"] }] }`;
    const { lines, runs } = await ran(
      db.pool,
      `
tasks:
  - ${each("e1", "s1", each("e2", "s2", each("e3", "s3", inner)))}
  - { id: 2_end, type: ${RETURN}, format: "{{ outputs.second.s1.s2.s3.uris['out/stay.txt'] }}" }`,
    );
    assert.equal(lines.length, 9);
    assert.equal(lines.at(-1), "= SUCCESS");
    assert.match(textOf(runs, "2_end"), /^kestra:/);
  });

  it("is filled with inputFiles, and stores outputFiles", async () => {
    const { lines, runs } = await ran(
      db.pool,
      `
inputs: [{ id: who, type: STRING, defaults: you }]
tasks:
  - { id: store, type: ${FILES}, inputs: { a.txt: given }, outputs: [a.txt] }
  - id: wd
    type: ${DIRECTORY}
    inputFiles:
      input.txt: "Hello {{ inputs.who }}"
      "deep/{{ inputs.who }}.txt": "{{ outputs.store.uris['a.txt'] }}"
    outputFiles: ["*.out", "{{ inputs.who }}.txt"]
    tasks:
      - { id: in, type: ${FILES}, inputs: { made.out: made, you.txt: "{{ workerTaskrun.id }}" }, outputs: ["**"] }
  - { id: end, type: ${RETURN}, format: "{{ outputs.wd.outputFiles['made.out'] }}" }`,
    );
    assert.equal(lines.at(-1), "= SUCCESS");
    const { uris } = outputsOf(runs, "in");
    assert.deepEqual(namesOf(uris), ["deep/you.txt", "input.txt", "made.out", "you.txt"]);
    assert.equal(await contentOf(db.pool, uris?.["input.txt"]), "Hello you");
    assert.equal(await contentOf(db.pool, uris?.["deep/you.txt"]), "given");
    const { outputFiles } = outputsOf(runs, "wd");
    assert.deepEqual(namesOf(outputFiles), ["made.out", "you.txt"]);
    assert.equal(await contentOf(db.pool, outputFiles?.["you.txt"]), runs.wd?.id);
    assert.equal(textOf(runs, "end"), outputFiles?.["made.out"]);
  });

  it("takes inputFiles as JSON, and has no outputs when nothing matches", async () => {
    const { runs } = await ran(
      db.pool,
      `
tasks:
  - id: wd
    type: ${DIRECTORY}
    inputFiles: '{"a.txt": "one"}'
    outputFiles: ["*.csv"]
    tasks: [{ id: in, type: ${FILES}, outputs: ["*"] }]`,
    );
    assert.equal(runs.wd?.outputs, null);
    assert.deepEqual(namesOf(outputsOf(runs, "in").uris), ["a.txt"]);
  });

  it("stores outputFiles also behind a failure, and runs finally", async () => {
    const { lines, runs } = await ran(
      db.pool,
      `
tasks:
  - id: wd
    type: ${DIRECTORY}
    outputFiles: [a.txt]
    tasks: [{ id: a, type: ${FILES}, inputs: { a.txt: one } }, { id: b, type: ${FAIL} }, { id: c, type: ${FAIL} }]
    errors: [{ id: e, type: ${RETURN}, format: "{{ outputs.wd.outputFiles['a.txt'] }}" }]
    finally: [{ id: f, type: ${RETURN}, format: done }]`,
    );
    assert.deepEqual(lines, ["wd FAILED", "a SUCCESS", "b FAILED", "e SUCCESS", "f SUCCESS", "= FAILED"]);
    assert.match(textOf(runs, "e"), /^kestra:.*a\.txt$/);
  });

  it("runs finally behind a success, and allows failures as other blocks do", async () => {
    const { lines } = await ran(
      db.pool,
      `
tasks:
  - id: wd
    type: ${DIRECTORY}
    tasks: [{ id: a, type: ${FAIL}, allowFailure: true }, { id: b, type: ${RETURN}, format: b }]
    finally: [{ id: f, type: ${RETURN}, format: done }]
  - { id: not, type: ${DIRECTORY}, allowFailure: true, tasks: [{ id: c, type: ${FAIL} }] }
  - { id: none, type: ${DIRECTORY}, tasks: [{ id: d, type: ${FAIL}, disabled: true }] }
  - { id: skipped, type: ${DIRECTORY}, runIf: false, tasks: [{ id: g, type: ${FAIL} }] }`,
    );
    assert.deepEqual(lines, [
      "wd WARNING",
      "a WARNING",
      "b SUCCESS",
      "f SUCCESS",
      "not WARNING",
      "c FAILED",
      "none SUCCESS",
      "skipped SKIPPED",
      "= WARNING",
    ]);
  });

  it("skips a task whose runIf is false, and fails itself where it cannot be asked", async () => {
    const { lines, runs } = await ran(
      db.pool,
      `
inputs: [{ id: what, type: ARRAY, itemType: STRING, defaults: [orders] }]
tasks:
  - id: wd
    type: ${DIRECTORY}
    tasks:
      - { id: a, type: ${RETURN}, format: a, runIf: "{{ inputs.what contains 'orders' }}" }
      - { id: b, type: ${RETURN}, format: b, runIf: "{{ inputs.what contains 'test' }}" }
  - id: bad
    type: ${DIRECTORY}
    tasks: [{ id: c, type: ${RETURN}, format: c }, { id: d, type: ${RETURN}, format: d, runIf: "{{ outputs.c.value | number }}" }]
    errors: [{ id: e, type: ${RETURN}, format: e }]`,
    );
    assert.deepEqual(lines, ["wd SUCCESS", "a SUCCESS", "b SKIPPED", "bad FAILED", "c SUCCESS", "= FAILED"]);
    assert.match(errorOf(runs, "bad").message ?? "", /^Failed evaluating runIf: /);
  });

  it("fails when it cannot be filled", async () => {
    const { lines, runs } = await ran(
      db.pool,
      `
tasks: [{ id: wd, type: ${DIRECTORY}, inputFiles: { "../out": x }, tasks: [{ id: a, type: ${RETURN}, format: a }] }]`,
    );
    assert.deepEqual(lines, ["wd FAILED", "= FAILED"]);
    const { reason, message = "" } = errorOf(runs, "wd");
    assert.equal(reason, "path_leaves_directory");
    assert.match(message, /^Failed preExecuteTasks on WorkingDirectory: `\.\.\/out` leads out/);
  });

  it("runs wherever blocks do: as a handler, and after its execution", async () => {
    const { id, lines } = await ran(
      db.pool,
      `
tasks: [{ id: a, type: ${FAIL} }]
errors: [{ id: e, type: ${DIRECTORY}, tasks: [{ id: b, type: ${RETURN}, format: b }] }]
afterExecution: [{ id: f, type: ${DIRECTORY}, tasks: [{ id: c, type: ${RETURN}, format: "{{ execution.state }}" }] }]`,
    );
    assert.deepEqual(lines.slice(0, 3), ["a FAILED", "e SUCCESS", "b SUCCESS"]);
    await until(async () => (await taskRunsOf(db.pool, id)).f?.state === "SUCCESS");
    assert.equal(textOf(await taskRunsOf(db.pool, id), "c"), "FAILED");
  });
});
