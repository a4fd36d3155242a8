import { z } from "zod";
import type { TaskTypes } from "./check-tasks.ts";
import { flowSchema } from "./flow-schema.ts";
import { flowableTypes } from "./flowable-types.ts";
import { propertiesOf } from "./known-properties.ts";
import { alternatives, childOf } from "./schema-keys.ts";
import { taskSchema } from "./task-schema.ts";
import { collectTasks } from "./task-tree.ts";
import { isWritten, type Written } from "./written.ts";

/**
 * Reads the scalars of the language itself as Kestra's parser does: a number or a boolean where a text is wanted is that text,
 * `"false"` and `"5"` are what they say where a boolean or a number is wanted, and 0 is false and 1 true. Properties of tasks are read so
 * by their types.
 */
export function readScalarsLeniently(flow: Written, taskTypes: TaskTypes): void {
  ease(flowSchema, flow);
  for (const { path, type } of collectTasks(flow).tasks) {
    // What was collected may be a copy.
    const task = path.reduce<unknown>((here, step) => (here as Written | undefined)?.[step], flow);
    if (!isWritten(task)) continue;
    ease(taskSchema, task);
    const block = type !== undefined && flowableTypes.has(type) ? propertiesOf(type, taskTypes) : undefined;
    if (block !== undefined) ease(block, task);
  }
}

/** Changes what stands in a list or a map, and gives what is to stand in place of a scalar. */
function ease(schema: z.ZodType, value: unknown): unknown {
  const found = alternatives(schema, value);
  if (typeof value !== "object" || value === null) return easedScalar(found, value);
  const holder = value as Record<string, unknown>;
  for (const [key, child] of Object.entries(holder)) {
    const inner = found.flatMap((each) => childOf(each, key) ?? []);
    const [only] = inner;
    // Where several may be meant, the check says which is.
    if (only === undefined || inner.length > 1) continue;
    const eased = ease(only, child);
    if (eased !== child) holder[key] = eased;
  }
  return value;
}

function easedScalar(found: readonly unknown[], value: unknown): unknown {
  const takes = (...kinds: (abstract new (...args: never[]) => unknown)[]) =>
    found.some((each) => kinds.some((kind) => each instanceof kind));
  if (takes(z.ZodUnknown, z.ZodAny)) return value;
  if (typeof value === "string") {
    if (takes(z.ZodString, z.ZodEnum, z.ZodLiteral)) return value;
    const word = value.trim();
    if (takes(z.ZodBoolean) && /^(?:true|True|TRUE|false|False|FALSE)$/.test(word))
      return word.toLowerCase() === "true";
    return takes(z.ZodNumber) && /^-?\d+(?:\.\d+)?$/.test(word) ? Number(word) : value;
  }
  if (
    (typeof value === "boolean" && takes(z.ZodBoolean)) ||
    (typeof value === "number" && takes(z.ZodNumber))
  )
    return value;
  if (takes(z.ZodString))
    return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  return Number.isInteger(value) && takes(z.ZodBoolean) ? value !== 0 : value;
}
