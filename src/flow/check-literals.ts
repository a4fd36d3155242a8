import { readJson } from "../base/json.ts";
import { shorten } from "../base/shorten.ts";
import type { TaskKind } from "./compiled-flow.ts";
import { flowableTypes } from "./flowable-types.ts";
import { instantOf } from "./input-form.ts";
import type { Findings, Path } from "./issue.ts";
import { isLabelKey } from "./label-schema.ts";
import { isLoop } from "./loop-outputs.ts";
import type { WrittenTask } from "./task-tree.ts";
import { isWritten } from "./written.ts";
import { isLiteral } from "./written-fault.ts";

const starting: readonly (TaskKind | undefined)[] = ["SUBFLOW", "FOR_EACH_ITEM"];

/** Checks values of blocks that may be templates, where they are none. */
export function checkLiterals(written: WrittenTask, findings: Findings): void {
  const { task, path, type, id } = written;
  if (type?.endsWith(".core.execution.Labels"))
    checkLabels(task.labels, [...path, "labels"], findings, "warning");
  const found = flowableTypes.get(type ?? "");
  if (found === undefined) return;
  if (starting.includes(found.kind)) {
    checkLabels(task.labels, [...path, "labels"], findings, "error");
    const { scheduleDate, revision } = task;
    if (isLiteral(scheduleDate) && instantOf("DATETIME", scheduleDate) === undefined) {
      findings.error([...path, "scheduleDate"], "invalid_date", `\`${scheduleDate}\` is no date.`, {
        hint: "Write it with time and zone, as in `2026-01-31T09:00:00Z`.",
      });
    }
    if (isLiteral(revision) && !/^\d+$/.test(revision.trim())) {
      findings.error([...path, "revision"], "wrong_type", "Property `revision` must be a whole number.");
    }
  }
  if (found.kind === "FOR_EACH") checkValues(written, findings);
  if (task.timeout !== undefined && found.kind !== "PAUSE") {
    const message = `The task '${id ?? ""}' cannot use the 'timeout' property as it's only relevant for runnable tasks.`;
    findings.warning([...path, "timeout"], "timeout_of_block", message, {
      hint: starting.includes(found.kind)
        ? "Give it to the tasks of the flow that it starts, or hold its executions to an SLA."
        : "Give it to the tasks in the block, or hold the execution to an SLA.",
      atKey: true,
    });
  }
}

/** The values of a loop are read as JSON; a Loop goes through maps and files, too. */
function checkValues({ task, path, type }: WrittenTask, findings: Findings): void {
  const key = task.values === undefined ? "value" : "values";
  const values = task[key];
  if (!isLiteral(values)) return;
  const takesMore = isLoop(type);
  const found = jsonOf(values);
  if (Array.isArray(found) || (takesMore && (isWritten(found) || values.trim().startsWith("kestra://"))))
    return;
  const shown = shorten(values.trim(), 200);
  const what = takesMore ? "neither a list nor a map as they are" : "no list as it is";
  findings.error([...path, key], "not_a_list", `\`${shown}\` is ${what} written in JSON, and no template.`, {
    hint: `Write a list, or \`{{ ${shown} }}\`.`,
  });
}

function jsonOf(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}

/** A task that labels its execution takes any key, as in Kestra; flows and what starts executions would not. */
function checkLabels(labels: unknown, path: Path, findings: Findings, severity: "error" | "warning"): void {
  const keys: [key: unknown, path: Path, isKey: boolean][] = Array.isArray(labels)
    ? labels.map((entry: unknown, index) => [
        isWritten(entry) ? entry.key : undefined,
        [...path, index, "key"],
        false,
      ])
    : Object.keys(isWritten(labels) ? labels : {}).map((key) => [key, [...path, key], true]);
  for (const [key, at, atKey] of keys) {
    if (!isLiteral(key)) continue;
    if (key.startsWith("system.")) {
      findings.error(at, "system_label", "Labels that start with `system.` are set by the system only.", {
        atKey,
      });
    } else if (!isLabelKey(key)) {
      const hint = "Begin it with a lower-case letter, and go on with letters, digits, `.`, `_` and `-`.";
      const reason = severity === "error" ? "invalid_label" : "odd_label";
      findings[severity](at, reason, `\`${key}\` is no key that labels of flows can have.`, {
        hint,
        atKey,
      });
    }
  }
}
