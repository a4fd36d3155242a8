import { ExpressionSyntaxError } from "../expression/expression-error.ts";
import { parseTemplate, type Reference, type Template } from "../expression/template.ts";
import { readFaulty } from "../expression/template-faults.ts";
import { checkAsked } from "./check-asked.ts";
import { checkConstantsOf } from "./check-constants.ts";
import { checkReference, targetsOf } from "./check-references.ts";
import type { TaskTypes } from "./check-tasks.ts";
import { dashedNames } from "./dashed-names.ts";
import { type ExpressionSite, expressionSites, isAskedCondition } from "./expression-sites.ts";
import type { Findings, IssueOptions } from "./issue.ts";
import type { WrittenTask } from "./task-tree.ts";
import { isWritten, type Written } from "./written.ts";

/** Checks every template of a flow: that it parses, and that what it certainly reads can be there. */
export function checkExpressions(
  flow: Written,
  tasks: readonly WrittenTask[],
  taskTypes: TaskTypes,
  findings: Findings,
): void {
  const targets = targetsOf(flow, tasks, taskTypes);
  const sites = expressionSites(flow, tasks, taskTypes);
  const rendered = renderedVariables(sites);
  for (const site of sites) {
    const place = placer(site);
    // A variable is text until a template renders it, and may be one for somebody else: what is wrong in it is then no error.
    const isText = site.area === "variable" && !rendered.has(variableOf(site));
    const lenient = { ...findings, error: findings.warning };
    const ofTemplate = isText ? lenient : findings;
    const { references, sound } = readTemplate(site, place, ofTemplate);
    for (const { message, hint, isHarmless, ...at } of isNeverRendered(site.reader)
      ? []
      : checkConstantsOf(sound)) {
      const report = isHarmless ? findings.warning : ofTemplate.error;
      report(site.path, "invalid_argument", message, { ...place(at), hint });
    }
    const dashed = dashedNames(site.text);
    if (templateOf(site) !== undefined) checkAsked(site, references, place, findings);
    for (const reference of references) {
      if (site.area === "child" || reference.isGuarded || isNeverRendered(site.reader)) continue;
      // A condition that cannot be rendered does not hold.
      const isLenient =
        isText || site.area === "condition" || isAskedCondition(site) || isOptional(flow, site);
      const found = isLenient ? lenient : findings;
      checkReference(reference, dashed(reference), site, targets, found, place(reference));
    }
  }
}

/** The variables that templates cannot do without, and those that these render in turn. */
function renderedVariables(sites: readonly ExpressionSite[]): ReadonlySet<string> {
  const inVariables = Map.groupBy(
    sites.filter(({ area }) => area === "variable"),
    variableOf,
  );
  const rendered = new Set<string>();
  const waiting = sites.filter(({ area }) => area !== "variable" && area !== "child");
  for (let site = waiting.pop(); site !== undefined; site = waiting.pop()) {
    for (const { name, isGuarded } of templateOf(site)?.rendered ?? []) {
      if (isGuarded || rendered.has(name)) continue;
      rendered.add(name);
      for (const next of inVariables.get(name) ?? []) waiting.push(next);
    }
  }
  return rendered;
}

/** What a flow need not give is left out where it cannot be rendered. */
function isOptional({ outputs }: Written, { area, path }: ExpressionSite): boolean {
  const output = area === "output" && Array.isArray(outputs) ? outputs[Number(path[1])] : undefined;
  return isWritten(output) && output.required === false;
}

function variableOf(site: ExpressionSite): string {
  return String(site.path[1]);
}

/** What does not parse is reported where it stands. */
function templateOf(site: ExpressionSite): Template | undefined {
  try {
    return parseTemplate(site.text);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return undefined;
    throw error;
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
  return ({ line, column }) => {
    const offset = (lineStarts[line - 1] ?? 0) + column - 1;
    return { offset: site.offsets?.[offset] ?? offset };
  };
}

/** What a template refers to, and what of it parses. What is wrong with it is reported, and hides nothing else. */
function readTemplate(
  site: ExpressionSite,
  place: Placer,
  findings: Findings,
): { references: readonly Reference[]; sound: string } {
  try {
    return { references: parseTemplate(site.text).references, sound: site.text };
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    const read = readFaulty(site.text, error);
    for (const fault of read.faults)
      findings.error(site.path, "expression_syntax", fault.message, place(fault));
    return read;
  }
}

/** A disabled task renders nothing, nor does what stands in it. */
function isNeverRendered(task: WrittenTask | undefined): boolean {
  return task !== undefined && (task.task.disabled === true || isNeverRendered(task.parent));
}
