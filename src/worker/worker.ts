import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import type { Pool } from "pg";
import type { Config } from "../base/config.ts";
import type { Logger } from "../base/log.ts";
import { version } from "../base/version.ts";
import type { Storage } from "../storage/storage.ts";
import type { TaskType } from "../tasks/task-type.ts";
import { openLogShipper } from "./attempt-log.ts";
import { openProgressShipper } from "./attempt-progress.ts";
import { keepHouse, stopKilled } from "./housekeeping.ts";
import { type JobIdentifiers, jobIdentifiers } from "./job-identifiers.ts";
import { type JobRunner, startJobRunner } from "./job-runner.ts";
import { openPresence, type Presence } from "./presence.ts";
import { type ChainDeps, runChain } from "./run-chain.ts";
import { openRunningAttempts } from "./running-attempts.ts";
import { systemSteps } from "./system-steps.ts";
import { openTaskCache } from "./task-cache.ts";
import { openTransitions } from "./transitions.ts";

/** What a worker needs. */
export interface WorkerOptions {
  db: Pool;
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

// Short tasks come in crowds: hundreds at once share one transaction. Those that move data take memory and a core each.
const LIGHT_SLOTS = 400;
const LIGHT_AHEAD = 800;
const FINISH_WITHIN_MS = 3_000;

/** Starts a worker: two groups of slots, for light and for heavy tasks, over lanes to the database. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { log, config } = options;
  // Two ends: first nothing new begins, then, when what runs is done or given away, the worker is gone.
  const stopper = new AbortController();
  const closer = new AbortController();
  const identifiers = jobIdentifiers(options.taskTypes, config.workerGroup);
  const running = openRunningAttempts();
  const present = Promise.withResolvers<Presence>();
  let presence: Presence | undefined;
  const workerId = () => presence?.id() ?? 0;

  const progress = openProgressShipper(options.db, workerId);
  const shared: Omit<ChainDeps, "transitions"> = {
    tasks: openTaskCache(options.db),
    running,
    run: { ...runDeps(options), progress },
    isStopping: () => stopper.signal.aborted,
  };
  const runners = await startRunners(options, identifiers, (accepted) => {
    const transitions = openTransitions({
      db: options.db,
      workerId,
      accepted,
      log,
      signal: closer.signal,
      onRepeat: running.suspect,
    });
    return async (taskRunId) => {
      await present.promise;
      await runChain({ ...shared, transitions }, taskRunId);
    };
  });

  presence = await openPresence({
    db: options.db,
    connectionString: options.connectionString,
    log,
    signal: closer.signal,
    about: describeWorker(config, identifiers, runners),
    onKill: () => {
      stopKilled(options.db, workerId(), running).catch((error: unknown) =>
        log.warn({ err: error }, "could not look for kills"),
      );
    },
    onTaken: () => running.stopAll("TAKEN"),
  });
  const known = presence;
  present.resolve(known);
  const house = keepHouse({
    db: options.db,
    log,
    presence: known,
    running,
    beatMs: config.beatMs,
    signal: closer.signal,
  });
  log.info({ workerId: workerId(), concurrency: config.concurrency }, "worker started");

  return {
    id: workerId,
    async [Symbol.asyncDispose]() {
      stopper.abort();
      const stopped = Promise.all(runners.map((runner) => runner.stop()));
      await Promise.race([stopped, pause(FINISH_WITHIN_MS, undefined, { ref: false })]);
      running.stopAll("TAKEN");
      try {
        await stopped;
        await known[Symbol.asyncDispose]();
      } finally {
        // Also when the database is gone: others will find this worker dead, and the process must be able to end.
        closer.abort();
        await house;
        progress[Symbol.dispose]();
      }
      log.info("worker stopped");
    },
  };
}

function runDeps({ db, config, log, storage, taskTypes }: WorkerOptions): Omit<ChainDeps["run"], "progress"> {
  return {
    envs: config.envs,
    taskTypes,
    systemSteps: systemSteps(db),
    logs: openLogShipper(db, (error) => log.warn({ err: error }, "log lines could not be stored")),
    storage,
    downloadOrigins: config.downloadOrigins,
    taskMemoryMb: config.taskMemoryMb,
  };
}

type OpenSlots = (accepted: readonly string[]) => (taskRunId: string) => Promise<void>;

/** A light slot goes on with light tasks only; a heavy one may go on with anything. */
async function startRunners(
  { db, log, config }: WorkerOptions,
  { light, heavy }: JobIdentifiers,
  openSlots: OpenSlots,
): Promise<JobRunner[]> {
  const onLight = openSlots(light);
  const onHeavy = openSlots([...light, ...heavy]);
  return [
    await startJobRunner({
      db,
      log,
      identifiers: light,
      concurrency: LIGHT_SLOTS,
      ahead: LIGHT_AHEAD,
      onJob: onLight,
    }),
    await startJobRunner({
      db,
      log,
      identifiers: heavy,
      concurrency: config.concurrency,
      ahead: 0,
      onJob: onHeavy,
    }),
  ];
}

function describeWorker(config: Config, { light, heavy }: JobIdentifiers, runners: readonly JobRunner[]) {
  return {
    pool_ids: runners.flatMap(({ poolIds }) => poolIds),
    host: hostname(),
    pid: process.pid,
    version,
    worker_group: config.workerGroup ?? null,
    job_identifiers: [...light, ...heavy],
    concurrency: config.concurrency,
    beat_ms: config.beatMs,
  };
}
