import type { Pool } from "pg";
import { taskTypes } from "../src/tasks/registry.ts";
import { poolSize, startBenchWorker } from "./bench-worker.ts";
import { fanOut, loop, nest, readingLoop } from "./block-flow.ts";
import { startCpuClock } from "./cpu-time.ts";
import { type DurablePostgres, startDurablePostgres } from "./durable-postgres.ts";
import type { Bench, BenchOptions, Figures, Measured } from "./result.ts";
import { createExecutions, returnSequence, saveFlow } from "./return-sequence.ts";
import { median } from "./statistics.ts";
import { ALL_ENDED, QUEUE_EMPTY, waitUntil } from "./wait-until.ts";

/** `flat`: what a task run costs in flows of very different shapes. */
export const flat: Bench = {
  name: "flat",
  summary: "the cost of a task run in large loops, long sequences and deep nests, beside sequences of ten",
  measure,
};

/** A shape, and how it is run: so many executions, at once or one behind the other. */
interface Shape {
  name: string;
  source: string;
  executions: number;
  atOnce: boolean;
}

function shapes(isTiny: boolean): Shape[] {
  const [many, wide, long, deep] = isTiny ? [20, 5, 20, 3] : [10_000, 1_000, 5_000, 50];
  return [
    { name: "sequencesOfTen", source: returnSequence(10), executions: many / 10, atOnce: true },
    { name: `loopOf${many}`, source: loop(many), executions: 1, atOnce: true },
    { name: `readingLoopOf${many / 2}`, source: readingLoop(many / 2), executions: 1, atOnce: true },
    {
      name: `unseenLoopOf${many / 5}`,
      source: readingLoop(many / 5, { isUnseen: true }),
      executions: 1,
      atOnce: true,
    },
    { name: `parallelsOf${wide}`, source: fanOut(wide), executions: Math.ceil(many / wide), atOnce: true },
    {
      name: "lonelySequencesOfTen",
      source: returnSequence(10),
      executions: Math.ceil(long / 50),
      atOnce: false,
    },
    { name: `sequenceOf${long}`, source: returnSequence(long), executions: 1, atOnce: false },
    { name: `nestsOf${deep}`, source: nest(deep), executions: Math.ceil(long / 100), atOnce: false },
  ];
}

async function measure({ runs = 3, isTiny, say }: BenchOptions): Promise<Measured> {
  await using postgres = await startDurablePostgres();
  const samples = new Map<string, Sample[]>();
  const all = shapes(isTiny);
  for (let run = 1; run <= runs; run += 1) {
    for (const shape of all) {
      say(`${shape.name}, round ${run} of ${runs}`);
      samples.set(shape.name, [...(samples.get(shape.name) ?? []), await sampleOf(postgres, shape)]);
    }
  }
  const figures: Record<string, number> = {};
  const ratios: Record<string, number> = {};
  for (const { name, atOnce } of all) {
    const of = (key: keyof Sample, shape = name) => median((samples.get(shape) ?? []).map((one) => one[key]));
    const floor = atOnce ? "sequencesOfTen" : "lonelySequencesOfTen";
    figures[`usPerTaskRun_${name}`] = of("wallUs");
    figures[`postgresCpuUsPerTaskRun_${name}`] = of("postgresUs");
    figures[`nodeCpuUsPerTaskRun_${name}`] = of("nodeUs");
    if (name === floor) continue;
    ratios[`time_${name}`] = of("wallUs") / of("wallUs", floor);
    ratios[`postgresCpu_${name}`] = of("postgresUs") / of("postgresUs", floor);
  }
  return {
    figures: figures as Figures,
    floor: Object.fromEntries(
      Object.entries(figures).filter(
        ([key]) => key.endsWith("sequencesOfTen") || key.endsWith("lonelySequencesOfTen"),
      ),
    ),
    ratios,
    notes: [
      "Everything is divided by the task runs that it left, blocks included. Those at once are beside as many task runs of sequences of ten at once; those one behind the other beside lone sequences of ten.",
      `Commits are durable. Medians of ${runs} rounds in turns, each in a database of its own, warmed up.`,
    ],
  };
}

/** What a task run took, in microseconds. */
interface Sample {
  wallUs: number;
  postgresUs: number;
  nodeUs: number;
}

async function sampleOf(postgres: DurablePostgres, { source, executions, atOnce }: Shape): Promise<Sample> {
  await using database = await postgres.database(poolSize);
  const { pool } = database;
  await saveFlow(pool, source, taskTypes);
  await using _worker = await startBenchWorker(database);
  const run = async (count: number) => {
    for (let done = 0; done < count; done += atOnce ? count : 1) {
      await createExecutions(pool, atOnce ? count : 1);
      await waitUntil(pool, `${ALL_ENDED} and ${QUEUE_EMPTY}`);
    }
  };
  await run(Math.ceil(executions / 10));
  await database.settle();
  await run(Math.ceil(executions / 10));
  const before = await countTaskRuns(pool);
  const stopCpuClock = await startCpuClock(pool);
  const begin = performance.now();
  await run(executions);
  const wallMs = performance.now() - begin;
  const { postgresMs, nodeMs } = await stopCpuClock();
  const us = 1000 / ((await countTaskRuns(pool)) - before);
  return { wallUs: wallMs * us, postgresUs: postgresMs * us, nodeUs: nodeMs * us };
}

async function countTaskRuns(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    "select count(*)::integer as count from reprise.task_runs",
  );
  return rows[0]?.count ?? 0;
}
