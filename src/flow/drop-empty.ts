import { z } from "zod";
import type { TaskTypes } from "./check-tasks.ts";
import { flowSchema } from "./flow-schema.ts";
import { propertiesOf } from "./known-properties.ts";
import { alternatives, childOf } from "./schema-keys.ts";
import { taskSchema } from "./task-schema.ts";
import { collectTasks } from "./task-tree.ts";
import { isWritten, type Written } from "./written.ts";

/**
 * Takes out of a flow, wherever the language has names of its own, what is empty and may not be: `timeout:` with nothing behind it says
 * no more than no `timeout`. Under names that the flow gives, null is a value.
 */
export function dropEmpty(flow: Written, taskTypes: TaskTypes): void {
  sweep(flowSchema, flow);
  for (const { path, type } of collectTasks(flow).tasks) {
    // What was collected may be a copy.
    const task = path.reduce<unknown>((here, step) => (here as Written | undefined)?.[step], flow);
    if (!isWritten(task)) continue;
    sweep(taskSchema, task);
    const properties = type === undefined ? undefined : propertiesOf(type, taskTypes);
    if (properties !== undefined) sweep(properties, task);
  }
}

function sweep(schema: z.ZodType, value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const found = alternatives(schema, value);
  const holder = value as Written;
  for (const [key, child] of Object.entries(holder)) {
    const inner = found.flatMap((each) => childOf(each, key) ?? []);
    const [only] = inner;
    if (only === undefined) continue;
    if (child === null) {
      const isNamed = found.some((each) => each instanceof z.ZodObject);
      if (isNamed && !inner.some((each) => each.safeParse(null).success)) delete holder[key];
    } else if (inner.length === 1) sweep(only, child);
  }
}
