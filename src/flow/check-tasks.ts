import type { z } from "zod";
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
import type { Written } from "./written.ts";

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

function checkTask({ task, path, type }: WrittenTask, taskTypes: TaskTypes, findings: Findings): void {
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
  checkProperties(task, properties, path, findings);
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
