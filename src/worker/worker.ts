import { hostname } from "node:os";
import type { Pool } from "pg";
import type { Config } from "../base/config.ts";
import type { Logger } from "../base/log.ts";
import { version } from "../base/version.ts";
import { callMany, callOne } from "../db/call.ts";
import type { Storage } from "../storage/storage.ts";
import type { TaskType } from "../tasks/task-type.ts";
import { openLogShipper } from "./attempt-log.ts";
import { openProgressShipper } from "./attempt-progress.ts";
import { jobIdentifiers } from "./job-identifiers.ts";
import { type JobRunner, startJobRunner } from "./job-runner.ts";
import { openPresence, type Presence } from "./presence.ts";
import { repeat } from "./repeat.ts";
import type { RunDeps } from "./run-attempt.ts";
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
const LIGHT_SLOTS = 200;
const LIGHT_AHEAD = 400;
const RECONCILE_MS = 2_000;
const LOOK_AFTER_MS = 1_000;

/** Starts a worker: two groups of slots, for light and for heavy tasks, over one set of lanes to the database. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { db, config, log } = options;
  // Two ends: first nothing new begins, then, when what runs is done or given away, the worker is gone.
  const stopper = new AbortController();
  const closer = new AbortController();
  const identifiers = jobIdentifiers(options.taskTypes, config.workerGroup);
  const running = openRunningAttempts();
  const present = Promise.withResolvers<Presence>();
  let presence: Presence | undefined;
  const workerId = () => presence?.id() ?? 0;

  const progress = openProgressShipper(db, workerId);
  const run: RunDeps = {
    envs: config.envs,
    taskTypes: options.taskTypes,
    systemSteps: systemSteps(db),
    logs: openLogShipper(db, (error) => log.warn({ err: error }, "log lines could not be stored")),
    storage: options.storage,
    progress,
    downloadOrigins: config.downloadOrigins,
    taskMemoryMb: config.taskMemoryMb,
  };
  const shared = { tasks: openTaskCache(db), running, run, isStopping: () => stopper.signal.aborted };
  const chainOf = (accepted: readonly string[]): ChainDeps => ({
    ...shared,
    transitions: openTransitions({ db, workerId, accepted, log, signal: closer.signal }),
  });
  // A light slot goes on with light tasks only; a heavy one may go on with anything.
  const light = chainOf(identifiers.light);
  const heavy = chainOf([...identifiers.light, ...identifiers.heavy]);
  const onJob = (chain: ChainDeps) => async (taskRunId: string) => {
    await present.promise;
    await runChain(chain, taskRunId);
  };

  const runners: JobRunner[] = [
    await startJobRunner({
      db,
      log,
      identifiers: identifiers.light,
      concurrency: LIGHT_SLOTS,
      ahead: LIGHT_AHEAD,
      onJob: onJob(light),
    }),
    await startJobRunner({
      db,
      log,
      identifiers: identifiers.heavy,
      concurrency: config.concurrency,
      ahead: 0,
      onJob: onJob(heavy),
    }),
  ];

  const stopKilled = async () => {
    const attempt_ids = running.ids();
    if (attempt_ids.length === 0) return;
    for (const { attempt_id, is_held } of await callMany(db, "reprise_engine.find_killed_attempts", {
      worker_id: workerId(),
      attempt_ids,
    })) {
      running.stop(attempt_id as string, is_held ? "KILLED" : "TAKEN");
    }
  };
  presence = await openPresence({
    db,
    connectionString: options.connectionString,
    log,
    signal: closer.signal,
    about: {
      pool_ids: runners.flatMap(({ poolIds }) => poolIds),
      host: hostname(),
      pid: process.pid,
      version,
      worker_group: config.workerGroup ?? null,
      job_identifiers: [...identifiers.light, ...identifiers.heavy],
      concurrency: config.concurrency,
      beat_ms: config.beatMs,
    },
    onKill: () => void stopKilled().catch((error) => log.warn({ err: error }, "could not look for kills")),
    onTaken: () => running.stopAll("TAKEN"),
  });
  const known = presence;
  present.resolve(known);

  const housekeeping = [
    repeat(config.beatMs, closer.signal, log, () => known.beat()),
    repeat(config.beatMs, closer.signal, log, () => callOne(db, "reprise_engine.reap_lost_workers", {})),
    repeat(RECONCILE_MS, closer.signal, log, () => callOne(db, "reprise_engine.reconcile_jobs", {})),
    repeat(LOOK_AFTER_MS, closer.signal, log, async () => {
      await stopKilled();
      await callOne(db, "reprise_engine.release_attempts", { worker_id: workerId(), held: running.ids() });
    }),
  ];
  log.info({ workerId: workerId(), concurrency: config.concurrency }, "worker started");

  return {
    id: workerId,
    async [Symbol.asyncDispose]() {
      stopper.abort();
      const stopped = Promise.all(runners.map((runner) => runner.stop()));
      await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, 3_000).unref())]);
      running.stopAll("TAKEN");
      await stopped;
      await known[Symbol.asyncDispose]();
      closer.abort();
      await Promise.all(housekeeping);
      progress[Symbol.dispose]();
      log.info("worker stopped");
    },
  };
}
