import type { Config } from "../../base/config.ts";
import type { Logger } from "../../base/log.ts";
import { createPostgresStorage } from "../../storage/postgres-storage.ts";
import { taskTypes } from "../../tasks/registry.ts";
import { startWorker } from "../../worker/worker.ts";
import { openWorkerPool } from "../../worker/worker-pool.ts";

/** Starts a worker with everything that it needs in this process. Disposing of it lets go of all of that. */
export async function openWorker(
  config: Config,
  connectionString: string,
  log: Logger,
): Promise<AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const db = opened.adopt(await openWorkerPool({ connectionString, size: config.poolSize }, log), (pool) =>
    pool.end(),
  );
  opened.use(
    await startWorker({ db, connectionString, config, log, storage: createPostgresStorage(db), taskTypes }),
  );
  return opened.move();
}
