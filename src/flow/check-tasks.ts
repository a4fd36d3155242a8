import type { z } from "zod";
import { checkInputs } from "./check-inputs.ts";
import { checkUnique } from "./check-unique.ts";
import { flowableTypes } from "./flowable-types.ts";
import { isItemType } from "./for-each-item.ts";
import type { Findings, Path } from "./issue.ts";
import { notYet, refuseInTask } from "./refusals.ts";
import { checkSchema, reportUnknown } from "./schema-issues.ts";
import { didYouMean, nearestType } from "./suggest.ts";
import { taskSchema } from "./task-schema.ts";
import type { BrokenTask, WrittenTask } from "./task-tree.ts";
import { holdsTemplate } from "./words.ts";
import { isWritten, type Written } from "./written.ts";

/** What flow/ must know of a task type. */
export interface TaskTypeInfo {
  type: string;
  properties: z.ZodObject;
  /** What it gives, where that is known. */
  outputs?: z.ZodObject;
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
  for (const task of tasks) if (task.isImplied !== true) checkTask(task, taskTypes, findings);
  checkUnique("task", tasks, findings);
}

function checkTask(written: WrittenTask, taskTypes: TaskTypes, findings: Findings): void {
  const { task, path, type } = written;
  checkSchema({ schema: taskSchema, value: task, path, findings });
  refuseInTask(task, path, findings);
  if (type === undefined) return;

  const properties = taskTypes.get(type)?.properties ?? flowableTypes.get(type)?.properties;
  if (properties === undefined || isItemType(type)) {
    const known = [...taskTypes.keys(), ...flowableTypes.keys()].filter((each) => !isItemType(each));
    const hint = didYouMean(nearestType(type, known));
    findings.error([...path, "type"], "unknown_task_type", `Unknown task type \`${type}\`.`, { hint });
    return;
  }
  if (flowableTypes.get(type)?.isLater)
    notYet(findings, [...path, "type"], `Tasks of type \`${type}\``, { atKey: false });
  checkDirectory(written, findings);
  checkLoop(written, findings);
  checkProperties(task, properties, path, findings);
  if (flowableTypes.get(type)?.kind === "PAUSE") checkInputs(task, findings, { property: "onResume", path });
}

/** What a WorkingDirectory takes: one worker runs all of its tasks, so none of them may be a block. */
function checkDirectory({ task, path, type, parent, branch }: WrittenTask, findings: Findings): void {
  if (isDirectory(parent?.type) && branch === "tasks" && flowableTypes.has(String(type))) {
    findings.error(
      [...path, "type"],
      "not_runnable",
      "Only runnable tasks are allowed as children of a WorkingDirectory task.",
      { hint: "Put the block around the WorkingDirectory, or a WorkingDirectory into the block." },
    );
  }
  if (!isDirectory(type)) return;
  if (
    isWritten(task.namespaceFiles) ? task.namespaceFiles.enabled !== false : task.namespaceFiles !== undefined
  )
    notYet(findings, [...path, "namespaceFiles"], "Namespace files");
}

/** What gathers the outputs of iterations, and what would run at the end of each of them rather than of the whole. */
function checkLoop({ task, path, type }: WrittenTask, findings: Findings): void {
  if (type?.endsWith(".flow.Loop") !== true) return;
  for (const key of ["outputs", "fetchType"]) {
    if (task[key] !== undefined) notYet(findings, [...path, key], `\`${key}\` of a Loop`);
  }
  for (const key of ["errors", "finally"]) {
    if (task[key] === undefined) continue;
    findings.error([...path, key], "not_yet_supported", `\`${key}\` of a Loop are not supported yet.`, {
      atKey: true,
      hint: "Put them into a Sequential in the Loop: they belong to each iteration.",
    });
  }
}

function isDirectory(type: string | undefined): boolean {
  return flowableTypes.get(type ?? "")?.kind === "WORKING_DIRECTORY";
}

function checkProperties(task: Written, properties: z.ZodObject, path: Path, findings: Findings): void {
  const own: Written = {};
  for (const [key, value] of Object.entries(task)) {
    if (Object.hasOwn(properties.shape, key)) own[key] = value;
    else if (!Object.hasOwn(taskSchema.shape, key)) {
      reportUnknown(
        findings,
        [...path, key],
        [...Object.keys(properties.shape), ...Object.keys(taskSchema.shape)],
      );
    }
  }
  checkSchema({ schema: properties, value: own, path, findings, isOpen: holdsTemplate });
}
