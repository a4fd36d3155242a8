import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { pino } from "pino";
import { silentLogger } from "../../src/base/log.ts";
import { startJobRunner } from "../../src/worker/job-runner.ts";
import { openWorkerPools } from "../../src/worker/worker-pool.ts";
import { aDoomedWorker, endDoomedWorkers } from "../support/a-doomed-worker.ts";
import { anExecution, executionOf } from "../support/an-execution.ts";
import { testDatabase, until } from "../support/database.ts";
import { aGate } from "../support/gates.ts";
import { aWorkerFlow, untilEnded, untilRunning } from "../support/worker-flows.ts";

const db = await testDatabase();
afterEach(endDoomedWorkers);

const aFlow = async (task: string) => await aWorkerFlow(db.pool, `tasks: [{ id: a, ${task} }]`);

/** Makes graphile-worker end, as it does when it cannot complete a job, while other jobs of its run. */
async function endJobRunner(): Promise<void> {
  await db.pool.query("revoke delete on graphile_worker._private_jobs from reprise_worker");
  const id = await anExecution(db.pool, await aFlow("type: test.Say, text: a"));
  await untilEnded(db.pool, id);
  // It takes no more jobs; the one that it could not complete stays.
  await until(async () => (await lockedJobs()).some(({ isWaking }) => !isWaking), {
    what: "a job to be left",
  });
  await db.pool.query("grant delete on graphile_worker._private_jobs to reprise_worker");
}

/** The jobs that somebody has locked: whether their task runs still run, and whether a living worker answers for them. */
async function lockedJobs(): Promise<{ isWaking: boolean; isKnown: boolean }[]> {
  const { rows } = await db.pool.query<{ isWaking: boolean; isKnown: boolean }>(
    `select
      exists (select from reprise.task_runs as r where 'task_run:' || r.id = j.key and r.ended_at is null) as "isWaking",
      exists (select from reprise.workers as w where w.state = 'RUNNING' and j.locked_by = any (w.pool_ids)) as "isKnown"
    from graphile_worker.jobs as j
    where j.locked_by is not null`,
  );
  return rows;
}

describe("a job runner that could not learn the ids of its tasks when it began", () => {
  it("takes jobs once it can", async () => {
    const failures: string[] = [];
    const log = pino({ level: "error" }, { write: (line) => void failures.push(line) });
    await using pools = await openWorkerPools(
      { connectionString: db.connectionString, size: 5 },
      silentLogger,
    );
    await db.pool.query("revoke select on graphile_worker._private_tasks from reprise_worker");
    const ran = Promise.withResolvers<string>();
    const runner = await startJobRunner({
      db: pools.queue,
      log,
      poolId: "deaf",
      identifiers: ["test.Deaf"],
      concurrency: 1,
      ahead: 1,
      onJob: async (taskRunId) => ran.resolve(taskRunId),
    });
    await until(async () => failures.length > 0, { what: "it to fail" });
    await db.pool.query("grant select on graphile_worker._private_tasks to reprise_worker");
    await db.pool.query("select graphile_worker.add_job('test.Deaf', '{\"id\": \"7\"}')");
    assert.equal(await ran.promise, "7");
    await runner.stop();
  });
});

describe("a job runner that ended", () => {
  it("is started again at once, although jobs of the old one still run, and locks jobs under the same name", async () => {
    const gate = aGate();
    const blocking = await aFlow(`type: test.Block, until: "${gate.file}"`);
    await aDoomedWorker(db.connectionString);
    const before = await anExecution(db.pool, blocking);
    await untilRunning(db.pool, before, "a");

    await endJobRunner();
    const after = await anExecution(db.pool, blocking);
    await untilRunning(db.pool, after, "a");
    const locked = await lockedJobs();
    assert.ok(locked.length >= 2 && locked.every(({ isKnown }) => isKnown));

    gate.open();
    await untilEnded(db.pool, before, after);
    for (const id of [before, after]) assert.equal((await executionOf(db.pool, id)).state, "SUCCESS");
  });
});
