import { log } from "./core/log.ts";
import type { TaskType } from "./task-type.ts";

/** Every task type, by the name that flows use. Documentation, JSON Schema and a worker's job identifiers come from it. */
export const taskTypes: ReadonlyMap<string, TaskType> = new Map(
  ([log] satisfies TaskType[] as TaskType[]).map((type) => [type.type, type]),
);
