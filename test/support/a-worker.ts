import { readConfig } from "../../src/base/config.ts";
import { type Logger, silentLogger } from "../../src/base/log.ts";
import { taskTypes } from "../../src/tasks/registry.ts";
import { openWorker } from "../../src/worker/open-worker.ts";
import type { Worker } from "../../src/worker/worker.ts";
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
  const config = readConfig({ ENV_PLACE: "test", ...env });
  return await openWorker({
    config: { ...config, poolSize: poolSize ?? config.poolSize },
    connectionString,
    log,
    taskTypes: new Map([...taskTypes, ...workerTaskTypes]),
    patienceMs,
  });
}
