import { shorten } from "../base/shorten.ts";
import { isList } from "./values.ts";

const LONGEST_PATH = 200;

/** What is not there without a trigger, or without a variable of the worker. */
const ofContext: Readonly<Record<string, string>> = {
  trigger: "Only an execution that another one has started has a `trigger`.",
  envs: "`envs` has the variables of the worker that begin with `ENV_`, by the rest of their names in small letters.",
  item: "Only tasks in a Loop have an `item`.",
};

/**
 * What to do about a name that is not in what it is looked for in. `path`: how that is read, where it is written out. Of a map it says
 * nothing: `??` comes here too, and to look through the keys of outputs could fetch them all.
 */
export function missingHint(holder: unknown, name: string, path: readonly string[] | undefined): string {
  const [root = name] = path ?? [];
  if (path !== undefined && path.length <= 1 && Object.hasOwn(ofContext, root)) return ofContext[root] ?? "";
  if (path?.length === 0) return "";
  const what =
    path === undefined ? "What stands before it" : `\`${shorten(writtenPath(path), LONGEST_PATH)}\``;
  if (holder === null) return `${what} is null.`;
  if (typeof holder === "string") return `${what} is a text${ofText(holder, name, path)}.`;
  if (isList(holder)) return `${what} is a list ${ofList(holder, name, path)}.`;
  return ["number", "bigint", "boolean"].includes(typeof holder) ? `${what} is a ${kindOf(holder)}.` : "";
}

function kindOf(value: unknown): string {
  return typeof value === "boolean" ? "boolean" : "number";
}

/** The text of a map or a list is none: values of loops are always text. */
function ofText(text: string, name: string, path: readonly string[] | undefined): string {
  if (!/^\s*[[{]/.test(text)) return ", and has no parts";
  return path === undefined ? ": read it with `fromJson`" : `: write \`${throughJson(path, [name])}\``;
}

function ofList({ length }: { length: number }, name: string, path: readonly string[] | undefined): string {
  if (/^\d+$/.test(name)) return length === 0 ? "without entries" : `of ${length}, from 0 to ${length - 1}`;
  const entry = `[0]${step(name)}`;
  return `of ${length}: its entries have numbers, as in \`${path === undefined ? entry : shorten(writtenPath(path), LONGEST_PATH) + entry}\``;
}

/** `fromJson(taskrun.value).n`, for `path` to a text and what is to be taken from that. */
export function throughJson(path: readonly string[], inside: readonly string[]): string {
  return `fromJson(${writtenPath(path)})${inside.map(step).join("")}`;
}

/** A path as a template writes it: `a.b[0]`. */
export function writtenPath([root = "", ...steps]: readonly string[]): string {
  return root + steps.map(step).join("");
}

/** `.a`, `[0]` or `['a-b']`. */
function step(name: string): string {
  if (/^\d+$/.test(name)) return `[${name}]`;
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `['${name.replaceAll("'", "\\'")}']`;
}
