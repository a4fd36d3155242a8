import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Pool } from "pg";
import { silentLogger } from "../../src/base/log.ts";
import { type Embedded, startEmbedded } from "../../src/db/embedded.ts";
import { migrate } from "../../src/db/migrate.ts";
import { createPool } from "../../src/db/pool.ts";
import { aDoomedWorker, endDoomedWorkers } from "../support/a-doomed-worker.ts";
import { anExecution } from "../support/an-execution.ts";
import { aGate } from "../support/gates.ts";
import { postgresBin } from "../support/template.ts";
import { until } from "../support/until.ts";
import { aWorkerFlow, untilEnded, untilRunning } from "../support/worker-flows.ts";

// A Postgres of this file's own, since it is restarted; not a temporary one, since its folder is to outlive that.
const dataDir = join(tmpdir(), `reprise-restart-${randomBytes(8).toString("hex")}`);
let postgres: Embedded;
let db: Pool;

async function start(): Promise<void> {
  postgres = await startEmbedded({ dataDir, log: silentLogger, bin: postgresBin });
}

before(async () => {
  await start();
  await migrate(postgres.connectionString, silentLogger);
  db = createPool({ connectionString: postgres.connectionString }, silentLogger);
  await Promise.all([aDoomedWorker(postgres.connectionString), aDoomedWorker(postgres.connectionString)]);
});
after(async () => {
  await endDoomedWorkers();
  await db?.end();
  await postgres?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Executions of which some block in the middle, and some are on their way when the restart comes. */
async function aLoad() {
  const gate = aGate();
  const say = (id: string) => `{ id: ${id}, type: test.Say, text: "${id}" }`;
  const blocking = await aWorkerFlow(
    db,
    `tasks: [${say("a")}, { id: b, type: test.Block, until: "${gate.file}" }, ${say("c")}]`,
  );
  const flowing = await aWorkerFlow(db, `tasks: [${["a", "b", "c", "d", "e"].map(say).join(", ")}]`);
  const blocked = await Promise.all(Array.from({ length: 20 }, () => anExecution(db, blocking)));
  for (const id of blocked) await untilRunning(db, id, "b");
  const moving = await Promise.all(Array.from({ length: 40 }, () => anExecution(db, flowing)));
  return { gate, blocked, moving };
}

const workers = async () =>
  (await db.query<{ id: number; state: string }>("select id, state from reprise.workers order by id")).rows;

/** Each worker has beaten for longer than it takes to count as dead. */
async function untilAllBeat(since: Date): Promise<void> {
  const beat = async () => {
    const { rows } = await db.query<{ late: number }>(
      `select count(*)::integer as late from reprise.workers
      where state = 'RUNNING' and heartbeat_at < greatest(pg_postmaster_start_time() + interval '3 seconds', $1) + 3 * beat_ms * interval '1 millisecond'`,
      [since],
    );
    return rows[0]?.late === 0;
  };
  await until(() => beat().catch(() => false), { what: "all workers to beat", timeoutMs: 60_000 });
}

async function postmaster(): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, "postgres", "data", "postmaster.pid"), "utf8"), 10);
}

async function restartInPlace(stop: () => Promise<unknown>): Promise<void> {
  const address = postgres.connectionString;
  await stop();
  await start();
  assert.equal(postgres.connectionString, address);
}

/** Every way in which Postgres may go and come back, as fast as it does. */
const restarts: [title: string, restart: () => Promise<void>][] = [
  ["is stopped and started again", () => restartInPlace(() => postgres.stop())],
  [
    "stops as after a crash, and recovers",
    () => restartInPlace(async () => process.kill(await postmaster(), "SIGQUIT")),
  ],
  [
    "loses one of its processes, and starts all of them anew",
    async () => {
      const { rows } = await db.query<{ pid: number }>(
        "select pid from pg_stat_activity where application_name = 'reprise worker' limit 1",
      );
      process.kill(rows[0]?.pid as number, "SIGKILL");
    },
  ],
];

describe("workers under load, when Postgres", () => {
  let before: Awaited<ReturnType<typeof workers>>;
  beforeEach(async () => {
    before = await workers();
    assert.deepEqual(
      before.map(({ state }) => state),
      ["RUNNING", "RUNNING"],
    );
  });

  for (const [title, restart] of restarts) {
    it(`${title}, end everything, each task once, and nobody is taken for dead`, async () => {
      const { gate, blocked, moving } = await aLoad();
      const restarting = restart();
      gate.open(); // What blocked reports to a Postgres that is away.
      await restarting;
      const since = new Date();

      await untilEnded(db, ...blocked, ...moving);
      const { rows } = await db.query(
        `select r.state, count(distinct r.id)::integer as task_runs,
          count(*) filter (where a.state = 'SUCCESS')::integer as successes, max(r.try) as tries,
          count(*) filter (where a.state not in ('SUCCESS', 'RESUBMITTED'))::integer as others,
          count(*) filter (where a.state = 'RESUBMITTED' and a.error ->> 'reason' <> 'worker_unaware')::integer as lost
        from reprise.task_runs as r
        join reprise.attempts as a on a.task_run_id = r.id
        where r.execution_id = any ($1)
        group by r.state`,
        [[...blocked, ...moving]],
      );
      const task_runs = blocked.length * 3 + moving.length * 5;
      assert.deepEqual(rows, [
        { state: "SUCCESS", task_runs, successes: task_runs, tries: 1, others: 0, lost: 0 },
      ]);
      await untilAllBeat(since);
      assert.deepEqual(await workers(), before);
    });
  }
});
