import { readConfig } from "../src/base/config.ts";
import { silentLogger } from "../src/base/log.ts";
import { taskTypes } from "../src/tasks/registry.ts";
import type { TaskType } from "../src/tasks/task-type.ts";
import { openWorker } from "../src/worker/open-worker.ts";
import type { Worker } from "../src/worker/worker.ts";
import type { BenchDatabase } from "./durable-postgres.ts";

/** How many connections a worker, ours or the floor's, may open: our default. */
export const poolSize: number = readConfig({}).poolSize;

/** Starts a worker of ours as `reprise worker` does, in this process. */
export async function startBenchWorker(
  database: BenchDatabase,
  types: ReadonlyMap<string, TaskType> = taskTypes,
): Promise<Worker> {
  const { connectionString } = database;
  return await openWorker({ config: readConfig({}), connectionString, log: silentLogger, taskTypes: types });
}

/** The task types, with a call at the moment at which a `Return` begins its work. */
export function watchReturns(onBegin: () => void): ReadonlyMap<string, TaskType> {
  const name = "io.kestra.plugin.core.debug.Return";
  const plain = taskTypes.get(name);
  if (plain === undefined) throw new Error(`There is no task type ${name}.`);
  const watched: TaskType = {
    ...plain,
    async run(args) {
      onBegin();
      return await plain.run(args);
    },
  };
  return new Map([...taskTypes, [name, watched]]);
}
