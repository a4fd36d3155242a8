import { taskTypes } from "../src/tasks/registry.ts";
import { poolSize, startBenchWorker } from "./bench-worker.ts";
import { type BenchDatabase, type DurablePostgres, startDurablePostgres } from "./durable-postgres.ts";
import { bytesOf, walBytesSince, walPosition } from "./new-data.ts";
import { addJobs, startRawWorker } from "./raw-graphile-worker.ts";
import type { Bench, BenchOptions, Figures, Measured } from "./result.ts";
import { createExecutions, returnSequence, saveFlow } from "./return-sequence.ts";
import { median } from "./statistics.ts";
import { ALL_ENDED, QUEUE_EMPTY, waitUntil } from "./wait-until.ts";

/** `storage`: what a task run leaves in the database. */
export const storage: Bench = {
  name: "storage",
  summary: "bytes, rows and bytes of write-ahead log for each task run",
  measure,
};

const TASKS = 10;

async function measure({ runs = 3, isTiny, say }: BenchOptions): Promise<Measured> {
  const executions = isTiny ? 5 : 500;
  await using postgres = await startDurablePostgres();
  const ours: Figures[] = [];
  const raw: Figures[] = [];
  for (let run = 1; run <= runs; run += 1) {
    say(`round ${run} of ${runs}`);
    ours.push(await ofTaskRuns(postgres, executions));
    raw.push(await ofJobs(postgres, executions * TASKS));
  }
  const figures = middle(ours);
  const floor = middle(raw);
  const ratio = (key: string) => (figures[key] ?? 0) / (floor[key] ?? 1);
  return {
    figures,
    floor,
    ratios: { walBytes: ratio("walBytes"), pageBytes: ratio("pageBytes") },
    notes: [
      `Ours: ${executions} executions of a sequence of ${TASKS} Return tasks, by one worker; all figures are for each task run, with its share of its ` +
        "execution, its attempt and its job.",
      "rows and rowBytes (pg_column_size): what is left when all have ended, in all tables. pageBytes: by how much tables, indexes and TOAST have " +
        "grown, dead rows included, before any vacuum. walBytes: written to the log, full page images after a checkpoint included.",
      "Floor: as many graphile-worker jobs with an empty payload and an empty handler, added by one statement. They leave no rows.",
      `Medians of ${runs} rounds in turns, each in a database of its own that has done a tenth as much before.`,
    ],
  };
}

async function ofTaskRuns(postgres: DurablePostgres, executions: number): Promise<Figures> {
  await using database = await postgres.database(poolSize);
  await saveFlow(database.pool, returnSequence(TASKS), taskTypes);
  await using _worker = await startBenchWorker(database);
  return await perUnit(database, executions * TASKS, async (share) => {
    await createExecutions(database.pool, Math.ceil(executions * share));
    await waitUntil(database.pool, `${ALL_ENDED} and ${QUEUE_EMPTY}`);
  });
}

async function ofJobs(postgres: DurablePostgres, count: number): Promise<Figures> {
  await using database = await postgres.database(poolSize);
  await using _worker = await startRawWorker(database.pool, { nothing: async () => undefined });
  return await perUnit(database, count, async (share) => {
    await addJobs(database.pool, "nothing", Math.ceil(count * share));
    await waitUntil(database.pool, QUEUE_EMPTY);
  });
}

async function perUnit(
  database: BenchDatabase,
  count: number,
  work: (share: number) => Promise<void>,
): Promise<Figures> {
  const { pool } = database;
  await work(0.1);
  await database.settle();
  const before = {
    position: await walPosition(pool),
    pageBytes: await bytesOf(pool),
    ...(await rowsOf(database)),
  };
  await work(1);
  const wal = await walBytesSince(pool, before.position);
  const after = { pageBytes: await bytesOf(pool), ...(await rowsOf(database)) };
  return {
    rows: (after.rows - before.rows) / count,
    rowBytes: (after.rowBytes - before.rowBytes) / count,
    pageBytes: (after.pageBytes - before.pageBytes) / count,
    walBytes: wal / count,
  };
}

const TABLES = [
  "reprise.executions",
  "reprise.task_runs",
  "reprise.attempts",
  "reprise.logs",
  "graphile_worker._private_jobs",
];

async function rowsOf({ pool }: BenchDatabase): Promise<{ rows: number; rowBytes: number }> {
  const each = TABLES.map((table) => `select pg_column_size(t.*) as bytes from ${table} as t`);
  const { rows } = await pool.query<{ rows: number; bytes: number }>(
    `select count(*)::float8 as rows, coalesce(sum(bytes), 0)::float8 as bytes from (${each.join(" union all ")}) as every`,
  );
  return { rows: rows[0]?.rows ?? 0, rowBytes: rows[0]?.bytes ?? 0 };
}

function middle(samples: readonly Figures[]): Figures {
  const names = Object.keys(samples[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, median(samples.map((sample) => sample[name] ?? 0))]));
}
