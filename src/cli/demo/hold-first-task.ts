import { hostname } from "node:os";
import type { Pool, PoolClient } from "pg";
import type { Config } from "../../base/config.ts";
import type { Logger } from "../../base/log.ts";
import { openSecretBox } from "../../base/secret-box.ts";
import { version } from "../../base/version.ts";
import { callMany, callOne } from "../../db/call.ts";
import { createPostgresStorage } from "../../storage/postgres-storage.ts";
import { taskTypes } from "../../tasks/registry.ts";
import { openLogShipper } from "../../worker/attempt-log.ts";
import { openMetricShipper } from "../../worker/attempt-metrics.ts";
import { openProgressShipper } from "../../worker/attempt-progress.ts";
import type { Begun } from "../../worker/begun.ts";
import { openChildTransitions } from "../../worker/child-transitions.ts";
import { openOutputFetcher } from "../../worker/late-context.ts";
import { openPresence, type Presence } from "../../worker/presence.ts";
import { repeat } from "../../worker/repeat.ts";
import { runAttempt } from "../../worker/run-attempt.ts";
import { openRunningAttempts } from "../../worker/running-attempts.ts";
import { systemSteps } from "../../worker/system-steps.ts";
import { openTaskCache } from "../../worker/task-cache.ts";
import { ABANDONED } from "../../worker/transitions.ts";

/** What it takes to run a task here. */
export interface HoldOptions {
  db: Pool;
  connectionString: string;
  config: Config;
  log: Logger;
  signal: AbortSignal;
  downloadOrigins: Config["downloadOrigins"];
  /** Creates the execution, in the transaction that takes its first task. */
  create(client: PoolClient): Promise<string>;
}

/** An execution whose first task runs in this process. */
export interface HeldExecution {
  executionId: string;
  /** Settles when the first task has been reported; the rest is any worker's. */
  firstTask: Promise<void>;
}

/**
 * Creates an execution and leases its first task in the same transaction, so that it runs here, where downloads go to
 * another origin, and nowhere else: not with another worker of this database, and for no other execution. Should this
 * process die, the task goes to the others like that of any lost worker.
 */
export async function holdFirstTask(options: HoldOptions): Promise<HeldExecution & AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const abort = new AbortController();
  const presence = opened.use(await appear(options, () => abort.abort("TAKEN")));
  const closer = new AbortController();
  const beating = repeat(options.config.beatMs, closer.signal, options.log, () => presence.beat(1));
  opened.defer(async () => {
    closer.abort();
    await beating;
  });

  const { executionId, begun } = await createAndLease(options, presence.id());
  const firstTask = run(options, presence.id(), begun, abort);
  firstTask.catch(() => undefined);
  opened.defer(async () => {
    abort.abort("TAKEN");
    await firstTask.catch(() => undefined);
  });
  const rest = opened.move();
  return { executionId, firstTask, [Symbol.asyncDispose]: () => rest.disposeAsync() };
}

/** A worker like others to whoever looks, except that it takes no jobs. */
async function appear(options: HoldOptions, onTaken: () => void): Promise<Presence> {
  return await openPresence({
    ...options,
    about: {
      pool_ids: [],
      host: hostname(),
      pid: process.pid,
      version,
      worker_group: "demo",
      job_identifiers: [],
      concurrency: 1,
      beat_ms: options.config.beatMs,
    },
    // It ends in seconds, killed or not; what it reports then is not taken.
    onKill: () => undefined,
    onTaken,
  });
}

async function createAndLease({ db, create }: HoldOptions, worker_id: number) {
  const client = await db.connect();
  try {
    await client.query("begin");
    const executionId = await create(client);
    const { rows } = await client.query<{ id: string }>(
      "select id from reprise_api.task_runs where execution_id = $1",
      [executionId],
    );
    const task_run_ids = rows.map(({ id }) => id);
    const [begun] = await callMany(client, "reprise_engine.begin_attempts", { worker_id, task_run_ids });
    if (begun === undefined) throw new Error("The execution has no first task to run.");
    await client.query("commit");
    return { executionId, begun: begun as Begun };
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function run(
  options: HoldOptions,
  worker_id: number,
  begun: Begun,
  abort: AbortController,
): Promise<void> {
  const { db, config, log } = options;
  using progress = openProgressShipper(db, () => worker_id);
  const running = openRunningAttempts();
  const lanes = { db, workerId: () => worker_id, log, signal: options.signal, onRepeat: running.suspect };
  const storage = createPostgresStorage(db);
  const deps = {
    db,
    envs: config.envs,
    taskTypes,
    systemSteps: systemSteps(db, storage, openSecretBox(undefined)),
    fetchOutputs: openOutputFetcher(db, log),
    secretBox: openSecretBox(undefined),
    logs: openLogShipper(db, (error) => log.warn({ err: error }, "log lines could not be stored")),
    metrics: openMetricShipper(db, (error) => log.warn({ err: error }, "metrics could not be stored")),
    storage,
    progress,
    running,
    children: openChildTransitions(lanes),
    downloadOrigins: options.downloadOrigins,
    taskMemoryMb: config.taskMemoryMb,
  };
  const task = await openTaskCache(db, log, options.signal).get(begun.task_key);
  const outcome = await runAttempt(deps, begun, task, abort);
  if (outcome === ABANDONED) throw new Error("The first task was taken away.");
  await callOne(db, "reprise_engine.finish_attempts", {
    worker_id,
    attempt_ids: [begun.attempt_id],
    outcomes: [outcome.state],
    outputs: [outcome.outputs ?? null],
    errors: [outcome.error ?? null],
  });
}
