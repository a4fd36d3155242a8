import { changeNumbers } from "../base/whole-float.ts";
import { callOne, type Database } from "../db/call.ts";
import type { Task } from "../db/generated.ts";
import { isDatabaseAway } from "../db/sql-error.ts";
import { durationMs } from "../flow/duration.ts";
import { fingerprint } from "../flow/fingerprint.ts";
import type { TaskLog, TaskResult } from "../tasks/task-type.ts";

/** Where a task keeps its outputs for executions to come. */
export interface OutputCache {
  db: Database;
  attemptId: string;
  log: TaskLog;
}

/** What a task says of it. */
interface TaskCacheProperty {
  enabled: boolean;
  ttl?: unknown;
}

/**
 * Gives the outputs that an earlier attempt has kept for the same question, as the properties are one, and else runs the task and keeps what it gives. A task
 * without a `taskCache` just runs.
 */
export async function throughCache(
  cache: OutputCache,
  task: Task,
  asks: () => Promise<Readonly<Record<string, unknown>>>,
  run: () => Promise<TaskResult>,
): Promise<TaskResult> {
  const { taskCache } = task.definition as { taskCache?: TaskCacheProperty };
  if (taskCache?.enabled !== true) return await run();

  const { db, attemptId: attempt_id, log } = cache;
  const ttl_ms = durationMs(taskCache.ttl) ?? null;
  const asked = await unlessInTheWay(log, "read", async () => {
    const hash = fingerprint(task.type, asTold(await asks()));
    const outputs = await callOne(db, "reprise_engine.find_task_cache", { attempt_id, hash, ttl_ms });
    return { hash, outputs: outputs as Record<string, unknown> | null };
  });
  if (asked?.outputs) {
    log.info("Task output was retrieved from cache.");
    return { outputs: asked.outputs };
  }

  const result = await run();
  if (asked !== undefined) {
    const { hash } = asked;
    const { outputs } = result;
    await unlessInTheWay(log, "kept", () =>
      callOne(db, "reprise_engine.keep_task_cache", { attempt_id, hash, outputs, ttl_ms }),
    );
  }
  return result;
}

/** What a task gives may tell 1 from `1.0`. */
function asTold(rendered: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return changeNumbers(rendered, (number) => ({ number: String(number) })) as Record<string, unknown>;
}

/** A cache only saves time: what goes wrong with it is told, and no task fails for it. */
async function unlessInTheWay<T>(log: TaskLog, what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    // What the task has done is not done again over it; before it has begun, another attempt finds more.
    if (isDatabaseAway(error) && what === "read") throw error;
    log.warn(
      `The task cache could not be ${what}: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}
