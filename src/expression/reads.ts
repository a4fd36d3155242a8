import { constantPath } from "./compile-lookup.ts";
import { type AnyNode, partsOf, type Visit } from "./node-parts.ts";
import { type Arguments, type Block, type Expression, FILTERED_BODY } from "./syntax-tree.ts";

/** In place of names: all inputs, or all variables. No input has such an id. */
export const ALL_NAMES = "*";

/** What a template reads. `all`: it cannot be told, so everything. */
export interface Reads {
  all: boolean;
  /** Ids of tasks. */
  outputs: string[];
  /** Those of them whose outputs it cannot do without: nothing guards the place that reads them. */
  needs: string[];
  variables: string[];
  inputs: string[];
  labels: boolean;
  trigger: boolean;
  /** What stands around the task: the blocks it is in, their values and outputs, the items of loops. */
  parents: boolean;
  execution: boolean;
  /** Numbers of iterations: `taskrun.iteration`, and `item.index` of the Loops around. */
  numbers: string[];
  functions: string[];
  /** Of tasks that stand in Loops around: which steps of their iteration paths are those of these Loops. */
  loops?: Record<string, number[]>;
  /** Of tasks that stand in loops around: which steps of their iteration paths are what the reader has there. The rest may be any. */
  own?: Record<string, number[]>;
}

/** A place where a template names something. Line and column are counted from 1 within the template. */
export interface Reference {
  /** `context` for everything that stands beside the other three. */
  root: "outputs" | "inputs" | "vars" | "context";
  /** The task, input or variable, or what the context has. */
  name: string;
  /** What is taken from it, as far as it is written out. */
  path: string[];
  /** What is taken from there on, if it is computed. */
  computed?: OwnValue[];
  line: number;
  column: number;
  /** It may be missing: behind `??`, `default` or `is defined`, or not always evaluated. */
  isGuarded: boolean;
}

/**
 * A key that is the value of a loop around the task, as the task itself sees it, or of that number in `parents`; `path`: this and all
 * further keys are the values of the loops around it; `undefined`: any other.
 */
export type OwnValue = "taskrun" | number | "path" | undefined;

/** A variable that `render()` reads on through. */
export interface RenderedVariable {
  name: string;
  isGuarded: boolean;
}

/** What can be known from a template alone. */
export interface TemplateReads {
  reads: Reads;
  references: Reference[];
  rendered: RenderedVariable[];
}

export function noReads(): Reads {
  return {
    all: false,
    outputs: [],
    needs: [],
    variables: [],
    inputs: [],
    labels: false,
    trigger: false,
    parents: false,
    execution: false,
    numbers: [],
    functions: [],
  };
}

/** Walks a template's tree. A name that the template sets itself counts as read all the same: too much is harmless. */
export function readsOf(
  root: Block,
  locals: ReadonlySet<string>,
  macros: ReadonlySet<string>,
): TemplateReads {
  const result: TemplateReads = { reads: noReads(), references: [], rendered: [] };
  const waiting: Visit[] = [{ node: root, isGuarded: false }];
  for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
    const { node, isGuarded, keys = [] } = visit;
    const path = "typename" in node && isPathNode(node) ? constantPath(node) : undefined;
    if (path !== undefined) {
      const computed = keys.map((key) => ownValue(key, locals));
      noteRead(path, node, { isGuarded: isGuarded || locals.has(path[0] as string), computed }, result);
      continue;
    }
    if ("typename" in node) {
      if (node.typename === "LookupVal" && isComputedRoot(node.target)) result.reads.all = true;
      if (node.typename === "FunCall" && noteCall(node, isGuarded, { locals, macros }, result)) continue;
    }
    // Pushed last to first, so that references come in the order of the text; one by one, since a list may have more items
    // than a call may have arguments.
    for (const part of partsOf(node, isGuarded, keys).reverse()) waiting.push(part);
  }
  sortNames(result.reads);
  return result;
}

/** The lists among what is read. */
const LISTS = ["outputs", "needs", "variables", "inputs", "numbers", "functions"] as const;

/** Adds what another template reads; behind a guard it needs none of that. */
export function mergeReads(into: Reads, from: Reads, isGuarded: boolean): void {
  into.all ||= from.all;
  into.labels ||= from.labels;
  into.trigger ||= from.trigger;
  into.parents ||= from.parents;
  into.execution ||= from.execution;
  for (const list of LISTS)
    if (list !== "needs" || !isGuarded) for (const name of from[list]) into[list].push(name);
}

/** Each name once, in order. */
export function sortNames(reads: Reads): void {
  for (const list of LISTS) reads[list] = [...new Set(reads[list])].sort();
}

function isPathNode(node: AnyNode): node is Expression {
  return "typename" in node && (node.typename === "Symbol" || node.typename === "LookupVal");
}

/** `outputs[x]`, but not `outputs.a[x]`: there the task is known. */
function isComputedRoot(target: Expression): boolean {
  return (
    target.typename === "Symbol" && ["outputs", "parent", "parents", "item", "tasks"].includes(target.value)
  );
}

/** Whose value a key is: `parent` is the first of `parents`. */
function ownValue(key: Expression, locals: ReadonlySet<string>): OwnValue {
  const path = constantPath(key);
  if (path === undefined || locals.has(path[0] as string)) return undefined;
  const name = path.join(".");
  if (name === "taskrun.value") return "taskrun";
  if (name === "parent.taskrun.value") return 0;
  const [, place] = /^parents\.(\d+)\.taskrun\.value$/.exec(name) ?? [];
  return place === undefined ? undefined : Number(place);
}

function noteRead(
  path: string[],
  node: AnyNode,
  { isGuarded, computed }: { isGuarded: boolean; computed: OwnValue[] },
  { reads, references }: TemplateReads,
): void {
  const [root, name, ...rest] = path as [string, ...string[]];
  if (root === FILTERED_BODY) return;
  if (root === "labels") reads.labels = true;
  if (root === "trigger" || root === "schedule") reads.trigger = true;
  if (root === "execution") {
    reads.execution = true;
    if (name === undefined || name === "outputs") reads.all = true;
  }
  if (root === "parent" || root === "parents" || root === "item") reads.parents = true;
  if (root === "taskrun" && ["iteration", undefined].includes(name)) reads.numbers.push("taskrun.iteration");
  if (root === "item" && isOfNumber(path.slice(1))) reads.numbers.push("item.index");
  if (root === "tasks") reads.all = true;
  const { lineno, colno } = rootOf(node);
  const place = { line: lineno + 1, column: colno + 1, isGuarded };
  if (root !== "outputs" && root !== "inputs" && root !== "vars") {
    references.push({ root: "context", name: root, path: path.slice(1), ...place });
  } else if (name === undefined) {
    if (root === "outputs") reads.all = true;
    else reads[root === "vars" ? "variables" : root].push(ALL_NAMES);
  } else {
    reads[root === "vars" ? "variables" : root].push(name);
    if (root === "outputs" && !isGuarded) reads.needs.push(name);
    references.push({ root, name, path: rest, ...(computed.length === 0 ? {} : { computed }), ...place });
  }
}

/** `item.index`, also of a Loop further out, or as a part of what is read whole. */
function isOfNumber(path: readonly string[]): boolean {
  const [key] = path.filter((step) => !/^(parent|parents|\d+)$/.test(step));
  return key === undefined || key === "index";
}

function rootOf(node: AnyNode): { lineno: number; colno: number } {
  let at = node;
  while ("typename" in at && at.typename === "LookupVal") at = at.target;
  return at;
}

/**
 * `render(vars.x)` is followed by who knows the variables; what else it renders, nobody knows. `currentEachOutput(outputs.x)` reads of
 * `x` what it gave in the iterations that the task is in. Says whether all that it reads is noted.
 */
function noteCall(
  node: Expression & { typename: "FunCall" },
  isGuarded: boolean,
  { locals, macros }: { locals: ReadonlySet<string>; macros: ReadonlySet<string> },
  result: TemplateReads,
): boolean {
  const name = node.name.typename === "Symbol" ? node.name.value : "";
  if (macros.has(name)) return false;
  const { reads, rendered } = result;
  const argument = (key: string) => {
    const given = namedArgument(node.args, key);
    return { given, path: given === undefined ? undefined : constantPath(given) };
  };
  reads.functions.push(name);
  if (["errorLogs", "fetchContext", "printContext", "tasksWithState"].includes(name)) reads.all = true;
  if (name === "render" || name === "renderOnce") {
    const [root, variable] = argument("toRender").path ?? [];
    if (root === "vars" && variable !== undefined) rendered.push({ name: variable, isGuarded });
    else reads.all = true;
  }
  if (name !== "currentEachOutput") return false;
  reads.parents = true;
  const { given, path } = argument("outputs");
  if (given === undefined || path?.[0] !== "outputs" || path.length !== 2 || locals.has("outputs"))
    return false;
  noteRead(path, given, { isGuarded, computed: ["path"] }, result);
  return true;
}

/** An argument by its name, or the first one by its place. */
function namedArgument(args: Arguments, name: string): Expression | undefined {
  for (const child of args.children) {
    if (child.typename !== "KeywordArgs") return child;
    const pair = child.children.find(({ key }) => key.typename === "Symbol" && key.value === name);
    if (pair !== undefined) return pair.value;
  }
  return undefined;
}
