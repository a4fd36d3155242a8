import type { TaskKind } from "./compiled-flow.ts";
import { flowableTypes } from "./flowable-types.ts";
import { instantOf } from "./input-form.ts";
import type { Findings } from "./issue.ts";
import type { WrittenTask } from "./task-tree.ts";
import { holdsTemplate } from "./words.ts";

const starting: readonly (TaskKind | undefined)[] = ["SUBFLOW", "FOR_EACH_ITEM"];

/** Checks values of blocks that may be templates, where they are none. */
export function checkLiterals({ task, path, type, id }: WrittenTask, findings: Findings): void {
  const found = flowableTypes.get(type ?? "");
  if (found === undefined) return;
  if (starting.includes(found.kind)) {
    const { scheduleDate, revision } = task;
    if (isLiteral(scheduleDate) && instantOf("DATETIME", scheduleDate) === undefined) {
      findings.error([...path, "scheduleDate"], "invalid_date", `\`${scheduleDate}\` is no date.`, {
        hint: "Write it with time and zone, as in `2026-01-31T09:00:00Z`.",
      });
    }
    if (isLiteral(revision) && !/^\d+$/.test(revision.trim())) {
      findings.error([...path, "revision"], "wrong_type", "Property `revision` must be a whole number.");
    }
  } else if (task.timeout !== undefined && found.kind !== "PAUSE") {
    const message = `The task '${id ?? ""}' cannot use the 'timeout' property as it's only relevant for runnable tasks.`;
    findings.warning([...path, "timeout"], "timeout_of_block", message, {
      hint: "Give it to the tasks in the block, or hold the execution to an SLA.",
      atKey: true,
    });
  }
}

function isLiteral(value: unknown): value is string {
  return typeof value === "string" && !holdsTemplate(value);
}
