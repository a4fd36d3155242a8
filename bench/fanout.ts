import { taskTypes } from "../src/tasks/registry.ts";
import { poolSize, startBenchWorker } from "./bench-worker.ts";
import { fanOut } from "./block-flow.ts";
import { type DurablePostgres, startDurablePostgres } from "./durable-postgres.ts";
import { addJobs, startRawWorker } from "./raw-graphile-worker.ts";
import type { Bench, BenchOptions, Measured } from "./result.ts";
import { createExecutions, saveFlow } from "./return-sequence.ts";
import { median } from "./statistics.ts";
import { ALL_ENDED, waitUntil } from "./wait-until.ts";

/** `fanout`: many tasks side by side, and one that joins them. */
export const fanout: Bench = {
  name: "fanout",
  summary: "a Parallel of 1,000 tasks and the one behind it, beginning to end",
  measure,
};

async function measure({ runs = 7, isTiny, say }: BenchOptions): Promise<Measured> {
  const width = isTiny ? 5 : 1_000;
  await using postgres = await startDurablePostgres();
  await using ours = await openOurs(postgres, width);
  await using raw = await openRaw(postgres, width);
  const oursMs: number[] = [];
  const rawMs: number[] = [];
  // The first are not counted: plans and code are cold.
  for (let run = -2; run < runs; run += 1) {
    say(`round ${run + 3} of ${runs + 2}`);
    const [oneOurs, oneRaw] = [await timed(ours.run), await timed(raw.run)];
    if (run < 0) continue;
    oursMs.push(oneOurs);
    rawMs.push(oneRaw);
  }
  return {
    figures: { [`fanOutMs_${width}`]: median(oursMs), [`best_fanOutMs_${width}`]: Math.min(...oursMs) },
    floor: { [`jobsMs_${width}`]: median(rawMs), [`best_jobsMs_${width}`]: Math.min(...rawMs) },
    ratios: { fanOutByJobs: median(oursMs) / median(rawMs) },
    notes: [
      `Ours: one execution of a Parallel of ${width} Return tasks and a Return behind it; from before the call that creates it until it has ended.`,
      `Floor: ${width} graphile-worker jobs with an empty handler, added by one statement. The worker counts them in its memory, and the last adds the job that joins: a lost worker would lose the count.`,
      `Commits are durable. Medians of ${runs} rounds in turns.`,
    ],
  };
}

async function timed(run: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await run();
  return performance.now() - begin;
}

interface Side extends AsyncDisposable {
  run: () => Promise<void>;
}

async function openOurs(postgres: DurablePostgres, width: number): Promise<Side> {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await postgres.database(poolSize));
  await saveFlow(database.pool, fanOut(width), taskTypes);
  stack.use(await startBenchWorker(database));
  return {
    async run() {
      await createExecutions(database.pool, 1);
      await waitUntil(database.pool, ALL_ENDED);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function openRaw(postgres: DurablePostgres, width: number): Promise<Side> {
  const stack = new AsyncDisposableStack();
  const { pool } = stack.use(await postgres.database(poolSize));
  let missing = 0;
  let onJoined: () => void = () => undefined;
  stack.use(
    await startRawWorker(pool, {
      child: async (_, helpers) => {
        missing -= 1;
        if (missing === 0) await helpers.addJob("join", {});
      },
      join: async () => onJoined(),
    }),
  );
  return {
    async run() {
      missing = width;
      const joined = new Promise<void>((resolve) => {
        onJoined = resolve;
      });
      await addJobs(pool, "child", width);
      await joined;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
