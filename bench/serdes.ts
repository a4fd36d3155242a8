import { createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { callOne } from "../src/db/call.ts";
import { taskTypes } from "../src/tasks/registry.ts";
import { startChild } from "./child-process.ts";
import { convertWithDuckDb, type DuckDbTimes } from "./duckdb-conversion.ts";
import { type BenchDatabase, startDurablePostgres } from "./durable-postgres.ts";
import { serveFile } from "./file-server.ts";
import type { Bench, BenchOptions, Figures, Measured } from "./result.ts";
import { saveFlow } from "./return-sequence.ts";
import { rideCsv } from "./ride-csv.ts";
import { csvFlow, zipFlow } from "./ride-flow.ts";
import { median, sum } from "./statistics.ts";
import { waitUntil } from "./wait-until.ts";
import { writeZip } from "./write-zip.ts";

/** `serdes`: the tasks that convert data. */
export const serdes: Bench = {
  name: "serdes",
  summary: "CSV to Ion to Parquet, storage included; --large: 2 GB, Avro too, and the memory it takes",
  measure: (options) => (options.isLarge ? measureLarge(options) : measureUsual(options)),
};

async function measureUsual({ runs = 3, isTiny, say }: BenchOptions): Promise<Measured> {
  const rows = isTiny ? 1_000 : 500_000;
  await using folder = await temporaryFolder();
  const csv = join(folder.path, "rides.csv");
  await pipeline(Readable.from(rideCsv(rows)), createWriteStream(csv));
  await using server = await serveFile(csv);
  await using postgres = await startDurablePostgres();
  await using database = await postgres.database(2);
  await using worker = await startChild(database.connectionString, "worker");

  const ours: TaskTimes[] = [];
  const duckdb: DuckDbTimes[] = [];
  for (let run = 1; run <= runs; run += 1) {
    say(`round ${run} of ${runs}`);
    duckdb.push(await convertWithDuckDb(csv, folder.path));
    ours.push(await runFlow(database, csvFlow(server.url)));
    await database.settle();
  }
  const peakRssMb = await worker.peakRssMb();
  const total = median(ours.map((times) => msOf(times, "convert") + msOf(times, "to_parquet")));
  const plain = median(duckdb.map(({ toJsonMs, toParquetMs }) => toJsonMs + toParquetMs));
  const gzip = median(duckdb.map(({ toJsonMs, toGzipParquetMs }) => toJsonMs + toGzipParquetMs));
  return {
    figures: {
      convertAndToParquetMs: total,
      ...eachTask(ours, "Ms", msOf),
      rows,
      csvMb: await megabytes(csv),
      peakRssMb,
    },
    floor: {
      duckdbMs: plain,
      duckdbToJsonMs: median(duckdb.map(({ toJsonMs }) => toJsonMs)),
      duckdbToParquetMs: median(duckdb.map(({ toParquetMs }) => toParquetMs)),
      duckdbGzipMs: gzip,
    },
    ratios: { byDuckdb: total / plain, byDuckdbGzip: total / gzip },
    notes: [
      "Ours: a worker in a process of its own runs fetch, convert (CsvToIon) and to_parquet (IonToParquet, types checked against a schema, GZIP); the " +
        "time of each task is that of its attempt in the tables, its files read from and stored in Postgres with durable commits.",
      "Floor: DuckDB from CSV to JSON lines to Parquet with its defaults (SNAPPY, all cores), from and to local files; duckdbGzip writes what ours writes.",
      `Medians of ${runs} rounds in turns.`,
    ],
  };
}

async function measureLarge({ isTiny, say }: BenchOptions): Promise<Measured> {
  const rows = isTiny ? 1_000 : 10_500_000;
  await using folder = await temporaryFolder();
  const zip = join(folder.path, "rides.zip");
  say("making the archive");
  let csvBytes = 0;
  const counted = function* () {
    for (const piece of rideCsv(rows)) {
      csvBytes += piece.length;
      yield piece;
    }
  };
  await writeZip(zip, "rides.csv", counted());
  await using server = await serveFile(zip);
  await using postgres = await startDurablePostgres();
  await using database = await postgres.database(2);
  await using worker = await startChild(database.connectionString, "worker");

  say("running the flow");
  const times = await runFlow(database, zipFlow(server.url));
  const peaks = eachTask([times], "_peakRssMb", (_, task) => {
    const { from = new Date(), to = from } = times[task] ?? {};
    return worker.peakBetween(from, to);
  });
  const peakRssMb = await worker.peakRssMb();
  const csvMb = csvBytes / 1024 ** 2;
  return {
    figures: {
      peakRssMb,
      totalMs: sum(Object.keys(times).map((task) => msOf(times, task))),
      ...eachTask([times], "Ms", msOf),
      ...eachTask([times], "_csvMbPerSecond", (_, task) => csvMb / (msOf(times, task) / 1000)),
      ...peaks,
      rows,
      csvMb,
      zipMb: await megabytes(zip),
    },
    floor: { mostRssMb: 512 },
    ratios: { rssByMost: peakRssMb / 512 },
    notes: [
      "Ours: a worker in a process of its own runs fetch, unzip, convert (CsvToIon), to_parquet (IonToParquet) and to_avro (IonToAvro), its files in " +
        "Postgres. peakRssMb is the most that the worker's process ever had in memory; TASK_peakRssMb the most that was seen while the task ran.",
      "Floor: what it may take.",
    ],
  };
}

/** When each task ran, by its id. */
type TaskTimes = Record<string, { from: Date; to: Date }>;

async function runFlow(database: BenchDatabase, source: string): Promise<TaskTimes> {
  const { pool } = database;
  const { namespace, flow_id } = await saveFlow(pool, source, taskTypes);
  const { id } = await callOne(pool, "reprise_api.create_execution", { namespace, flow_id });
  await waitUntil(pool, `(select e.ended_at is not null from reprise.executions as e where e.id = '${id}')`);
  const { rows } = await pool.query<{
    task: string;
    state: string;
    from: Date;
    to: Date;
    error: string | null;
  }>(
    `select t.id as task, r.state, a.started_at as from, a.ended_at as to, a.error ->> 'message' as error
     from reprise.task_runs as r
     join reprise.tasks as t on t.key = r.task_key
     join reprise.attempts as a on a.task_run_id = r.id and a.number = r.attempt_number
     where r.execution_id = $1
     order by r.id`,
    [id],
  );
  const failed = rows.find(({ state }) => state !== "SUCCESS");
  if (failed !== undefined) throw new Error(`${failed.task} ended as ${failed.state}: ${failed.error}`);
  return Object.fromEntries(rows.map(({ task, from, to }) => [task, { from, to }]));
}

function msOf(times: TaskTimes, task: string): number {
  const { from, to } = times[task] ?? {};
  return from === undefined || to === undefined ? 0 : to.getTime() - from.getTime();
}

/** A figure for each task, the median over the samples. */
function eachTask(
  samples: readonly TaskTimes[],
  unit: string,
  figure: (times: TaskTimes, task: string) => number,
): Figures {
  const tasks = Object.keys(samples[0] ?? {});
  return Object.fromEntries(
    tasks.map((task) => [`${task}${unit}`, median(samples.map((times) => figure(times, task)))]),
  );
}

async function megabytes(path: string): Promise<number> {
  return (await stat(path)).size / 1024 ** 2;
}

async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), "reprise-bench-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
