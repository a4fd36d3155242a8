import { readConfig } from "../../src/base/config.ts";
import { type Logger, silentLogger } from "../../src/base/log.ts";
import { createPostgresStorage } from "../../src/storage/postgres-storage.ts";
import { taskTypes } from "../../src/tasks/registry.ts";
import { startWorker, type Worker } from "../../src/worker/worker.ts";
import { openWorkerPool } from "../../src/worker/worker-pool.ts";
import { workerTaskTypes } from "./worker-task-types.ts";

/** Starts the real worker in this process, with the task types of tests beside its own. */
export async function aWorker(
  connectionString: string,
  { log = silentLogger, patienceMs, poolSize }: { log?: Logger; patienceMs?: number; poolSize?: number } = {},
): Promise<Worker> {
  await using opened = new AsyncDisposableStack();
  const config = readConfig({ ENV_PLACE: "test" });
  const db = opened.adopt(
    await openWorkerPool(
      { connectionString, size: poolSize ?? config.poolSize, ...(patienceMs && { patienceMs }) },
      log,
    ),
    (pool) => pool.end(),
  );
  const worker = opened.use(
    await startWorker({
      db,
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
