import { type Budget, charge, chargeText, checkLength } from "./budget.ts";
import { numberKind } from "./numbers.ts";

/** What a template may read: plain data, by the names of the expression language (`outputs`, `inputs`, `vars`, `execution`, …). */
export type Context = Readonly<Record<string, unknown>>;

/** Names that `set`, `for` and macros made, innermost scope first. */
export interface Scope {
  readonly names: Map<string, unknown>;
  readonly parent: Scope | null;
}

/** One pass over one template. */
export interface Run {
  /** A macro sees none of it. */
  context: Context;
  readonly budget: Budget;
  /** A pass of a recursive render leaves the tags of `{% raw %}` in place for the next one. */
  readonly keepsRaw: boolean;
  /** How many `render()` calls we are inside of. */
  readonly depth: number;
  /** Renders a text that an expression made; `render()` is built on it. */
  readonly renderText: RenderText;
  scope: Scope | null;
  /** How many macros and filtered blocks it is inside of, whose text is a part of another. */
  partDepth: number;
  /** The line that is evaluated, for errors that know none. */
  line: number;
  /** The expression or tag that is evaluated, likewise. */
  part: string;
  text: string;
  /** What was written, where more than its text is wanted. */
  typed: Typed | undefined;
  /** What the template has changed of what it reads. */
  changes: Changes | undefined;
}

/** The only value that a template has written so far, or that there were several, and whether they were all texts and numbers. */
export interface Typed {
  count: number;
  only: unknown;
  areScalars: boolean;
}

/** What a template has changed: for each list and map the copy that stands in its place, and which copies there are. */
export interface Changes {
  readonly copies: Map<object, object>;
  readonly own: Set<object>;
}

export type RenderText = (source: string, pass: Pass) => string;
export type Pass = Readonly<Pick<Run, "context" | "budget" | "keepsRaw" | "depth">>;

/** A compiled expression. */
export type Evaluate = (run: Run) => unknown;
/** A compiled statement: it writes. */
export type Execute = (run: Run) => void;

/** Appends to what the template prints. */
export function write(run: Run, text: string): void {
  checkLength(run.text.length + text.length);
  if (text.length > 64) chargeText(run.budget, text.length);
  else charge(run.budget, 1);
  run.text += text;
}

/** Notes what is being written, an empty text, too; what a macro writes is a part of its text, which is none like others. */
export function note(run: Run, value: unknown, isOfMacro = false): void {
  const { typed } = run;
  if (typed === undefined || run.partDepth > 0 || value === null || value === undefined) return;
  typed.count += 1;
  typed.only = value;
  const isScalar = typeof value !== "object" || numberKind(value) !== undefined || value instanceof Date;
  typed.areScalars &&= isScalar && !isOfMacro;
}

export function withScope(run: Run, parent: Scope | null, action: (scope: Scope) => void): void {
  const outside = run.scope;
  const scope: Scope = { names: new Map(), parent };
  run.scope = scope;
  action(scope);
  run.scope = outside;
}

/** The scope that knows a name, innermost first. */
export function scopeOf(run: Run, name: string): Scope | undefined {
  for (let scope = run.scope; scope !== null; scope = scope.parent) if (scope.names.has(name)) return scope;
  return undefined;
}
