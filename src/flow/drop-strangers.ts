import type { z } from "zod";
import { entriesOf, mapOf } from "../base/key-order.ts";
import type { TaskTypes } from "./check-tasks.ts";
import { flowSchema } from "./flow-schema.ts";
import type { Path } from "./issue.ts";
import { propertiesOf } from "./known-properties.ts";
import { valueAt } from "./nested.ts";
import { type Origin, originOf } from "./origins.ts";
import { taskSchema } from "./task-schema.ts";
import { collectTasks } from "./task-tree.ts";
import type { Written } from "./written.ts";

/**
 * The flow without what only `pluginDefaults` have brought in and what stands there does not know: of two kinds of a thing, each has
 * properties of its own, and a task that is of one kind has no use for the defaults of the other. Where a forced default makes
 * another kind of what is written, that has no use for its properties either. `written` is the flow without defaults.
 */
export function dropStrangers(
  flow: Written,
  origin: Origin,
  written: Written,
  taskTypes: TaskTypes,
): Written {
  // What the list itself says too much is no default.
  const isDefault = (path: Path) =>
    path[0] !== "pluginDefaults" && originOf(origin, path)[0] === "pluginDefaults";
  const isOvertaken = (path: Path) =>
    isDefault([...path.slice(0, -1), "type"]) &&
    valueAt(written, [...originOf(origin, path).slice(0, -1), "type"]) !== undefined;
  const isBrought = (path: Path) => isDefault(path) || isOvertaken(path);
  return strangersIn(flow, taskTypes, isBrought).reduce((left, path) => without(left, path) as Written, flow);
}

type IsBrought = (path: Path) => boolean;

function strangersIn(flow: Written, taskTypes: TaskTypes, isBrought: IsBrought): Path[] {
  const inTasks = collectTasks(flow).tasks.flatMap(({ task, path, type, isImplied }) => {
    if (isImplied === true) return [];
    const properties = type === undefined ? undefined : propertiesOf(type, taskTypes);
    const own = Object.entries(task).filter(([key]) => Object.hasOwn(properties?.shape ?? {}, key));
    return [
      ...unknownTo(taskSchema, task, path, isBrought),
      ...(properties === undefined ? [] : unknownTo(properties, Object.fromEntries(own), path, isBrought)),
    ];
  });
  return [...unknownTo(flowSchema, flow, [], isBrought), ...inTasks];
}

function unknownTo(schema: z.ZodType, value: unknown, path: Path, isBrought: IsBrought): Path[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).flatMap((issue) => unknownIn(issue, path, isBrought));
}

function unknownIn(issue: z.core.$ZodIssue, around: Path, isBrought: IsBrought): Path[] {
  const path = [...around, ...(issue.path as Path)];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key): Path => [...path, key]).filter(isBrought);
  if (issue.code !== "invalid_union") return [];
  // What would fit one of the kinds, were it not for the strangers in it.
  const almost = issue.errors.find(
    (issues) => issues.length > 0 && issues.every(({ code }) => code === "unrecognized_keys"),
  );
  return (almost ?? []).flatMap((each) => unknownIn(each, path, isBrought));
}

function without(value: unknown, [step, ...deeper]: Path): unknown {
  if (value === null || typeof value !== "object" || step === undefined) return value;
  if (Array.isArray(value))
    return value.map((part, index) => (index === step ? without(part, deeper) : (part as unknown)));
  return mapOf(
    entriesOf(value as Written).flatMap(([key, part]): [string, unknown][] => {
      if (key !== step) return [[key, part]];
      return deeper.length === 0 ? [] : [[key, without(part, deeper)]];
    }),
  );
}
