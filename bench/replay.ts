import type { Pool, PoolClient } from "pg";
import { taskTypes } from "../src/tasks/registry.ts";
import { type BenchDatabase, startDurablePostgres } from "./durable-postgres.ts";
import { bytesOf, walBytesSince, walPosition } from "./new-data.ts";
import { buildExecutions } from "./original-execution.ts";
import { createPlainTables, insertPlainCopy } from "./plain-copy.ts";
import type { Bench, BenchOptions, Figures, Measured } from "./result.ts";
import { returnSequence, saveFlow } from "./return-sequence.ts";
import { median, percentile } from "./statistics.ts";

/** `replay`: making a replay from the last task. */
export const replay: Bench = {
  name: "replay",
  summary: "making a replay from the last task of 10 and of 1,000, with outputs of 1 KB and of 100 KB",
  measure,
};

async function measure({ runs = 15, isTiny, say }: BenchOptions): Promise<Measured> {
  const cases = isTiny
    ? [{ length: 3, outputBytes: 1_024 }]
    : [10, 1_000].flatMap((length) => [1_024, 102_400].map((outputBytes) => ({ length, outputBytes })));
  await using postgres = await startDurablePostgres();
  const figures: Record<string, number> = {};
  const floor: Record<string, number> = {};
  const ratios: Record<string, number> = {};

  for (const { length, outputBytes } of cases) {
    const name = `${length}x${Math.round(outputBytes / 1_024)}KB`;
    say(`${name}: building the original`);
    await using database = await postgres.database(2);
    const revision = await saveFlow(database.pool, returnSequence(length), taskTypes);
    await buildOthers(database.pool, isTiny ? 5 : OTHERS);
    const originalId = await buildExecutions(database.pool, revision, { count: 1, outputBytes });
    await database.settle();
    say(`${name}: ${runs} replays`);
    const measured = await replays(database, originalId, runs);
    for (const [part, value] of Object.entries(measured.figures)) figures[`${part}_${name}`] = value;
    for (const [part, value] of Object.entries(measured.floor)) floor[`${part}_${name}`] = value;
    ratios[`replayByInsert_${name}`] = (measured.figures.replayMs ?? 0) / (measured.floor.insertMs ?? 1);
    ratios[`replayByInsertWithoutReferences_${name}`] =
      (measured.figures.replayMs ?? 0) / (measured.floor.insertWithoutReferencesMs ?? 1);
    ratios[`walByInsert_${name}`] = (measured.figures.walBytes ?? 0) / (measured.floor.insertWalBytes ?? 1);
  }
  return {
    figures,
    floor,
    ratios,
    notes: [
      "Ours: reprise_api.replay_execution from the last task, one call in a transaction of its own, on one connection that has done it before; " +
        "the time is that of the client, with the durable commit. No worker runs: the new execution's first task stays a job. planMs is reprise_api.replay_plan.",
      "newRowBytes: what pg_column_size says of all rows that a replay adds, jobs included. newPageBytes: by how much tables, indexes and TOAST " +
        "grow for each, over all of them. walBytes: written to the log for one, the median; firstWalBytes: right after a checkpoint, when whole pages are logged.",
      `Originals are built by SQL: the task runs and attempts that a worker leaves, outputs that do not compress, beside ${OTHERS} other executions of 11 tasks.`,
      "Floor: insert … select of the very rows that the replay has just added to task_runs, into a copy of the table with the same columns, " +
        "indexes and checks, and a foreign key wherever it refers to another table; one statement and its durable commit. " +
        "insertWithoutReferencesMs: the same without the foreign keys.",
      `Medians of ${runs} in turns.`,
    ],
  };
}

// Without them the planner would rightly think that nearly every row belongs to the execution in question.
const OTHERS = 1_000;

async function buildOthers(pool: Pool, count: number): Promise<void> {
  const revision = await saveFlow(pool, returnSequence(11), taskTypes);
  await buildExecutions(pool, revision, { count, outputBytes: 32 });
}

interface Parts {
  figures: Figures;
  floor: Figures;
}

// The first calls of a connection plan their statements; a server's connections have done that long ago.
const WARM_UP = 6;

async function replays(database: BenchDatabase, originalId: string, runs: number): Promise<Parts> {
  const { pool } = database;
  await createPlainTables(pool);
  const client = await pool.connect();
  try {
    for (let run = 0; run < WARM_UP; run += 1) await once(client, originalId);
    await client.query("truncate bench_with_references, bench_without_references");
    await client.query("vacuum analyze");
    await client.query("checkpoint");
    const first = await once(client, originalId);

    const before = await bytesOf(client);
    const samples: Sample[] = [];
    for (let run = 0; run < runs; run += 1) samples.push(await once(client, originalId));
    const after = await bytesOf(client);

    const middle = (key: keyof Sample) => median(samples.map((sample) => sample[key]));
    return {
      figures: {
        replayMs: middle("replayMs"),
        p95ReplayMs: percentile(
          samples.map((sample) => sample.replayMs),
          0.95,
        ),
        planMs: middle("planMs"),
        newRows: middle("rows"),
        newRowBytes: middle("rowBytes"),
        newPageBytes: (after - before) / runs,
        walBytes: middle("walBytes"),
        firstWalBytes: first.walBytes,
      },
      floor: {
        insertMs: middle("insertMs"),
        insertWithoutReferencesMs: middle("insertWithoutReferencesMs"),
        insertRows: middle("insertRows"),
        insertWalBytes: middle("insertWalBytes"),
      },
    };
  } finally {
    client.release();
  }
}

interface Sample {
  planMs: number;
  replayMs: number;
  walBytes: number;
  rows: number;
  rowBytes: number;
  insertMs: number;
  insertWithoutReferencesMs: number;
  insertRows: number;
  insertWalBytes: number;
}

async function once(client: PoolClient, originalId: string): Promise<Sample> {
  const anchor = await lastTask(client, originalId);
  const plan = await timed(() =>
    client.query({
      name: "plan",
      text: "select plan_hash from reprise_api.replay_plan($1, $2)",
      values: [originalId, [anchor]],
    }),
  );
  const replayed = await timed(() =>
    client.query<{ id: string }>({
      name: "replay",
      text: "select id from reprise_api.replay_execution($1, $2)",
      values: [originalId, [anchor]],
    }),
  );
  const replayId = replayed.result.rows[0]?.id as string;
  const added = await addedRows(client, replayId);

  const insert = await timed(() => insertPlainCopy(client, "bench_with_references", replayId));
  const bare = await timed(() => insertPlainCopy(client, "bench_without_references", replayId));
  return {
    planMs: plan.ms,
    replayMs: replayed.ms,
    walBytes: replayed.walBytes,
    ...added,
    insertMs: insert.ms,
    insertWithoutReferencesMs: bare.ms,
    insertRows: insert.result,
    insertWalBytes: insert.walBytes,
  };

  async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; walBytes: number; result: T }> {
    const from = await walPosition(client);
    const start = performance.now();
    const result = await work();
    const ms = performance.now() - start;
    return { ms, walBytes: await walBytesSince(client, from), result };
  }
}

async function lastTask(client: PoolClient | Pool, executionId: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    "select max(r.id)::text as id from reprise.task_runs as r where r.execution_id = $1",
    [executionId],
  );
  return rows[0]?.id as string;
}

async function addedRows(client: PoolClient, replayId: string): Promise<{ rows: number; rowBytes: number }> {
  const { rows } = await client.query<{ rows: number; bytes: number }>(
    `select count(*)::integer as rows, sum(bytes)::integer as bytes
     from (
       select pg_column_size(e.*) as bytes from reprise.executions as e where e.id = $1
       union all
       select pg_column_size(r.*) from reprise.task_runs as r where r.execution_id = $1
       union all
       select pg_column_size(p.*) from reprise.replayed_task_runs as p where p.execution_id = $1
       union all
       select pg_column_size(a.*) from reprise.attempts as a join reprise.task_runs as r on r.id = a.task_run_id where r.execution_id = $1
       union all
       select pg_column_size(j.*)
       from graphile_worker._private_jobs as j
       join reprise.task_runs as r on j.key = 'task_run:' || r.id
       where r.execution_id = $1
     ) as added`,
    [replayId],
  );
  return { rows: rows[0]?.rows ?? 0, rowBytes: rows[0]?.bytes ?? 0 };
}
