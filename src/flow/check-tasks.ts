import type { z } from "zod";
import { writeJson } from "../base/json.ts";
import { checkInputs } from "./check-inputs.ts";
import { checkLiterals } from "./check-literals.ts";
import { checkOutputs } from "./check-outputs.ts";
import { checkUnique } from "./check-unique.ts";
import { asDagEntry, reportBareTasks } from "./dag-entries.ts";
import { flowableTypes } from "./flowable-types.ts";
import type { Findings } from "./issue.ts";
import { namedTypes, propertiesOf } from "./known-properties.ts";
import { isLoop } from "./loop-outputs.ts";
import { notYet, refuseInTask, refuseLaterType } from "./refusals.ts";
import { checkSchema, reportUnknown } from "./schema-issues.ts";
import { takesTextOnly } from "./schema-keys.ts";
import { taskSchema } from "./task-schema.ts";
import { type BrokenTask, isStructure, type WrittenTask } from "./task-tree.ts";
import { unknownTaskType } from "./unknown-type.ts";
import { holdsTemplate } from "./words.ts";
import { isWritten, type Written } from "./written.ts";
import { type CheckWritten, reportFaults } from "./written-fault.ts";

/** What flow/ must know of a task type. */
export interface TaskTypeInfo {
  type: string;
  properties: z.ZodObject;
  /** What it gives, where that is known. */
  outputs?: z.ZodObject;
  /** What it renders itself, and whether with the fields of items. */
  rendersItself?: Readonly<Record<string, "flow" | "item">>;
  /** Whether it renders texts that come about only as it runs. */
  rendersMore?: boolean;
  /** Finds what can never work in its properties as they are written. */
  check?: CheckWritten;
  /** Whether what it does is done by the engine, so that it needs a job of its own. */
  isForEngine?: boolean;
}

/** The task types that flows may use, by full name. */
export type TaskTypes = ReadonlyMap<string, TaskTypeInfo>;

/** Checks every task by itself, and that no two share an id. */
export function checkTasks(
  { tasks, broken }: { tasks: WrittenTask[]; broken: BrokenTask[] },
  taskTypes: TaskTypes,
  findings: Findings,
): void {
  for (const { path } of broken)
    findings.error(path, "wrong_type", "A task must be a map with `id` and `type`.");
  for (const task of tasks) {
    if (task.isImplied !== true) checkTask(task, taskTypes, findings);
    checkWritten(task, taskTypes, findings);
  }
  checkUnique("task", tasks, findings);
}

function checkTask(written: WrittenTask, taskTypes: TaskTypes, findings: Findings): void {
  const { task, path, type } = written;
  checkSchema({ schema: taskSchema, value: task, path, findings });
  refuseInTask(task, path, findings);
  if (type === undefined) return;

  const properties = propertiesOf(type, taskTypes);
  if (properties === undefined) {
    if (refuseLaterType(type, [...path, "type"], findings)) return;
    const { reason, message, hint } = unknownTaskType(type, namedTypes(taskTypes));
    findings.error([...path, "type"], reason, message, { hint });
    return;
  }
  if (flowableTypes.get(type)?.isLater)
    notYet(findings, [...path, "type"], `Tasks of type \`${type}\``, { atKey: false });
  checkCache(written, taskTypes, findings);
  checkDirectory(written, taskTypes, findings);
  checkLoop(written, findings);
  checkConstants(written, findings);
  checkChoices(written, findings);
  checkLiterals(written, findings);
  checkProperties(written, properties, findings);
  if (flowableTypes.get(type)?.kind === "PAUSE") checkInputs(task, findings, { property: "onResume", path });
}

/** What its type finds in a task. That of an implied one is written in the block. */
function checkWritten(
  { task, path, type, isImplied }: WrittenTask,
  taskTypes: TaskTypes,
  findings: Findings,
) {
  const check = taskTypes.get(String(type))?.check;
  if (check !== undefined) reportFaults(check, task, isImplied ? path.slice(0, -1) : path, findings);
}

/** What the engine reads before any worker sees the task. */
const constants: Readonly<Record<string, readonly string[]>> = {
  FOR_EACH: ["concurrencyLimit"],
  SUBFLOW: ["wait", "transmitFailed"],
  FOR_EACH_ITEM: ["wait", "transmitFailed"],
};

function checkConstants({ task, path, type }: WrittenTask, findings: Findings): void {
  for (const key of constants[flowableTypes.get(String(type))?.kind ?? ""] ?? []) {
    if (typeof task[key] !== "string" || !holdsTemplate(task[key])) continue;
    findings.error([...path, key], "no_template", `Property \`${key}\` takes no template.`, {
      hint: "Write its value.",
    });
  }
}

function checkChoices({ task, path, type }: WrittenTask, findings: Findings): void {
  if (flowableTypes.get(String(type))?.kind !== "SWITCH") return;
  const hasCases = isWritten(task.cases) ? Object.keys(task.cases).length > 0 : task.cases != null;
  if (hasCases || task.defaults !== undefined) return;
  findings.error(path, "missing_property", "No task defined, neither cases or default have any tasks.", {
    hint: "Give `cases` or `defaults`.",
  });
}

/** What a task keeps are its outputs; those of a block come from the tasks in it. */
function checkCache({ task, path, type }: WrittenTask, taskTypes: TaskTypes, findings: Findings): void {
  if (isRunnable(type, taskTypes) || !isWritten(task.taskCache) || task.taskCache.enabled !== true) return;
  findings.warning(
    [...path, "taskCache"],
    "not_cacheable",
    "The `taskCache` is not looked at: only runnable tasks have one, not blocks, or those that start other flows or end this one.",
    {
      hint: isDirectory(type)
        ? "Use `cache` to keep files of a WorkingDirectory."
        : "Give it to the tasks that do the work.",
      atKey: true,
    },
  );
}

/** What a WorkingDirectory takes: one worker runs all of its tasks, so none of them may be a block. */
function checkDirectory(
  { task, path, type, parent, branch }: WrittenTask,
  taskTypes: TaskTypes,
  findings: Findings,
): void {
  if (isDirectory(parent?.type) && branch === "tasks" && !isRunnable(type, taskTypes)) {
    findings.error(
      [...path, "type"],
      "not_runnable",
      "Only runnable tasks are allowed as children of a WorkingDirectory task.",
      { hint: "Put the block around the WorkingDirectory, or a WorkingDirectory into the block." },
    );
  }
  if (!isDirectory(type)) return;
  if (task.namespaceFiles !== undefined) notYet(findings, [...path, "namespaceFiles"], "Namespace files");
}

function isRunnable(type: string | undefined, taskTypes: TaskTypes): boolean {
  return !flowableTypes.has(String(type)) && taskTypes.get(String(type))?.isForEngine !== true;
}

/** What the outputs of a Loop say that its schema cannot. */
function checkLoop({ task, path, type }: WrittenTask, findings: Findings): void {
  if (isLoop(type)) checkOutputs(task, findings, path);
}

function isDag(type: string | undefined): boolean {
  return flowableTypes.get(type ?? "")?.kind === "DAG";
}

function isDirectory(type: string | undefined): boolean {
  return flowableTypes.get(type ?? "")?.kind === "WORKING_DIRECTORY";
}

/** A list or map that is written where text is wanted stands for its JSON; blocks do not take it so. */
function asTaken(schema: z.ZodType, value: unknown): unknown {
  return value !== null && typeof value === "object" && takesTextOnly(schema) ? writeJson(value) : value;
}

function checkProperties(
  { task, path, type, parent, branch }: WrittenTask,
  properties: z.ZodObject,
  findings: Findings,
): void {
  const isBlock = flowableTypes.has(String(type));
  const mayBeRendered = (value: unknown, [key]: readonly PropertyKey[]) =>
    !(isBlock && isStructure(String(key))) && holdsTemplate(value);
  const own: Written = {};
  for (const [key, value] of Object.entries(task)) {
    if (Object.hasOwn(properties.shape, key))
      own[key] = isBlock ? value : asTaken(properties.shape[key] as z.ZodType, value);
    else if (!Object.hasOwn(taskSchema.shape, key)) {
      const known = [...Object.keys(properties.shape), ...Object.keys(taskSchema.shape)];
      const isMisplaced = key === "dependsOn" && isDag(parent?.type) && branch === "tasks";
      const hint = isMisplaced ? "Write it beside `task`, not in it." : undefined;
      reportUnknown(findings, [...path, key], known, hint);
    }
  }
  if (isDag(type) && Array.isArray(own.tasks)) {
    reportBareTasks(own.tasks, [...path, "tasks"], findings);
    own.tasks = own.tasks.map(asDagEntry);
  }
  checkSchema({ schema: properties, value: own, path, findings, isOpen: mayBeRendered });
}
