import { shorten } from "../base/shorten.ts";
import { isTruthy } from "../expression/values.ts";
import { flowableTypes } from "./flowable-types.ts";
import { inputEntries } from "./input-entries.ts";
import type { Findings, Path } from "./issue.ts";
import type { WrittenTask } from "./task-tree.ts";
import { booleanText } from "./words.ts";
import { isWritten, type Written } from "./written.ts";
import { isLiteral } from "./written-fault.ts";

/** Warns of conditions that are text without a template: they always hold. */
export function checkConditions(flow: Written, tasks: readonly WrittenTask[], findings: Findings): void {
  for (const written of tasks) {
    if (written.isImplied === true) continue;
    const { task, path } = written;
    for (const key of ["runIf", "condition", "filterCondition"])
      checkCondition(task[key], [...path, key], findings);
    each(task.conditions, (condition, index) =>
      checkCondition(condition, [...path, "conditions", index], findings),
    );
    checkChoice(written, findings);
  }
  for (const { value, dependsAt } of inputEntries(flow)) {
    const dependsOn = isWritten(value) ? value.dependsOn : undefined;
    if (isWritten(dependsOn)) checkCondition(dependsOn.condition, [...dependsAt, "condition"], findings);
  }
  each(flow.sla, (sla, index) => {
    if (isWritten(sla)) checkCondition(sla.assert, ["sla", index, "assert"], findings);
  });
  each(flow.checks, (check, index) => {
    if (isWritten(check)) checkCondition(check.condition, ["checks", index, "condition"], findings);
  });
}

function each(list: unknown, visit: (item: unknown, index: number) => void): void {
  if (Array.isArray(list)) list.forEach(visit);
}

/** What other languages, and YAML, take for a boolean. */
const otherWords = /^\s*(false|no|off|n|yes|on|y)\s*$/i;

function checkCondition(condition: unknown, path: Path, findings: Findings): void {
  if (!isLiteral(condition) || !isTruthy(condition)) return;
  const isFalse = otherWords.test(condition);
  if (booleanText.test(condition) && !isFalse) return;
  const shown = shorten(condition.trim(), 200);
  findings.warning(path, "always_true", `\`${shown}\` has no \`{{ … }}\`: it is text, and always holds.`, {
    hint: isFalse ? "Write `true` or `false`." : `Write \`{{ ${shown} }}\`.`,
  });
}

/** How templates begin that read something. */
const reference = /^\s*(inputs|outputs|vars|labels|taskrun|item|parent|trigger|execution)[.[]/;

/** Warns of a Switch that chooses by a text that was to be a template. */
function checkChoice({ task: { value, cases }, path, type }: WrittenTask, findings: Findings): void {
  if (flowableTypes.get(String(type))?.kind !== "SWITCH" || !isLiteral(value) || !reference.test(value))
    return;
  if (isWritten(cases) && Object.hasOwn(cases, value)) return;
  const shown = shorten(value.trim(), 200);
  const message = `\`${shown}\` has no \`{{ … }}\`: it is text, and the choice is always the same.`;
  findings.warning([...path, "value"], "always_same", message, { hint: `Write \`{{ ${shown} }}\`.` });
}
