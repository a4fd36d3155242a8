import { EventEmitter } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import {
  type LogFunctionFactory,
  type Runner,
  run,
  type Task,
  type TaskList,
  Logger as WorkerLogger,
  WorkerPreset,
} from "graphile-worker";
import type { Pool } from "pg";
import { z } from "zod";
import type { Logger } from "../base/log.ts";
import { insist } from "./insist.ts";
import { openSlots } from "./slots.ts";

/** A part of a worker that takes jobs of certain identifiers from the queue. */
export interface JobRunner {
  /** Takes no more jobs, and resolves once those it has are done. */
  stop(): Promise<void>;
}

/** How a runner takes jobs. */
export interface JobRunnerOptions {
  db: Pool;
  log: Logger;
  /** The name under which it locks jobs. */
  poolId: string;
  identifiers: readonly string[];
  concurrency: number;
  /** How many jobs to lock ahead: many for short tasks, one for long ones, so that nobody hoards what others could do. */
  ahead: number;
  onJob: (taskRunId: string, identifier: string) => Promise<void>;
}

/** The queue is open to whoever owns the database; a job of somebody else's making must not spoil a call that it shares with others. */
const jobPayload = z.object({ id: z.string().regex(/^[1-9]\d{0,17}$/) });

/** graphile-worker while it takes jobs. */
interface Taker {
  runner: Runner;
  /** Resolves when it takes no more, while what it has taken may go on for long. */
  ending: Promise<void>;
}

// Postgres may need a moment to come back; and should a runner end again and again, it does not do so all the time.
const PAUSE_MS = 200;

/**
 * Starts taking jobs. A job names a task run; everything else stands in the tables. graphile-worker stops for good when Postgres
 * goes while a job is being completed; then another takes its place at once, and what the old one still runs goes on beside it.
 */
export async function startJobRunner(options: JobRunnerOptions): Promise<JobRunner> {
  const { log } = options;
  const slots = openSlots(options.concurrency);
  const onJob: JobRunnerOptions["onJob"] = async (...job) => await slots.use(() => options.onJob(...job));
  const stopper = new AbortController();
  const stopped = new Promise((resolve) => stopper.signal.addEventListener("abort", resolve));
  const runners = new Set<Runner>();

  const take = async () => {
    const taker = await openTaker({ ...options, onJob });
    const { runner } = taker;
    runners.add(runner);
    runner.promise.catch(() => undefined).finally(() => runners.delete(runner));
    return taker;
  };
  const keeping = keep(await take());
  async function keep(first: Taker): Promise<void> {
    let { ending } = first;
    for (;;) {
      await Promise.race([ending, stopped]);
      await pause(PAUSE_MS, undefined, { signal: stopper.signal });
      log.warn("a job runner ended; starting another");
      ({ ending } = await insist("start a job runner", log, stopper.signal, take));
    }
  }
  keeping.catch((error: unknown) => {
    if (!stopper.signal.aborted) log.error({ err: error }, "a job runner could not be started again");
  });

  return {
    async stop() {
      stopper.abort();
      await keeping.catch(() => undefined);
      // One that is ending by itself cannot be stopped, but its jobs are waited for as well.
      await Promise.allSettled([...runners].map((runner) => runner.stop().catch(() => runner.promise)));
    },
  };
}

async function openTaker(options: JobRunnerOptions): Promise<Taker> {
  const events = new EventEmitter();
  // A name that we know beforehand stands in the row of this worker before the first job is locked, and also when another runner
  // takes the place of this one. So whoever finds this worker dead can free all its jobs.
  events.on("pool:create", ({ workerPool }: { workerPool: { id: string } }) => {
    workerPool.id = options.poolId;
  });
  const ending = new Promise<void>((resolve) => {
    for (const name of ["pool:gracefulShutdown", "pool:forcefulShutdown"]) events.once(name, () => resolve());
  });

  const handler: Task = async (payload, helpers) => {
    const job = jobPayload.safeParse(payload);
    if (job.success) await options.onJob(job.data.id, helpers.job.task_identifier);
    else options.log.warn({ payload }, "a job that names no task run was dropped");
  };
  const taskList: TaskList = Object.fromEntries(
    options.identifiers.map((identifier) => [identifier, handler]),
  );
  let runner: Runner | undefined;
  const onDeaf = () => void runner?.stop().catch(() => undefined);
  runner = await run({
    pgPool: options.db,
    logger: new WorkerLogger(bridge(options.log, watchForDeafness(onDeaf))),
    events,
    noHandleSignals: true,
    taskList,
    crontab: "",
    preset: {
      extends: [WorkerPreset],
      worker: {
        concurrentJobs: options.concurrency,
        pollInterval: 1_000,
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        gracefulShutdownAbortTimeout: 2_000,
        // What is locked ahead and not begun goes back before anybody misses it.
        localQueue: { size: options.ahead, ttl: options.ahead > 1 ? 2_000 : 100 },
      },
    },
  });
  return { runner, ending };
}

// Our slots hold no connections: hundreds of them share a few calls. And one job ahead is as it should be.
const EXPECTED_WARNING =
  /maxPoolSize .* smaller than concurrency|job batch size .* is smaller than your concurrency/;

/**
 * graphile-worker learns the ids of its tasks once, and keeps the promise of that also when it failed: then every fetch fails with
 * that very error, for good. Only a new one finds its way again.
 */
function watchForDeafness(onDeaf: () => void): (error: unknown) => void {
  let last: unknown;
  return (error) => {
    if (error === last) onDeaf();
    last = error;
  };
}

const REPEATED_WITHIN_MS = 10_000;

/** Sends what graphile-worker says to our log; its lines on each job are for us to debug with. */
function bridge(log: Logger, onFetchError: (error: unknown) => void): LogFunctionFactory {
  let last = { message: "", at: 0 };
  return (scope) => (level, message, meta) => {
    const fields = { ...scope, ...meta };
    if (level === "error" && message.startsWith("Error occurred fetching jobs")) onFetchError(meta?.error);
    if (level === "error") {
      // While Postgres is away it says the same every second.
      const isRepeated = message === last.message && Date.now() - last.at < REPEATED_WITHIN_MS;
      last = { message, at: Date.now() };
      log[isRepeated ? "debug" : "error"](fields, message);
    } else if (level === "warning" && !EXPECTED_WARNING.test(message)) log.warn(fields, message);
    else log.trace(fields, message);
  };
}
