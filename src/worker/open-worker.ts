import type { Config } from "../base/config.ts";
import type { Logger } from "../base/log.ts";
import { createPostgresStorage } from "../storage/postgres-storage.ts";
import { taskTypes as ownTypes } from "../tasks/registry.ts";
import type { TaskType } from "../tasks/task-type.ts";
import { startWorker, type Worker } from "./worker.ts";
import { openWorkerPools } from "./worker-pool.ts";

/** What a worker that brings its own connections needs. */
export interface OpenWorkerOptions {
  config: Config;
  connectionString: string;
  log: Logger;
  /** What it can run; without it, every task type there is. */
  taskTypes?: ReadonlyMap<string, TaskType>;
  /** How long a statement may take, in milliseconds; without it, as long as the pools say. */
  patienceMs?: number | undefined;
}

/** Starts a worker with everything that it needs in this process. Disposing of it lets go of all of that. */
export async function openWorker(options: OpenWorkerOptions): Promise<Worker> {
  const { config, connectionString, log, taskTypes = ownTypes, patienceMs } = options;
  await using opened = new AsyncDisposableStack();
  const pools = opened.use(
    await openWorkerPools(
      { connectionString, size: config.poolSize, ...(patienceMs !== undefined && { patienceMs }) },
      log,
    ),
  );
  const { db, queue, house } = pools;
  const storage = createPostgresStorage(db);
  const worker = opened.use(
    await startWorker({ db, queue, house, connectionString, config, log, storage, taskTypes }),
  );
  const all = opened.move();
  return { id: () => worker.id(), [Symbol.asyncDispose]: () => all.disposeAsync() };
}
