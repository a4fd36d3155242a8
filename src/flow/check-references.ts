import type { Reference } from "../expression/template.ts";
import { checkContext, contextNames } from "./check-context.ts";
import { checkOutputPath } from "./check-output-path.ts";
import type { TaskTypes } from "./check-tasks.ts";
import type { Identified } from "./check-unique.ts";
import type { Dashed } from "./dashed-names.ts";
import type { ExpressionSite } from "./expression-sites.ts";
import { flowableTypes } from "./flowable-types.ts";
import { foreignName } from "./foreign-names.ts";
import { inputEntries } from "./input-entries.ts";
import type { Findings, IssueOptions } from "./issue.ts";
import { didYouMean, nearest } from "./suggest.ts";
import type { WrittenTask } from "./task-tree.ts";
import { isWritten, type Written } from "./written.ts";

/** What the references of a flow can lead to. */
export interface Targets {
  /** By the first parts of the ids: for `nested`, those of `nested.more`. */
  inputs: ReadonlyMap<string, readonly Identified[]>;
  /** Undefined where tasks of the flow set variables of their own. */
  variables: ReadonlySet<string> | undefined;
  tasks: ReadonlyMap<string, WrittenTask>;
  taskTypes: TaskTypes;
}

/** Finds what the templates of a flow can refer to. */
export function targetsOf(flow: Written, tasks: readonly WrittenTask[], taskTypes: TaskTypes): Targets {
  return {
    inputs: byFirstPart(inputEntries(flow)),
    variables: setsVariables(tasks)
      ? undefined
      : new Set(isWritten(flow.variables) ? Object.keys(flow.variables) : []),
    tasks: new Map(tasks.flatMap((task) => (task.id === undefined ? [] : [[task.id, task]]))),
    taskTypes,
  };
}

/** Whether tasks of a flow change its variables. */
export function setsVariables(tasks: readonly WrittenTask[]): boolean {
  return tasks.some(({ type }) => type?.endsWith(".execution.SetVariables"));
}

function byFirstPart(inputs: readonly Identified[]): Map<string, Identified[]> {
  const byName = new Map<string, Identified[]>();
  for (const input of inputs) {
    const [name] = input.id?.split(".", 1) ?? [];
    if (name === undefined) continue;
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [input]);
    else known.push(input);
  }
  return byName;
}

/** Reports a reference that certainly leads nowhere. `dashed`: what its name is written behind. */
export function checkReference(
  reference: Reference,
  dashed: Dashed | undefined,
  site: ExpressionSite,
  targets: Targets,
  findings: Findings,
  at: IssueOptions,
): void {
  const { root, name } = reference;
  const missing = (what: string, known: Iterable<string>, told?: string) => {
    const names = [...known];
    const hint = told ?? dashHint(reference, site.text, names) ?? didYouMean(nearest(name, names));
    const message =
      root === "context" ? `Templates do not see \`${name}\`.` : `There is no ${what} \`${name}\`.`;
    findings.error(site.path, `unknown_${what}`, message, { ...at, hint });
  };

  if (root === "context") {
    const meant = dashed && dashedName(dashed, name, targets);
    if (meant?.isTold) return;
    if (!contextNames.has(name))
      missing("name", meant === undefined ? contextNames : [], meant?.hint ?? foreignName(name));
    else checkContext(reference, site, targets, findings, at);
  } else if (root === "inputs") {
    const asked = byFirstPart(site.asked ?? []);
    const inputs = asked.get(name) ?? targets.inputs.get(name);
    if (inputs === undefined) missing("input", [...asked.keys(), ...targets.inputs.keys()]);
    else
      checkNested(reference, inputs, (message, hint) =>
        findings.error(site.path, "unknown_input", message, { ...at, hint }),
      );
  } else if (root === "vars") {
    if (targets.variables?.has(name) === false) missing("variable", targets.variables);
  } else {
    const task = targets.tasks.get(name);
    if (task === undefined) missing("task", targets.tasks.keys());
    else if (checkOutputs(task, name, site, findings, at))
      checkOutputPath(task, reference, site, targets, findings, at);
  }
}

type Report = (message: string, hint: string | undefined) => void;

/** `a.b` alone makes a map with `b` in it, and nothing else. An input that is text or a number has no parts. */
function checkNested({ name, path }: Reference, inputs: readonly Identified[], report: Report): void {
  const [part] = path;
  if (part === undefined || inputs.some(({ id }) => id === name)) return;
  const known = inputs.flatMap(({ id }) => id?.split(".")[1] ?? []);
  if (known.includes(part)) return;
  report(`There is no input \`${name}.${part}\`.`, didYouMean(nearest(part, known)));
}

/** `outputs.get-file` is `outputs.get` minus `file`. */
function dashHint({ root, name }: Reference, text: string, known: readonly string[]): string | undefined {
  const meant = known
    .filter((each) => each.startsWith(`${name}-`) && text.includes(`${root}.${each}`))
    .reduce<string | undefined>((one, other) => (other.length > (one?.length ?? 0) ? other : one), undefined);
  return meant === undefined ? undefined : dashIs(root, meant);
}

function dashIs(root: string, meant: string): string {
  return `A dash is a minus. Write \`${root}['${meant}']\`.`;
}

/** The `file` of that. Where there is no task `get`, all has been told. */
function dashedName(
  { root, before }: Dashed,
  name: string,
  { tasks, inputs, variables }: Targets,
): { hint: string; isTold: boolean } | undefined {
  const known = { outputs: tasks, inputs, vars: variables }[root];
  const length = before.length + name.length; // most are too short, and need not be compared
  const meant = [...(known?.keys() ?? [])].find(
    (id) => id.length >= length && `${id}-`.startsWith(`${before}${name}-`),
  );
  if (meant === undefined) return undefined;
  return { hint: dashIs(root, meant), isTold: known?.has(before.slice(0, before.indexOf("-"))) === false };
}

/** The outputs of a task that is there may still be missing: it runs later, or never. True if nothing says so. */
function checkOutputs(
  task: WrittenTask,
  id: string,
  { area, reader, path }: ExpressionSite,
  findings: Findings,
  at: IssueOptions,
): boolean {
  if (area === "default" || area === "condition") {
    findings.error(path, "task_runs_later", "Defaults of inputs are rendered before any task has run.", at);
  } else if (area === "check") {
    findings.error(path, "task_runs_later", "Checks are evaluated before any task has run.", at);
  } else if (reader !== undefined && readsItself(task, reader)) {
    findings.error(path, "task_runs_later", `The task \`${id}\` reads its own outputs.`, at);
  } else if (reader !== undefined && runsLater(task, reader)) {
    findings.error(path, "task_runs_later", `The task \`${id}\` runs later, so it has no outputs here.`, at);
  } else if (task.task.disabled === true) {
    findings.warning(path, "task_is_disabled", `The task \`${id}\` is disabled, so it has no outputs.`, at);
  } else {
    return true;
  }
  return false;
}

/** A loop looks at what it has made so far behind each iteration. */
function readsItself(task: WrittenTask, reader: WrittenTask): boolean {
  const isLoop = flowableTypes.get(reader.type ?? "")?.kind === "LOOP_UNTIL";
  return isTopLevel(reader) && reader.path.join() === task.path.join() && !isLoop;
}

/** Whether one of two tasks only runs when the other has ended: one list around both runs them in this order, and once. */
function runsLater(task: WrittenTask, reader: WrittenTask): boolean {
  const [theirs, ours] = [lineOf(task), lineOf(reader)];
  const depth = theirs.findIndex((each, index) => each !== ours[index]);
  const [later, earlier] = [theirs[depth], ours[depth]];
  if (later === undefined || earlier === undefined) return false;
  const isInOrder = theirs.slice(0, depth).every(({ type }) => !isLoop(type));
  if (later.branch !== earlier.branch) return isInOrder && phaseOf(later) > phaseOf(earlier);
  const block = theirs[depth - 1];
  const runs = block === undefined ? later.branch === "tasks" : inOrderKinds.has(kindOf(block.type));
  return runs && isInOrder && later.position > earlier.position;
}

/** The lists of a flow or a block begin one after the other, each when the one before has ended. */
const phases: readonly string[] = ["errors", "finally", "afterExecution"];

function phaseOf({ branch }: WrittenTask): number {
  return phases.indexOf(branch);
}

/** The blocks that run the tasks of a list one after the other. */
const inOrderKinds: ReadonlySet<string> = new Set([
  ...["SEQUENTIAL", "IF", "SWITCH", "ALLOW_FAILURE", "WORKING_DIRECTORY"],
]);

function kindOf(type: string | undefined): string {
  return flowableTypes.get(type ?? "")?.kind ?? "";
}

/** In a later iteration, what stands further down has run. */
function isLoop(type: string | undefined): boolean {
  return ["FOR_EACH", "LOOP_UNTIL"].includes(kindOf(type));
}

/** A task with the blocks around it, the outermost first. */
function lineOf(task: WrittenTask): WrittenTask[] {
  const line = [task];
  for (let around = task.parent; around !== undefined; around = around.parent) line.unshift(around);
  return line;
}

function isTopLevel(task: WrittenTask): boolean {
  return task.parent === undefined && task.branch === "tasks";
}
