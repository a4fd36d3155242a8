import type { Template } from "../expression/template.ts";
import { type ExpressionSite, isAskedCondition } from "./expression-sites.ts";
import type { Findings, IssueOptions } from "./issue.ts";
import { readsOfWorker } from "./judge-checks.ts";

/** Whoever resumes a Pause renders what depends on what it is given, and knows the execution, but is no worker. */
export function checkAsked(
  site: ExpressionSite,
  references: Template["references"],
  place: (at: { line: number; column: number }) => IssueOptions,
  findings: Findings,
): void {
  const names = new Set(site.asked?.flatMap(({ id }) => id?.split(".", 1) ?? []));
  const open = references.find(({ root, name }) => root === "inputs" && names.has(name));
  if (open === undefined && !isAskedCondition(site)) return;
  const [needed] = readsOfWorker(site.text);
  if (needed === undefined) return;
  const message = `Only a worker has \`${needed}\`, and this is rendered where the Pause is resumed.`;
  findings.error(site.path, "not_yet_supported", message, {
    ...place(open ?? { line: 1, column: 1 }),
    hint: "Read it in a task before the Pause, and the outputs of that task here.",
  });
}
