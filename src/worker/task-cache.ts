import type { Logger } from "../base/log.ts";
import { callMany, type Database } from "../db/call.ts";
import type { Task } from "../db/generated.ts";
import { BatchLane } from "./batch-lane.ts";
import { insist } from "./insist.ts";

/** Compiled tasks by key, read once and kept, since revisions never change. */
export interface TaskCache {
  get(key: number): Promise<Task>;
}

// A few kilobytes each: what a busy installation uses at a time fits, and the memory stays flat.
const KEPT = 20_000;

/** Opens a cache of compiled tasks. A Postgres that is away is waited for until `signal`. */
export function openTaskCache(db: Database, log: Logger, signal: AbortSignal): TaskCache {
  const kept = new Map<number, Promise<Task>>();
  const reading = new BatchLane<number, Task>(async (keys) => {
    const rows = await insist("read_tasks", log, signal, () =>
      callMany(db, "reprise_engine.read_tasks", { task_keys: keys }),
    );
    const byKey = new Map(rows.map((row) => [row.key, row]));
    return keys.map((key) => byKey.get(key) as Task);
  }, 1_000);

  return {
    get(key) {
      const known = kept.get(key);
      if (known !== undefined) return known;

      const asked = reading.add(key);
      asked.catch(() => kept.delete(key));
      if (kept.size >= KEPT) kept.delete(kept.keys().next().value as number);
      kept.set(key, asked);
      return asked;
    },
  };
}
