import { isTemplate } from "../expression/template.ts";
import type { Findings, Path } from "./issue.ts";
import type { Written } from "./written.ts";

/** What can never work in a task as it is written, or is of no use. */
export interface WrittenFault {
  /** Within the task. */
  path: Path;
  reason: string;
  message: string;
  hint?: string;
  /** Whether it is the key that is wrong. */
  atKey?: boolean;
  /** Whether the task runs all the same. */
  isWarning?: boolean;
}

/** Finds what no template can change any more in the properties of a task. */
export type CheckWritten = (task: Written) => Iterable<WrittenFault>;

/** Reports what a task type finds in a task. */
export function reportFaults(check: CheckWritten, task: Written, path: Path, findings: Findings): void {
  for (const { path: inside, reason, message, hint, atKey = false, isWarning } of check(task)) {
    const report = isWarning === true ? findings.warning : findings.error;
    report([...path, ...inside], reason, message, { hint, atKey });
  }
}

/** Whether a value is a text that stays as it is. */
export function isLiteral(value: unknown): value is string {
  return typeof value === "string" && !isTemplate(value);
}
