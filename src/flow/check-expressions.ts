import { ExpressionSyntaxError } from "../expression/expression-error.ts";
import { parse } from "../expression/parser.ts";
import { checkReference, targetsOf } from "./check-references.ts";
import { type ExpressionSite, expressionSites } from "./expression-sites.ts";
import { knownFilters, knownFunctions } from "./expression-stand-in.ts";
import type { Findings, IssueOptions } from "./issue.ts";
import { type NamePlace, namesOf } from "./references.ts";
import { didYouMean, nearest } from "./suggest.ts";
import type { WrittenTask } from "./task-tree.ts";
import type { Written } from "./written.ts";

/** Checks every template of a flow: that it parses, and that what it names can be there. */
export function checkExpressions(flow: Written, tasks: readonly WrittenTask[], findings: Findings): void {
  const targets = targetsOf(flow, tasks);
  for (const site of expressionSites(flow, tasks)) {
    const place = placer(site);
    const names = parseSite(site, place, findings);
    if (names === undefined) continue;
    for (const each of names.functions)
      checkName(each, "function", knownFunctions, site, place(each), findings);
    for (const each of names.filters) checkName(each, "filter", knownFilters, site, place(each), findings);
    if (isNeverRendered(site.reader)) continue;
    for (const each of names.references) checkReference(each, site, targets, findings, place(each));
  }
}

type Place = ReturnType<typeof placer>;

function parseSite(site: ExpressionSite, place: Place, findings: Findings) {
  try {
    return namesOf(parse(site.text));
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    const at = place({ lineno: error.line - 1, colno: error.column - 1 });
    findings.error(site.path, "expression_syntax", error.message, at);
    return undefined;
  }
}

function checkName(
  { name }: NamePlace,
  what: string,
  known: ReadonlySet<string>,
  site: ExpressionSite,
  at: IssueOptions,
  findings: Findings,
): void {
  if (known.has(name)) return;
  findings.error(site.path, `unknown_${what}`, `There is no ${what} \`${name}\`.`, {
    ...at,
    hint: didYouMean(nearest(name, known)),
  });
}

/** Points into the text of a template. Keys of maps are short: their start will do. */
function placer(site: ExpressionSite): (place: { lineno: number; colno: number }) => IssueOptions {
  if (site.isKey) return () => ({ atKey: true });
  const lineStarts = [0];
  for (let at = site.text.indexOf("\n"); at !== -1; at = site.text.indexOf("\n", at + 1))
    lineStarts.push(at + 1);
  return ({ lineno, colno }) => ({ offset: (lineStarts[lineno] ?? 0) + colno });
}

/** A disabled task renders nothing, nor does what stands in it. */
function isNeverRendered(task: WrittenTask | undefined): boolean {
  return task !== undefined && (task.task.disabled === true || isNeverRendered(task.parent));
}
