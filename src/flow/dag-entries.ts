import type { Findings, Path } from "./issue.ts";
import { isWritten, type Written } from "./written.ts";

/** An entry of a Dag that is a task itself, where it should have one: whoever comes from other blocks writes it so. */
export function isBareTask(entry: unknown): entry is Written {
  return isWritten(entry) && entry.task === undefined && ("id" in entry || "type" in entry);
}

/** The entry as it is meant: the task in it, beside what it depends on. */
export function asDagEntry(entry: unknown): unknown {
  if (!isBareTask(entry)) return entry;
  const { dependsOn, ...task } = entry;
  return dependsOn === undefined ? { task } : { task, dependsOn };
}

/** The entries of a Dag as they are meant. */
export function dagEntries(dag: Written): unknown[] {
  return Array.isArray(dag.tasks) ? dag.tasks.map(asDagEntry) : [];
}

/** Says once of each entry that is no entry what it lacks. */
export function reportBareTasks(entries: readonly unknown[], path: Path, findings: Findings): void {
  for (const [index, entry] of entries.entries()) {
    if (!isBareTask(entry)) continue;
    const at = [...path, index];
    findings.error(at, "missing_property", "An entry of a Dag has its task under the name `task`.", {
      hint: "Write `task:` in front, put the task below it, and `dependsOn` beside it.",
    });
  }
}
