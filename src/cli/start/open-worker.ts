import type { Config } from "../../base/config.ts";
import type { Logger } from "../../base/log.ts";
import { createPostgresStorage } from "../../storage/postgres-storage.ts";
import { taskTypes } from "../../tasks/registry.ts";
import { startWorker } from "../../worker/worker.ts";
import { openWorkerPools } from "../../worker/worker-pool.ts";

/** Starts a worker with everything that it needs in this process. Disposing of it lets go of all of that. */
export async function openWorker(
  config: Config,
  connectionString: string,
  log: Logger,
): Promise<AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const { db, queue, house } = opened.use(
    await openWorkerPools({ connectionString, size: config.poolSize }, log),
  );
  const storage = createPostgresStorage(db);
  opened.use(await startWorker({ db, queue, house, connectionString, config, log, storage, taskTypes }));
  return opened.move();
}
