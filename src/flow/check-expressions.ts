import { ExpressionSyntaxError } from "../expression/expression-error.ts";
import { parseTemplate, type Reference } from "../expression/template.ts";
import { checkReference, targetsOf } from "./check-references.ts";
import type { TaskTypes } from "./check-tasks.ts";
import { type ExpressionSite, expressionSites } from "./expression-sites.ts";
import type { Findings, IssueOptions } from "./issue.ts";
import type { WrittenTask } from "./task-tree.ts";
import type { Written } from "./written.ts";

/** Checks every template of a flow: that it parses, and that what it certainly reads can be there. */
export function checkExpressions(
  flow: Written,
  tasks: readonly WrittenTask[],
  taskTypes: TaskTypes,
  findings: Findings,
): void {
  const targets = targetsOf(flow, tasks, taskTypes);
  for (const site of expressionSites(flow, tasks)) {
    const place = placer(site);
    for (const reference of referencesOf(site, place, findings)) {
      if (reference.isGuarded || isNeverRendered(site.reader)) continue;
      checkReference(reference, site, targets, findings, place(reference));
    }
  }
}

type Placer = (place: { line: number; column: number }) => IssueOptions;

/** Points into the text of a template. Keys of maps are short: their start will do. */
function placer(site: ExpressionSite): Placer {
  if (site.isKey) return () => ({ atKey: true });
  const lineStarts = [0];
  for (let at = site.text.indexOf("\n"); at !== -1; at = site.text.indexOf("\n", at + 1)) {
    lineStarts.push(at + 1);
  }
  return ({ line, column }) => ({ offset: (lineStarts[line - 1] ?? 0) + column - 1 });
}

function referencesOf(site: ExpressionSite, place: Placer, findings: Findings): readonly Reference[] {
  try {
    return parseTemplate(site.text).references;
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    findings.error(site.path, "expression_syntax", error.message, place(error));
    return [];
  }
}

/** A disabled task renders nothing, nor does what stands in it. */
function isNeverRendered(task: WrittenTask | undefined): boolean {
  return task !== undefined && (task.task.disabled === true || isNeverRendered(task.parent));
}
