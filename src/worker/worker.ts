import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import type { Pool } from "pg";
import type { Config } from "../base/config.ts";
import type { Logger } from "../base/log.ts";
import { openSecretBox } from "../base/secret-box.ts";
import { version } from "../base/version.ts";
import type { Storage } from "../storage/storage.ts";
import type { TaskType } from "../tasks/task-type.ts";
import { openLogShipper } from "./attempt-log.ts";
import { openMetricShipper } from "./attempt-metrics.ts";
import { openProgressShipper } from "./attempt-progress.ts";
import { openChildTransitions } from "./child-transitions.ts";
import { keepHouse, stopKilled } from "./housekeeping.ts";
import { type JobRunner, startJobRunner } from "./job-runner.ts";
import { openOutputFetcher } from "./late-context.ts";
import { openPresence, type Presence } from "./presence.ts";
import { type ChainDeps, runChain } from "./run-chain.ts";
import { openRunningAttempts } from "./running-attempts.ts";
import { type SlotGroup, slotGroups } from "./slot-groups.ts";
import { systemSteps } from "./system-steps.ts";
import { openTaskCache } from "./task-cache.ts";
import { openTransitions } from "./transitions.ts";
import { wakeUps } from "./wake-ups.ts";
import { sweepWorkFolders } from "./work-folders.ts";

/** What a worker needs. */
export interface WorkerOptions {
  db: Pool;
  /** For its signs of life and its housekeeping; without it, `db`. */
  house?: Pool;
  /** For taking jobs; without it, `db`. */
  queue?: Pool;
  connectionString: string;
  config: Config;
  log: Logger;
  storage: Storage;
  taskTypes: ReadonlyMap<string, TaskType>;
}

/** A worker that takes jobs. Disposing of it lets what runs finish for a moment, and gives the rest to others. */
export interface Worker extends AsyncDisposable {
  /** The id under which the tables know it. */
  id(): number;
}

// A task that runs when its worker stops has this long to end by itself.
const FINISH_WITHIN_MS = 3_000;
// A Postgres that is away holds up the last reports and the goodbye; whoever finds this worker dead does without them.
const LEAVE_WITHIN_MS = 3_000;

/** Starts a worker: two groups of slots, for light and for heavy tasks, over lanes to the database. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { log, config, db, house = db, queue = db } = options;
  // Two ends: first nothing new begins, then, when what runs is done or given away, the worker is gone.
  const stopper = new AbortController();
  const closer = new AbortController();
  const groups = slotGroups(config, options.taskTypes);
  const running = openRunningAttempts();
  await sweepWorkFolders().catch((error: unknown) =>
    log.warn({ err: error }, "could not remove what dead workers left behind"),
  );

  const presence = await openPresence({
    db: house,
    connectionString: options.connectionString,
    log,
    signal: closer.signal,
    about: describeWorker(config, groups),
    onKill: (workerId) => {
      stopKilled(house, workerId, running).catch((error: unknown) =>
        log.warn({ err: error }, "could not look for kills"),
      );
    },
    onTaken: () => running.stopAll("TAKEN"),
  });
  const workerId = () => presence.id();
  const housekeeping = keepHouse({
    db: house,
    log,
    presence,
    running,
    beatMs: config.beatMs,
    signal: closer.signal,
  });
  const progress = openProgressShipper(house, workerId);
  const lanes = { db, workerId, log, signal: closer.signal, onRepeat: running.suspect };
  const shared: Omit<ChainDeps, "transitions"> = {
    tasks: openTaskCache(db, log, closer.signal),
    running,
    log,
    run: { ...runDeps(options), progress, running, children: openChildTransitions(lanes) },
    isStopping: () => stopper.signal.aborted,
  };
  const others = wakeUps({
    ...{ db, log, envs: config.envs, signal: closer.signal },
    secretBox: shared.run.secretBox,
  });
  const startGroup = async ({ accepted, wakesUp, ...group }: SlotGroup): Promise<JobRunner> => {
    const transitions = openTransitions({ ...lanes, accepted });
    const onJob = async (taskRunId: string) => await runChain({ ...shared, transitions }, taskRunId);
    return await startJobRunner({ db: queue, log, ...group, onJob, ...(wakesUp && { wakeUps: others }) });
  };
  const starting = groups.map(startGroup);

  const stop = async () => {
    stopper.abort();
    const stopped = Promise.allSettled(starting.map(async (runner) => await (await runner).stop()));
    await within(FINISH_WITHIN_MS, stopped);
    running.stopAll("TAKEN");
    await within(LEAVE_WITHIN_MS, stopped);
    const leaving = leave(presence, log);
    await within(LEAVE_WITHIN_MS, leaving);
    closer.abort();
    await within(LEAVE_WITHIN_MS, Promise.all([stopped, leaving, housekeeping]));
    progress[Symbol.dispose]();
    log.info("worker stopped");
  };
  await Promise.all(starting).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  log.info({ workerId: workerId(), concurrency: config.concurrency }, "worker started");
  return { id: workerId, [Symbol.asyncDispose]: stop };
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, pause(milliseconds, undefined, { ref: false })]);
}

async function leave(presence: Presence, log: Logger): Promise<void> {
  try {
    await presence[Symbol.asyncDispose]();
  } catch (error) {
    log.warn({ err: error }, "the worker could not say goodbye; others will find it dead");
  }
}

function runDeps({
  db,
  config,
  log,
  storage,
  taskTypes,
}: WorkerOptions): Omit<ChainDeps["run"], "progress" | "running" | "children"> {
  const secretBox = openSecretBox(config.encryptionKey);
  return {
    db,
    envs: config.envs,
    taskTypes,
    systemSteps: systemSteps(db, storage, secretBox),
    fetchOutputs: openOutputFetcher(db, log),
    secretBox,
    logs: openLogShipper(db, (error) => log.warn({ err: error }, "log lines could not be stored")),
    metrics: openMetricShipper(db, (error) => log.warn({ err: error }, "metrics could not be stored")),
    storage,
    downloadOrigins: config.downloadOrigins,
    taskMemoryMb: config.taskMemoryMb,
  };
}

function describeWorker(config: Config, groups: readonly SlotGroup[]) {
  return {
    pool_ids: groups.map(({ poolId }) => poolId),
    host: hostname(),
    pid: process.pid,
    version,
    worker_group: config.workerGroup ?? null,
    job_identifiers: groups.flatMap(({ identifiers }) => identifiers),
    concurrency: config.concurrency,
    beat_ms: config.beatMs,
  };
}
