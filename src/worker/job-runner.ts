import { EventEmitter } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import {
  type LogFunctionFactory,
  type Runner,
  run,
  type TaskList,
  Logger as WorkerLogger,
  WorkerPreset,
} from "graphile-worker";
import type { Pool } from "pg";
import type { Logger } from "../base/log.ts";
import { insist } from "./insist.ts";

/** A part of a worker that takes jobs of certain identifiers from the queue. */
export interface JobRunner {
  /** The names under which it locks jobs. */
  poolIds: string[];
  /** Takes no more jobs, and resolves once those it has are done. */
  stop(): Promise<void>;
}

/** How a runner takes jobs. */
export interface JobRunnerOptions {
  db: Pool;
  log: Logger;
  identifiers: readonly string[];
  concurrency: number;
  /** How many jobs to lock ahead: many for short tasks, none for long ones, so that nobody hoards what others could do. */
  ahead: number;
  onJob: (taskRunId: string) => Promise<void>;
}

// A runner that ended gives Postgres a moment to come back, and no longer: work waits.
const PAUSE_MS = 500;

/**
 * Starts taking jobs. A job names a task run; everything else stands in the tables. graphile-worker ends for good when Postgres
 * goes while a job is being completed; then it is started again.
 */
export async function startJobRunner(options: JobRunnerOptions): Promise<JobRunner> {
  const { log } = options;
  const poolIds: string[] = [];
  const stopper = new AbortController();
  let runner = await openRunner(options, poolIds);
  const keeping = keep();
  async function keep(): Promise<void> {
    while (!stopper.signal.aborted) {
      try {
        await runner.promise;
      } catch (error) {
        if (!stopper.signal.aborted) log.error({ err: error }, "a job runner ended");
      }
      await pause(PAUSE_MS, undefined, { signal: stopper.signal }).catch(() => undefined);
      if (stopper.signal.aborted) return;
      runner = await insist("start a job runner", log, stopper.signal, () => openRunner(options, poolIds));
    }
  }
  keeping.catch((error: unknown) => {
    if (!stopper.signal.aborted) log.error({ err: error }, "a job runner could not be started again");
  });

  return {
    poolIds,
    async stop() {
      stopper.abort();
      // It may have ended by itself, or be about to be started again.
      await runner.stop().catch(() => undefined);
      await keeping.catch(() => undefined);
      await runner.stop().catch(() => undefined);
    },
  };
}

async function openRunner(options: JobRunnerOptions, poolIds: string[]): Promise<Runner> {
  const events = new EventEmitter();
  events.on("pool:create", ({ workerPool }: { workerPool: { id: string } }) => poolIds.push(workerPool.id));

  const handler = async (payload: unknown) => await options.onJob((payload as { id: string }).id);
  const taskList: TaskList = Object.fromEntries(
    options.identifiers.map((identifier) => [identifier, handler]),
  );
  return await run({
    pgPool: options.db,
    logger: new WorkerLogger(bridge(options.log)),
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
        ...(options.ahead > 0 ? { localQueue: { size: options.ahead, ttl: 2_000 } } : {}),
      },
    },
  });
}

// Our slots hold no connections: hundreds of them share a few calls.
const POOL_WARNING = /maxPoolSize .* smaller than concurrency/;

/** Sends what graphile-worker says to our log; its lines on each job are for us to debug with. */
function bridge(log: Logger): LogFunctionFactory {
  return (scope) => (level, message, meta) => {
    const fields = { ...scope, ...meta };
    if (level === "error") log.error(fields, message);
    else if (level === "warning" && !POOL_WARNING.test(message)) log.warn(fields, message);
    else log.trace(fields, message);
  };
}
