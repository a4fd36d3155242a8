import { flowableTypes } from "./flowable-types.ts";
import type { Findings } from "./issue.ts";
import type { WrittenTask } from "./task-tree.ts";
import { isWritten, type Written } from "./written.ts";

/** The worker group of a task, or of the innermost block around it that has one. */
export function groupAround({ task, parent }: WrittenTask): string | undefined {
  return groupOf(task) ?? (parent === undefined ? undefined : groupAround(parent));
}

/** Warns of a group that a task in a WorkingDirectory has for itself: the worker that runs that runs all of its tasks. */
export function checkWorkerGroups(flow: Written, tasks: readonly WrittenTask[], findings: Findings): void {
  for (const { task, path, parent, branch } of tasks) {
    if (parent === undefined || branch !== "tasks" || !isDirectory(parent)) continue;
    const [own, around] = [groupOf(task), groupAround(parent) ?? groupOf(flow)];
    if (own === undefined || own === around) continue;
    const who = around === undefined ? "workers without a group" : `workers of the group \`${around}\``;
    const message = `\`${own}\` means nothing here: all tasks of a WorkingDirectory run with it, by ${who}.`;
    findings.warning([...path, "workerGroup", "key"], "unused_worker_group", message, {
      hint: "Give the group to the WorkingDirectory, or take the task out of it.",
    });
  }
}

function groupOf({ workerGroup }: Written): string | undefined {
  return isWritten(workerGroup) && workerGroup.key !== undefined ? String(workerGroup.key) : undefined;
}

function isDirectory({ type }: WrittenTask): boolean {
  return flowableTypes.get(type ?? "")?.kind === "WORKING_DIRECTORY";
}
