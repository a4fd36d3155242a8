import type { TaskTypes } from "./check-tasks.ts";
import { flowSchema } from "./flow-schema.ts";
import type { Path } from "./issue.ts";
import { propertiesOf } from "./known-properties.ts";
import { wantsText } from "./schema-keys.ts";
import { taskSchema } from "./task-schema.ts";
import { collectTasks, type WrittenTask } from "./task-tree.ts";
import { currentType } from "./type-aliases.ts";
import { isWritten, type Written } from "./written.ts";
import type { WrittenScalar } from "./yaml-convert.ts";

/** Inputs and outputs of these types are texts, and so are what stands for them. */
const textTypes: ReadonlySet<unknown> = new Set(["STRING", "SELECT", "ENUM", "EMAIL", "SECRET", "URI"]);

/** What these ask is true or false: `no` and `off` are not the texts that a template could give there. */
const conditions: ReadonlySet<unknown> = new Set(["runIf", "condition", "conditions"]);

/** Puts what is written where a text is wanted and YAML has read something else: `format: on`, `id: 007`, `value: 1.10`. */
export function keepWrittenTexts(
  flow: Written,
  written: readonly WrittenScalar[],
  taskTypes: TaskTypes,
): void {
  if (written.length === 0) return;
  const tasks = new Map(collectTasks(flow).tasks.map((task) => [keyOf(task.path), task]));
  for (const { path, text } of written) {
    if (typeof valueAt(flow, path) === "boolean" && path.some((step) => conditions.has(step))) continue;
    if (isText(flow, path, tasks, taskTypes)) setAt(flow, path, text);
  }
}

function isText(
  flow: Written,
  path: Path,
  tasks: ReadonlyMap<string, WrittenTask>,
  taskTypes: TaskTypes,
): boolean {
  for (let length = path.length - 1; length > 0; length -= 1) {
    const task = tasks.get(keyOf(path.slice(0, length)));
    if (task !== undefined) return isTextOfTask(task, path.slice(length), taskTypes);
  }
  const [property, position, key, ...rest] = path;
  if (property === "pluginDefaults" && key === "values") {
    const entry = Array.isArray(flow.pluginDefaults) ? flow.pluginDefaults[Number(position)] : undefined;
    if (!isWritten(entry) || typeof entry.type !== "string") return false;
    const properties = propertiesOf(currentType(entry.type), taskTypes);
    return properties !== undefined && wantsText(properties, entry.values, rest);
  }
  if ((property === "inputs" && key === "defaults") || (property === "outputs" && key === "value")) {
    const list = flow[property];
    const entry: unknown = Array.isArray(list) ? list[Number(position)] : undefined;
    return rest.length === 0 && isWritten(entry) && textTypes.has(entry.type);
  }
  return wantsText(flowSchema, flow, path);
}

function isTextOfTask({ task, type }: WrittenTask, path: Path, taskTypes: TaskTypes): boolean {
  if (Object.hasOwn(taskSchema.shape, String(path[0]))) return wantsText(taskSchema, task, path);
  const properties = type === undefined ? undefined : propertiesOf(type, taskTypes);
  return properties !== undefined && wantsText(properties, task, path);
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

function valueAt(target: unknown, path: Path): unknown {
  return path.reduce((here, step) => (here as Record<string | number, unknown>)[step], target);
}

function setAt(target: unknown, path: Path, value: unknown): void {
  (valueAt(target, path.slice(0, -1)) as Record<string | number, unknown>)[path.at(-1) as string] = value;
}
