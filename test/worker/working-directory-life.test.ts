import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import { sweepWorkFolders } from "../../src/worker/work-folders.ts";
import type { Worker } from "../../src/worker/worker.ts";
import { aDoomedWorker, endDoomedWorkers } from "../support/a-doomed-worker.ts";
import { aWorker } from "../support/a-worker.ts";
import { taskRunsOf } from "../support/an-execution.ts";
import { testDatabase, until } from "../support/database.ts";
import {
  DIRECTORY,
  errorOf,
  FAIL,
  FILES,
  namesOf,
  outputsOf,
  ran,
  runLinesOf,
  started,
} from "../support/directory-flows.ts";
import { aGate } from "../support/gates.ts";
import { untilEnded, untilRunning } from "../support/worker-flows.ts";

const db = await testDatabase();
const host = hostname().replaceAll(/[^A-Za-z0-9.]/g, "_");

const foldersOf = async (pid: number | undefined) =>
  (await readdir(tmpdir())).filter((name) => name.startsWith(`reprise-${host}-${pid}-`));

describe("a WorkingDirectory at work", () => {
  let worker: Worker;
  before(async () => {
    worker = await aWorker(db.connectionString);
  });
  after(async () => await worker[Symbol.asyncDispose]());

  it("tries a task again inside of its job, in the same directory", async () => {
    const { lines, runs } = await ran(
      db.pool,
      `
tasks:
  - id: wd
    type: ${DIRECTORY}
    retry: { type: constant, interval: PT0.05S, maxAttempts: 3 }
    tasks:
      - { id: a, type: ${FILES}, inputs: { a.txt: one } }
      - { id: b, type: test.FailFirst, times: 2 }
      - { id: c, type: ${FILES}, outputs: ["*"] }
  - { id: gives_up, type: ${DIRECTORY}, tasks: [{ id: d, type: test.FailFirst, times: 2, retry: { type: constant, interval: PT0.01S, maxAttempts: 2 } }] }`,
    );
    assert.deepEqual(lines, [
      "wd SUCCESS",
      "a SUCCESS",
      "b SUCCESS",
      "c SUCCESS",
      "gives_up FAILED",
      "d FAILED",
      "= FAILED",
    ]);
    assert.deepEqual(runs.b?.attempts, ["1 FAILED", "2 FAILED", "3 SUCCESS"]);
    assert.deepEqual(runs.wd?.attempts, ["1 SUCCESS"]);
    assert.deepEqual(namesOf(outputsOf(runs, "c").uris), ["a.txt"]);
    assert.deepEqual(runs.d?.attempts, ["1 FAILED", "2 FAILED"]);
  });

  it("shows what runs in it, which a timeout ends", async () => {
    const gate = aGate();
    const id = await started(
      db.pool,
      `
tasks:
  - id: wd
    type: ${DIRECTORY}
    tasks:
      - { id: a, type: test.Say, text: hello }
      - { id: b, type: test.Block, until: "${gate.file}" }
      - { id: c, type: test.Block, until: "${gate.file}-never", timeout: PT0.1S }`,
    );
    await untilRunning(db.pool, id, "b");
    assert.deepEqual(await runLinesOf(db.pool, id), ["wd RUNNING", "a SUCCESS", "b RUNNING", "= RUNNING"]);
    gate.open();
    await untilEnded(db.pool, id);
    assert.deepEqual(await runLinesOf(db.pool, id), [
      "wd FAILED",
      "a SUCCESS",
      "b SUCCESS",
      "c FAILED",
      "= FAILED",
    ]);
    const runs = await taskRunsOf(db.pool, id);
    assert.match(errorOf(runs, "c").message ?? "", /^Timeout after/);
    const { rows } = await db.pool.query("select message from reprise.logs where task_run_id = $1", [
      runs.a?.id,
    ]);
    assert.deepEqual(rows, [{ message: "says hello" }]);
  });

  it("is killed with what runs in it, also while that waits for its next try", async () => {
    const gate = aGate();
    const blocked = await started(
      db.pool,
      `
tasks: [{ id: wd, type: ${DIRECTORY}, tasks: [{ id: a, type: test.Block, until: "${gate.file}" }, { id: b, type: ${FAIL} }] }]`,
    );
    const waiting = await started(
      db.pool,
      `
tasks: [{ id: wd, type: ${DIRECTORY}, tasks: [{ id: a, type: ${FAIL}, retry: { type: constant, interval: PT1H, maxAttempts: 2 } }] }]`,
    );
    await untilRunning(db.pool, blocked, "a");
    await until(async () => (await taskRunsOf(db.pool, waiting)).a?.state === "RETRYING");
    await callOne(db.pool, "reprise_engine.reconcile_jobs", {});
    const { rows } = await db.pool.query("select from graphile_worker.jobs where locked_at is null");
    assert.equal(rows.length, 0, "what waits in a block has no job of its own");
    for (const execution_id of [blocked, waiting])
      await callOne(db.pool, "reprise_api.kill_execution", { execution_id });
    await untilEnded(db.pool, blocked, waiting);
    assert.deepEqual(await runLinesOf(db.pool, blocked), ["wd KILLED", "a KILLED", "= KILLED"]);
    assert.deepEqual(await runLinesOf(db.pool, waiting), ["wd KILLED", "a KILLED", "= KILLED"]);
    assert.deepEqual(await foldersOf(process.pid), []);
  });
});

describe("a WorkingDirectory whose worker is killed", () => {
  afterEach(endDoomedWorkers);

  const flow = (gate: string) => `
tasks:
  - id: wd
    type: ${DIRECTORY}
    tasks:
      - { id: a, type: ${FILES}, inputs: { "a-{{ taskrun.attemptsCount }}.txt": one }, outputs: ["*"] }
      - { id: b, type: test.Block, until: "${gate}" }
      - { id: c, type: ${FILES}, outputs: ["*"] }
  - { id: end, type: test.Say, text: end }`;

  it("runs again as a whole, in a new directory, and counts on", async () => {
    const gate = aGate();
    const victim = await aDoomedWorker(db.connectionString);
    const id = await started(db.pool, flow(gate.file));
    await untilRunning(db.pool, id, "b");
    assert.equal((await foldersOf(victim.pid)).length, 1);
    await victim.signal("SIGKILL");
    await aDoomedWorker(db.connectionString);
    await untilRunning(db.pool, id, "b", 2);
    assert.deepEqual(await foldersOf(victim.pid), [], "what the dead worker left is swept");
    assert.deepEqual(await runLinesOf(db.pool, id), ["wd RUNNING", "a SUCCESS", "b RUNNING", "= RUNNING"]);
    gate.open();
    await untilEnded(db.pool, id);
    const runs = await taskRunsOf(db.pool, id);
    assert.deepEqual(await runLinesOf(db.pool, id), [
      "wd SUCCESS",
      "a SUCCESS",
      "b SUCCESS",
      "c SUCCESS",
      "end SUCCESS",
      "= SUCCESS",
    ]);
    assert.deepEqual(runs.wd?.attempts, ["1 RESUBMITTED", "2 SUCCESS"]);
    assert.deepEqual(runs.a?.attempts, ["1 SUCCESS", "2 SUCCESS"]);
    assert.deepEqual(runs.b?.attempts, ["1 RESUBMITTED", "2 SUCCESS"]);
    assert.deepEqual(runs.c?.attempts, ["1 SUCCESS"]);
    assert.deepEqual(namesOf(outputsOf(runs, "c").uris), ["a-1.txt"]);
  });

  it("is killed with what ran in it", async () => {
    const gate = aGate();
    const victim = await aDoomedWorker(db.connectionString);
    const id = await started(db.pool, flow(gate.file));
    await untilRunning(db.pool, id, "b");
    await victim.signal("SIGSTOP");
    await callOne(db.pool, "reprise_api.kill_execution", { execution_id: id });
    await victim.signal("SIGKILL");
    await aDoomedWorker(db.connectionString);
    await untilEnded(db.pool, id);
    assert.deepEqual(await runLinesOf(db.pool, id), ["wd KILLED", "a SUCCESS", "b KILLED", "= KILLED"]);
  });
});

describe("left-over folders", () => {
  it("go when their process is gone, and those of others stay", async () => {
    const folder = (where: string, pid: number) => join(tmpdir(), `reprise-${where}-${pid}-test00`);
    const gone = folder(host, 2 ** 22 + 1);
    const stay = [folder(host, process.pid), folder(host, process.ppid), folder("elsewhere", 2 ** 22 + 1)];
    try {
      for (const path of [gone, ...stay]) await mkdir(path);
      await sweepWorkFolders();
      assert.deepEqual(
        [gone, ...stay].map((path) => existsSync(path)),
        [false, true, true, true],
      );
    } finally {
      for (const path of [gone, ...stay]) await rm(path, { recursive: true, force: true });
    }
  });
});
