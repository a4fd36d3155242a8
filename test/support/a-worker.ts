import { readConfig } from "../../src/base/config.ts";
import { type Logger, silentLogger } from "../../src/base/log.ts";
import { createPostgresStorage } from "../../src/storage/postgres-storage.ts";
import { taskTypes } from "../../src/tasks/registry.ts";
import { startWorker, type Worker } from "../../src/worker/worker.ts";
import { openWorkerPools } from "../../src/worker/worker-pool.ts";
import { workerTaskTypes } from "./worker-task-types.ts";

/** Starts the real worker in this process, with the task types of tests beside its own. */
export async function aWorker(
  connectionString: string,
  {
    log = silentLogger,
    patienceMs,
    poolSize,
    env = {},
  }: { log?: Logger; patienceMs?: number; poolSize?: number; env?: Record<string, string> } = {},
): Promise<Worker> {
  await using opened = new AsyncDisposableStack();
  const config = readConfig({ ENV_PLACE: "test", ...env });
  const size = poolSize ?? config.poolSize;
  const { db, queue, house } = opened.use(
    await openWorkerPools({ connectionString, size, ...(patienceMs && { patienceMs }) }, log),
  );
  const worker = opened.use(
    await startWorker({
      db,
      queue,
      house,
      connectionString,
      config,
      log,
      storage: createPostgresStorage(db),
      taskTypes: new Map([...taskTypes, ...workerTaskTypes]),
    }),
  );
  const all = opened.move();
  return { id: () => worker.id(), [Symbol.asyncDispose]: () => all.disposeAsync() };
}
