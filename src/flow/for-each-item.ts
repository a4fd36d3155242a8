import type { Written } from "./written.ts";

/** The types of the three tasks that a ForEachItem consists of: one splits a file, one starts a flow for each batch, one gathers. */
export const itemTypes = {
  split: "io.kestra.plugin.core.flow.ForEachItem$ForEachItemSplit",
  items: "io.kestra.plugin.core.flow.ForEachItem$ForEachItemExecutable",
  merge: "io.kestra.plugin.core.flow.ForEachItem$ForEachItemMergeOutputs",
} as const;

/** Which properties of a ForEachItem belong to which of its tasks. */
const owners = {
  split: ["items", "batch"],
  items: [
    ...["namespace", "flowId", "revision", "inputs", "labels", "inheritLabels"],
    ...["wait", "transmitFailed", "restartBehavior", "scheduleDate"],
  ],
} as const;

const owned: ReadonlySet<string> = new Set([...owners.split, ...owners.items]);

/** Whether a property of a ForEachItem is one of its tasks'. */
export function isOfItemTask(key: string): boolean {
  return owned.has(key);
}

/** Whether a type is one that no flow names: it comes with a ForEachItem. */
export function isItemType(type: string): boolean {
  return Object.values(itemTypes).some((each) => each === type);
}

/** The tasks of a ForEachItem, as if they were written in it. */
export function itemTasks(task: Written): Written[] {
  const id = String(task.id);
  const own = (part: keyof typeof owners) =>
    Object.fromEntries(owners[part].flatMap((key) => (task[key] === undefined ? [] : [[key, task[key]]])));
  const given = task.logLevel === undefined ? {} : { logLevel: task.logLevel };
  return [
    { id: `${id}_split`, type: itemTypes.split, ...given, ...own("split") },
    // What it reads of the others is written as a template, so that everybody knows of it.
    { id: `${id}_items`, type: itemTypes.items, ...given, ...own("items"), splits: outputsOf(`${id}_split`) },
    { id: `${id}_merge`, type: itemTypes.merge, ...given, items: outputsOf(`${id}_items`) },
  ];
}

/** Whether a property is that in which such a task reads the one before it: of the same iteration of the loops around, whatever is written. */
export function isOfParts(type: string | undefined, key: string): boolean {
  return (type === itemTypes.items && key === "splits") || (type === itemTypes.merge && key === "items");
}

function outputsOf(id: string): string {
  return `{{ outputs['${id}'] }}`;
}
