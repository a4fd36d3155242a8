import { ExpressionSyntaxError } from "./expression-error.ts";
import type { PartOf } from "./part-of-template.ts";
import type { Evaluate, Execute } from "./run.ts";
import type { Expression } from "./syntax-tree.ts";

/** A macro of the template. Its body is compiled after its name is known, so that macros may call each other. */
export interface MacroDefinition {
  readonly name: string;
  readonly parameters: string[];
  readonly defaults: (Evaluate | undefined)[];
  body: Execute | undefined;
}

/** What is known while a template is compiled. */
export interface CompileScope {
  /** What is quoted where something fails: the template, or of a long one the expression or tag. */
  readonly source: string;
  readonly partOf: PartOf;
  /** Names that the template makes itself; all others are read from the context. */
  readonly locals: ReadonlySet<string>;
  readonly macros: ReadonlyMap<string, MacroDefinition>;
  readonly depth: number;
}

export type CompileExpression = (node: Expression, scope: CompileScope) => Evaluate;

/** Closures call each other as deeply as the tree is: a chain of a thousand operators would end the stack. */
const DEEPEST = 400;

/** One level further down; fails where the template is nested too deeply. */
export function descend(scope: CompileScope, node: { lineno: number; colno: number }): CompileScope {
  if (scope.depth >= DEEPEST) {
    throw new ExpressionSyntaxError("The expression is nested too deeply.", node.lineno + 1, node.colno + 1);
  }
  return { ...scope, depth: scope.depth + 1 };
}

/** Within an expression or a tag. */
export function within(scope: CompileScope, node: { lineno: number; colno: number }): CompileScope {
  return { ...scope, source: scope.partOf(node) };
}

/** The value of a compiled constant. */
export function constant(value: unknown): Evaluate {
  return () => value;
}
