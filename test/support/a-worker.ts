import { readConfig } from "../../src/base/config.ts";
import { silentLogger } from "../../src/base/log.ts";
import { createPool } from "../../src/db/pool.ts";
import { createPostgresStorage } from "../../src/storage/postgres-storage.ts";
import { taskTypes } from "../../src/tasks/registry.ts";
import { startWorker, type Worker } from "../../src/worker/worker.ts";
import { workerTaskTypes } from "./worker-task-types.ts";

/** Starts the real worker in this process, with the task types of tests beside its own. */
export async function aWorker(connectionString: string): Promise<Worker> {
  await using opened = new AsyncDisposableStack();
  const config = readConfig({ ENV_PLACE: "test" });
  const db = opened.adopt(
    createPool({ connectionString, size: config.poolSize, applicationName: "reprise worker" }, silentLogger),
    (pool) => pool.end(),
  );
  const worker = opened.use(
    await startWorker({
      db,
      connectionString,
      config,
      log: silentLogger,
      storage: createPostgresStorage(db),
      taskTypes: new Map([...taskTypes, ...workerTaskTypes]),
    }),
  );
  const all = opened.move();
  return { id: () => worker.id(), [Symbol.asyncDispose]: () => all.disposeAsync() };
}
