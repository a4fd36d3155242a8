import { isOfText } from "../expression/methods.ts";
import { throughJson, writtenPath } from "../expression/missing-hint.ts";
import type { Reference } from "../expression/template.ts";
import { loopValueLacking } from "./check-loop-values.ts";
import type { ExpressionSite } from "./expression-sites.ts";
import { flowableTypes } from "./flowable-types.ts";
import type { Findings, IssueOptions } from "./issue.ts";
import { didYouMean, nearest } from "./suggest.ts";
import { topPlace, type WrittenTask } from "./task-tree.ts";

/** What templates see beside inputs, outputs and variables: `attemptContext` makes it. Some of it comes with triggers and blocks. */
export const contextNames: ReadonlySet<string> = new Set([
  ...["inputs", "outputs", "vars", "labels", "flow", "task", "taskrun", "execution", "tasks", "trigger"],
  ...["envs", "globals", "kestra", "parent", "parents", "item"],
  ...["schedule", "files", "items", "workerTaskrun", "error"],
]);

/** Of what the context always has, what stands in it. */
export const contextParts: Readonly<Record<string, readonly string[]>> = {
  flow: ["id", "namespace", "revision", "tenantId"],
  task: ["id", "type"],
  taskrun: ["id", "startDate", "attemptsCount", "parentId", "value", "iteration"],
  execution: ["id", "state", "startDate", "originalId", "outputs"],
  parent: ["taskrun", "outputs"],
  item: ["value", "index", "key", "parent", "parents"],
  kestra: ["environment", "url"],
};

/** What Kestra has and no template sees here yet, and what to do. */
export const absentNames: ReadonlyMap<string, string> = new Map([
  ["schedule", "It comes with schedules, which do not run yet."],
  ["files", "It comes with fixtures of tests, which there are none of."],
  ["items", "A ForEachItem gives `taskrun.items` to the inputs of what it starts."],
  ["workerTaskrun", "Read `taskrun`."],
  ["error", "`errorLogs()` gives what was logged as an error."],
]);

/** Warns of a reference to what the context does not have there: it fails when it is rendered. */
export function checkContext(
  reference: Reference,
  site: ExpressionSite,
  { tasks }: { tasks: ReadonlyMap<string, WrittenTask> },
  findings: Findings,
  at: IssueOptions,
): void {
  const {
    name,
    path: [part],
  } = reference;
  const warn = (reason: string, message: string, hint: string | undefined) =>
    findings.warning(site.path, reason, message, { ...at, hint });
  const why = absentNames.get(name);
  if (why !== undefined) {
    warn("unknown_part", `Templates do not see \`${name}\`.`, why);
    return;
  }
  const lacking = loopValueLacking(reference, site);
  if (lacking !== undefined) warn("no_loop_value", ...lacking);
  else checkText(reference, warn);
  if (part === undefined) return;
  const known = knownParts(name, site.reader);
  if (known?.includes(part) === false) {
    warn("unknown_part", `Templates see no \`${part}\` of \`${name}\`.`, didYouMean(nearest(part, known)));
  } else if (name === "tasks" && !tasks.has(part)) {
    warn("unknown_task", `There is no task \`${part}\`.`, didYouMean(nearest(part, tasks.keys())));
  } else if (name === "execution" && part === "outputs" && !isAfter(site.reader)) {
    const hint = "Only tasks of `afterExecution` see what the execution has given.";
    warn("unknown_part", "There is no `execution.outputs` here.", hint);
  }
}

/** The values of loops are text, also those of maps. */
function checkText(
  { name, path }: Reference,
  warn: (reason: string, message: string, hint: string) => void,
): void {
  const read = [name, ...path];
  const length = read.indexOf("value") + 1;
  const [part] = read.slice(length);
  const isValue = /^(taskrun|parent\.taskrun|parents\.\d+\.taskrun|item(\.parent|\.parents\.\d+)?)\.value$/;
  if (part === undefined || !isValue.test(read.slice(0, length).join(".")) || isOfText(part)) return;
  const value = read.slice(0, length);
  const message = `\`${writtenPath(value)}\` is text, and has no \`${part}\`.`;
  warn("unknown_part", message, `Write \`${throughJson(value, read.slice(length))}\`.`);
}

function knownParts(name: string, reader: WrittenTask | undefined): readonly string[] | undefined {
  if (!Object.hasOwn(contextParts, name)) return undefined;
  const isOfItems = flowableTypes.get(reader?.type ?? "")?.kind === "FOR_EACH_ITEM";
  return name === "taskrun" && isOfItems ? [...(contextParts.taskrun ?? []), "items"] : contextParts[name];
}

function isAfter(task: WrittenTask | undefined): boolean {
  return task === undefined || topPlace(task).branch === "afterExecution";
}
