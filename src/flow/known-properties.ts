import type { z } from "zod";
import { flowableTypes } from "./flowable-types.ts";
import { isItemType } from "./for-each-item.ts";
import { taskSchema } from "./task-schema.ts";

/** Of each task type that flows may use, what it takes. */
type TaskTypes = ReadonlyMap<string, { properties: z.ZodObject }>;

/** The properties of a task type, without those that every task has. */
export function propertiesOf(type: string, taskTypes: TaskTypes): z.ZodObject | undefined {
  if (isItemType(type)) return undefined;
  return taskTypes.get(type)?.properties ?? flowableTypes.get(type)?.properties;
}

/** All properties of a task of a type; undefined for a type that we do not know. */
export function keysOf(type: string, taskTypes: TaskTypes): ReadonlySet<string> | undefined {
  const properties = propertiesOf(type, taskTypes);
  return properties && new Set([...Object.keys(properties.shape), ...Object.keys(taskSchema.shape)]);
}

/** The task types that flows may name. */
export function namedTypes(taskTypes: TaskTypes): string[] {
  return [...taskTypes.keys(), ...flowableTypes.keys()].filter((type) => !isItemType(type));
}
