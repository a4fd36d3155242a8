import type { Pool } from "pg";
import { taskTypes } from "../src/tasks/registry.ts";
import { fanOut, loop, nest, readingLoop } from "./block-flow.ts";
import { type Child, startChild } from "./child-process.ts";
import { type DurablePostgres, startDurablePostgres } from "./durable-postgres.ts";
import type { Bench, BenchOptions, Measured } from "./result.ts";
import { createExecutions, returnSequence, saveFlow } from "./return-sequence.ts";
import { ALL_ENDED, waitUntil } from "./wait-until.ts";

/** `memory`: the most that a worker and a server ever have in memory, with large executions and with many small ones. */
export const memory: Bench = {
  name: "memory",
  summary:
    "the memory of a worker and a server with large executions, beside as many task runs of small ones",
  measure,
};

/** A flow, and how many executions of it leave some ten thousand task runs. */
interface Shape {
  name: string;
  source: string;
  executions: number;
}

const ROUNDS = 5;

function shapes(isTiny: boolean): [Shape, ...Shape[]] {
  const [many, wide, deep] = isTiny ? [20, 5, 3] : [10_000, 1_000, 50];
  return [
    { name: "sequencesOfTen", source: returnSequence(10), executions: many / 10 },
    { name: `loopOf${many}`, source: loop(many), executions: 1 },
    { name: `readingLoopOf${many / 2}`, source: readingLoop(many / 2), executions: 1 },
    { name: `parallelsOf${wide}`, source: fanOut(wide), executions: Math.ceil(many / wide) },
    { name: `sequenceOf${many / 2}`, source: returnSequence(many / 2), executions: 2 },
    { name: `nestsOf${deep}`, source: nest(deep), executions: Math.ceil(many / deep) },
  ];
}

async function measure({ isTiny, say }: BenchOptions): Promise<Measured> {
  await using postgres = await startDurablePostgres();
  const peaks: Record<string, Peaks> = {};
  const [floor, ...large] = shapes(isTiny);
  for (const shape of [floor, ...large]) {
    say(shape.name);
    peaks[shape.name] = await peaksOf(postgres, shape);
  }
  const { [floor.name]: least, ...others } = peaks;
  if (least === undefined) throw new Error("Nothing was measured.");
  const named = (what: keyof Peaks, of: (peaks: Peaks) => number) =>
    Object.fromEntries(Object.entries(others).map(([name, peak]) => [`${what}_${name}`, of(peak)]));
  const all = (of: (what: keyof Peaks) => (peaks: Peaks) => number) => ({
    ...named("workerMb", of("workerMb")),
    ...named("workerAgainMb", of("workerAgainMb")),
    ...named("serverMb", of("serverMb")),
  });
  return {
    figures: all((what) => (peak) => peak[what]),
    floor: { ...least },
    ratios: all((what) => (peak) => peak[what] / least[what]),
    notes: [
      `The most that each process ever had in memory, by the kernel. workerMb: after some ten thousand task runs of this shape; workerAgainMb: after ${ROUNDS} times as many.`,
      "serverMb: a server that gives all task runs of these executions in pages of 100, with their outputs, and replays one of them.",
      "Floor: as many task runs of sequences of ten.",
    ],
  };
}

/** In megabytes. */
interface Peaks {
  workerMb: number;
  workerAgainMb: number;
  serverMb: number;
}

async function peaksOf(postgres: DurablePostgres, { source, executions }: Shape): Promise<Peaks> {
  await using database = await postgres.database(2);
  const { pool, connectionString } = database;
  await saveFlow(pool, source, taskTypes);
  await using worker = await startChild(connectionString, "worker");
  const run = async () => {
    await createExecutions(pool, executions);
    await waitUntil(pool, ALL_ENDED);
    return await worker.peakRssMb();
  };
  const workerMb = await run();
  await using server = await startChild(connectionString, "server", "--port", "0");
  await readAll(server, pool);
  const serverMb = await server.peakRssMb();
  let workerAgainMb = workerMb;
  for (let round = 1; round < ROUNDS; round += 1) workerAgainMb = await run();
  return { workerMb, workerAgainMb, serverMb };
}

/** Reads every task run there is by GraphQL, and replays an execution from its start. */
async function readAll(server: Child, pool: Pool): Promise<void> {
  const url = /https?:\S+/.exec(server.said)?.[0] ?? "";
  const { rows } = await pool.query<{ id: string }>("select id from reprise.executions order by id");
  for (const { id } of rows) {
    for (let after: string | null = null, hasMore = true; hasMore; ) {
      const { execution } = await ask(url, READ_PAGE, { id, after });
      after = execution.taskRuns.pageInfo.endCursor;
      hasMore = execution.taskRuns.pageInfo.hasNextPage;
    }
  }
  await ask(url, REPLAY, { id: rows[0]?.id });
}

const READ_PAGE = `query ($id: UUID!, $after: Cursor) {
  execution(id: $id) {
    taskRuns(first: 100, after: $after) {
      nodes { id taskId state attemptNumber outputs }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

const REPLAY = `mutation ($id: UUID!) {
  replayExecution(input: { executionId: $id, anchors: ["start"] }) { execution { id } }
}`;

interface Answer {
  execution: { taskRuns: { pageInfo: { hasNextPage: boolean; endCursor: string | null } } };
}

async function ask(url: string, query: string, variables: object): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Answer; errors?: { message: string }[] };
  if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join("\n"));
  return data;
}
