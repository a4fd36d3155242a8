import { taskTypes } from "../src/tasks/registry.ts";
import { poolSize, startBenchWorker, watchReturns } from "./bench-worker.ts";
import { openCountDown } from "./count-down.ts";
import { type CpuTime, startCpuClock } from "./cpu-time.ts";
import { type BenchDatabase, type DurablePostgres, startDurablePostgres } from "./durable-postgres.ts";
import { addJobs, startRawWorker } from "./raw-graphile-worker.ts";
import type { Bench, BenchOptions, Figures, Measured } from "./result.ts";
import { createExecutions, returnSequence, saveFlow } from "./return-sequence.ts";
import { median } from "./statistics.ts";
import { ALL_ENDED, QUEUE_EMPTY, waitUntil } from "./wait-until.ts";

const TASKS = 10;

// A chain is so much slower than all else here that more of them would only take time.
const MOST_CHAINS = 200;

/** `throughput`: task runs a second. */
export const throughput: Bench = {
  name: "throughput",
  summary: "task runs a second, many executions of ten tasks at once",
  measure,
};

async function measure({ runs = 3, isTiny, say }: BenchOptions): Promise<Measured> {
  const sizes = isTiny ? [5, 2] : [2_000, 500];
  await using postgres = await startDurablePostgres();
  const figures: Record<string, number> = {};
  const floor: Record<string, number> = {};
  const ratios: Record<string, number> = {};

  for (const executions of sizes) {
    const samples: Record<"ours" | "jobs" | "chained", Sample[]> = { ours: [], jobs: [], chained: [] };
    for (let run = 1; run <= runs; run += 1) {
      say(`${executions} executions, round ${run} of ${runs}`);
      samples.jobs.push(await rawJobs(postgres, executions));
      samples.ours.push(await ours(postgres, executions));
      samples.chained.push(await chainedJobs(postgres, Math.min(executions, MOST_CHAINS)));
    }
    Object.assign(figures, named("taskRuns", executions, samples.ours));
    Object.assign(
      floor,
      named("jobs", executions, samples.jobs),
      named("chainedJobs", executions, samples.chained),
    );
    const ratio = (key: keyof Sample) =>
      median(samples.ours.map((s) => s[key])) / median(samples.jobs.map((s) => s[key]));
    ratios[`taskRunsByJobs_${executions}`] = 1 / ratio("wallMs");
    ratios[`postgresCpuByJobs_${executions}`] = ratio("postgresMs");
    ratios[`nodeCpuByJobs_${executions}`] = ratio("nodeMs");
  }
  return {
    figures,
    floor,
    ratios,
    notes: [
      `Ours: executions of a sequence of ${TASKS} Return tasks, each with a template that reads the one before, created by one SQL ` +
        "call; one worker, already running. The clock runs from before that call until every execution has ended and the queue is empty.",
      `Floor: as many graphile-worker jobs with an empty handler, added by one statement, until the queue is empty; the worker runs ` +
        `in the same process with the same settings (200 at once, 400 fetched ahead, completions batched, ${poolSize} connections).`,
      `chainedJobs: ${MOST_CHAINS} chains at once, of ${TASKS} jobs that each add the next one.`,
      `Commits are durable. Medians of ${runs} rounds in turns, each in a database of its own, warmed up.`,
    ],
  };
}

/** One measurement of `count` task runs or jobs. */
interface Sample extends CpuTime {
  count: number;
  wallMs: number;
}

function named(noun: string, executions: number, samples: readonly Sample[]): Figures {
  const perSecond = samples.map(({ count, wallMs }) => count / (wallMs / 1000));
  const each = (key: "postgresMs" | "nodeMs") => median(samples.map((s) => (s[key] * 1000) / s.count));
  return {
    [`${noun}PerSecond_${executions}`]: median(perSecond),
    [`best_${noun}PerSecond_${executions}`]: Math.max(...perSecond),
    [`${noun}_postgresCpuUs_${executions}`]: each("postgresMs"),
    [`${noun}_nodeCpuUs_${executions}`]: each("nodeMs"),
  };
}

async function ours(postgres: DurablePostgres, executions: number): Promise<Sample> {
  await using database = await postgres.database(poolSize);
  await saveFlow(database.pool, returnSequence(TASKS), taskTypes);
  const countDown = openCountDown();
  await using _worker = await startBenchWorker(database, watchReturns(countDown.tick));
  return await sample(database, executions * TASKS, async (share) => {
    const count = Math.ceil(executions * share);
    const done = countDown.expect(count * TASKS);
    await createExecutions(database.pool, count);
    await done;
    await waitUntil(database.pool, `${ALL_ENDED} and ${QUEUE_EMPTY}`);
  });
}

async function rawJobs(postgres: DurablePostgres, executions: number): Promise<Sample> {
  await using database = await postgres.database(poolSize);
  const countDown = openCountDown();
  await using _worker = await startRawWorker(database.pool, { nothing: async () => countDown.tick() });
  return await sample(database, executions * TASKS, async (share) => {
    const count = Math.ceil(executions * TASKS * share);
    const done = countDown.expect(count);
    await addJobs(database.pool, "nothing", count);
    await done;
    await waitUntil(database.pool, QUEUE_EMPTY);
  });
}

async function chainedJobs(postgres: DurablePostgres, executions: number): Promise<Sample> {
  await using database = await postgres.database(poolSize);
  const countDown = openCountDown();
  await using _worker = await startRawWorker(database.pool, {
    step: async (payload, helpers) => {
      countDown.tick();
      const { number = 1 } = payload as { number?: number };
      if (number < TASKS) await helpers.addJob("step", { number: number + 1 });
    },
  });
  return await sample(database, executions * TASKS, async (share) => {
    const chains = Math.ceil(executions * share);
    const done = countDown.expect(chains * TASKS);
    await addJobs(database.pool, "step", chains);
    await done;
    await waitUntil(database.pool, QUEUE_EMPTY);
  });
}

// Enough that every connection has planned what it is asked.
const WARM_UP = 2_000;

/** Does some of the work, as much whatever the load, so that plans and code are warm, and then measures it. */
async function sample(
  database: BenchDatabase,
  count: number,
  work: (share: number) => Promise<void>,
): Promise<Sample> {
  const share = Math.min(1, WARM_UP / count);
  await work(share);
  await database.settle();
  // New statistics make every connection plan anew; that would be a good part of a short run.
  await work(share);
  const stopCpuClock = await startCpuClock(database.pool);
  const begin = performance.now();
  await work(1);
  const wallMs = performance.now() - begin;
  return { count, wallMs, ...(await stopCpuClock()) };
}
