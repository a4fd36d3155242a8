import type { Pool } from "pg";
import { callOne } from "../src/db/call.ts";
import type { FlowRevision } from "../src/db/generated.ts";
import { poolSize, startBenchWorker, watchReturns } from "./bench-worker.ts";
import { type BenchDatabase, type DurablePostgres, startDurablePostgres } from "./durable-postgres.ts";
import { startRawWorker } from "./raw-graphile-worker.ts";
import type { Bench, BenchOptions, Figures, Measured } from "./result.ts";
import { returnSequence, saveFlow } from "./return-sequence.ts";
import { gaps, mean, median, percentile } from "./statistics.ts";
import { ALL_ENDED, QUEUE_EMPTY, waitUntil } from "./wait-until.ts";

/** `hop`: how long a lone execution takes from task to task. */
export const hop: Bench = {
  name: "hop",
  summary: "from one task of a lone execution to the next, and from the call to the first",
  measure,
};

async function measure({ runs = 5, isTiny, say }: BenchOptions): Promise<Measured> {
  const length = isTiny ? 5 : 200;
  await using postgres = await startDurablePostgres();
  const samples: Record<SideName, Sample[]> = { ours: [], chain: [], plain: [] };
  // One more than counts: the first of each warms up, since connections plan what they are asked the first times.
  await using ours = await openOurs(postgres, length);
  await using chain = await openChain(postgres, true);
  await using plain = await openChain(postgres, false);
  for (let run = 0; run <= runs; run += 1) {
    say(run === 0 ? "warming up" : `round ${run} of ${runs}`);
    for (const [name, side] of Object.entries({ ours, chain, plain }) as [SideName, Side][]) {
      const sample = { hops: await side.run(length), startMs: [] as number[] };
      for (let start = 0; start < STARTS; start += 1) sample.startMs.push(await side.start());
      if (run > 0) samples[name].push(sample);
    }
  }

  const figures = { ...summary(samples.ours), ...(await betweenRows(ours.database.pool)) };
  const floor = {
    ...prefixed("chain", summary(samples.chain)),
    ...prefixed("plainChain", summary(samples.plain)),
  };
  const best = Math.min(
    median(samples.chain.map(({ hops }) => mean(hops))),
    median(samples.plain.map(({ hops }) => mean(hops))),
  );
  return {
    figures,
    floor,
    ratios: {
      meanHopByBestChain: figures.meanHopMs / best,
      startByBestChain:
        figures.startToFirstTaskMs /
        Math.min(...(["chain", "plain"] as const).map((side) => summary(samples[side]).startToFirstTaskMs)),
    },
    notes: [
      `Ours: one execution at a time of a sequence of ${length} Return tasks with a template each; one idle worker. A hop is the time from the ` +
        "moment a task's code begins to the moment the next one's does, by the clock of the process that runs them.",
      `startToFirstTaskMs: from before the call of create_execution to the first task's code, the median of ${STARTS} executions of one task in each round.`,
      "rows…: the same hop by attempts.started_at, and the part of it between ended_at of one and started_at of the next.",
      `Floor: graphile-worker jobs that each add the next one, ${length} in a chain; chain with the settings of our worker, plainChain with its ` +
        "defaults (no local queue, completions at once).",
      `Commits are durable. Means and percentiles over ${runs} rounds in turns.`,
    ],
  };
}

const STARTS = 20;

type SideName = "ours" | "chain" | "plain";

/** What one round took. */
interface Sample {
  startMs: number[];
  hops: number[];
}

/** Something that runs a sequence or a chain. */
interface Side extends AsyncDisposable {
  /** Runs so many tasks one behind the other, and gives the time between them in milliseconds. */
  run(length: number): Promise<number[]>;
  /** Runs one alone, and gives the milliseconds until it begins. */
  start(): Promise<number>;
}

function summary(samples: readonly Sample[]): { startToFirstTaskMs: number; meanHopMs: number } & Figures {
  const hops = samples.flatMap((sample) => sample.hops);
  return {
    startToFirstTaskMs: median(samples.flatMap(({ startMs }) => startMs)),
    meanHopMs: mean(hops),
    medianHopMs: percentile(hops, 0.5),
    p95HopMs: percentile(hops, 0.95),
  };
}

function prefixed(prefix: string, figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix}_${name}`, value]));
}

async function openOurs(
  postgres: DurablePostgres,
  length: number,
): Promise<Side & { database: BenchDatabase }> {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await postgres.database(poolSize));
  const begins: number[] = [];
  const types = watchReturns(() => begins.push(performance.now()));
  const flows = new Map<number, FlowRevision>();
  for (const tasks of [1, length])
    flows.set(tasks, await saveFlow(database.pool, returnSequence(tasks), types));
  stack.use(await startBenchWorker(database, types));
  const begin = async (tasks: number) => {
    const { namespace, flow_id } = flows.get(tasks) as FlowRevision;
    await callOne(database.pool, "reprise_api.create_execution", { namespace, flow_id });
  };
  return {
    database,
    ...aSide(begins, begin, async () => await waitUntil(database.pool, ALL_ENDED)),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function openChain(postgres: DurablePostgres, isTuned: boolean): Promise<Side> {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await postgres.database(poolSize));
  const begins: number[] = [];
  const worker = await startRawWorker(
    database.pool,
    {
      step: async (payload, helpers) => {
        begins.push(performance.now());
        const { left } = payload as { left: number };
        if (left > 1) await helpers.addJob("step", { left: left - 1 });
      },
    },
    { isTuned },
  );
  stack.use(worker);
  const begin = async (left: number) => {
    const text = "select graphile_worker.add_job('step', json_build_object('left', $1::integer))";
    await database.pool.query({ name: "begin", text, values: [left] });
  };
  return {
    ...aSide(begins, begin, async () => await waitUntil(database.pool, QUEUE_EMPTY)),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** A side whose tasks note their begins, by how it begins so many of them and how it is known that all is over. */
function aSide(
  begins: number[],
  begin: (tasks: number) => Promise<void>,
  end: () => Promise<void>,
): Omit<Side, typeof Symbol.asyncDispose> {
  const timed = async (tasks: number) => {
    begins.length = 0;
    const start = performance.now();
    await begin(tasks);
    // Nobody asks while it runs: a lone execution is measured alone.
    await settled(() => begins.length === tasks);
    await end();
    return { startMs: (begins[0] ?? 0) - start, hops: gaps(begins) };
  };
  return {
    run: async (length) => (await timed(length)).hops,
    start: async () => (await timed(1)).startMs,
  };
}

async function settled(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** What the tables say of the hop, all executions but the first together. */
async function betweenRows(pool: Pool): Promise<Figures> {
  const { rows } = await pool.query<{ hop: number; between: number }>(`
    select
      extract(epoch from a.started_at - lag(a.started_at) over in_order)::float8 * 1000 as hop,
      extract(epoch from a.started_at - lag(a.ended_at) over in_order)::float8 * 1000 as between
    from reprise.attempts as a
    join reprise.task_runs as r on r.id = a.task_run_id
    where r.execution_id <> (select min(e.id::text)::uuid from reprise.executions as e)
    window in_order as (partition by r.execution_id order by a.id)`);
  const steps = rows.filter(({ hop }) => hop !== null);
  return {
    rowsMeanHopMs: mean(steps.map(({ hop }) => hop)),
    rowsMeanEndToStartMs: mean(steps.map(({ between }) => between)),
  };
}
