import { EventEmitter } from "node:events";
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

/** Starts taking jobs. A job names a task run; everything else stands in the tables. */
export async function startJobRunner(options: JobRunnerOptions): Promise<JobRunner> {
  const poolIds: string[] = [];
  const events = new EventEmitter();
  events.on("pool:create", ({ workerPool }: { workerPool: { id: string } }) => poolIds.push(workerPool.id));

  const handler = async (payload: unknown) => await options.onJob((payload as { id: string }).id);
  const taskList: TaskList = Object.fromEntries(
    options.identifiers.map((identifier) => [identifier, handler]),
  );
  const runner: Runner = await run({
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
  runner.promise.catch((error: unknown) => options.log.error({ err: error }, "a job runner ended"));

  return { poolIds, stop: async () => await runner.stop() };
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
