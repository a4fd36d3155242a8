import type { Arguments, Expression, KeywordArguments, Pair, Raw, Statement, Text } from "./syntax-tree.ts";

/** Anything that a template consists of. */
export type AnyNode = Expression | Statement | Arguments | KeywordArguments | Pair | Text | Raw;

/** A node that is come to. */
export interface Visit {
  node: AnyNode;
  isGuarded: boolean;
  /** The keys that are looked up in it. */
  keys?: readonly Expression[];
}

/** The parts of a node; `isGuarded` where they may fail unseen or are not always evaluated. */
export function partsOf(node: AnyNode, isGuarded: boolean, keys: readonly Expression[]): Visit[] {
  const visit = (part: AnyNode | null | undefined, guards = false): Visit[] =>
    part === null || part === undefined ? [] : [{ node: part, isGuarded: isGuarded || guards }];
  if (!("typename" in node)) return node.children.flatMap((child) => visit(child));
  switch (node.typename) {
    case "LookupVal":
      return [{ node: node.target, isGuarded, keys: [node.val, ...keys] }, ...visit(node.val)];
    case "FunCall":
      // A method's value is read; the name of a function is none.
      return [...(node.name.typename === "LookupVal" ? visit(node.name.target) : []), ...visit(node.args)];
    case "Filter":
      return [...visit(node.target, node.name.value === "default"), ...visit(node.args)];
    case "Test":
      return [...visit(node.target, node.name.value === "defined"), ...visit(node.args)];
    case "Unary":
      return visit(node.target);
    case "Binary":
      return [...visit(node.left), ...visit(node.right, node.operator === "and" || node.operator === "or")];
    case "Coalesce":
      return [...visit(node.left, true), ...visit(node.right, true)];
    case "Ternary":
      return [...visit(node.condition), ...visit(node.whenTrue, true), ...visit(node.whenFalse, true)];
    case "Pair":
      return [...visit(node.key), ...visit(node.value)];
    case "If":
      return [...visit(node.cond), ...visit(node.body, true), ...visit(node.else_, true)];
    case "For":
      return [...visit(node.arr), ...visit(node.body, true), ...visit(node.else_, true)];
    case "Set":
      return visit(node.value);
    case "FilterBlock":
      return [...visit(node.filtered), ...visit(node.body, hasDefault(node.filtered))];
    case "Macro":
      // Its parameters are names of its own; their default values are read.
      return [...defaultsOf(node.args).flatMap((value) => visit(value, true)), ...visit(node.body, true)];
    case "KeywordArgs":
      // The keys are names of parameters.
      return node.children.flatMap(({ value }) => visit(value));
    case "Output":
    case "NodeList":
    case "Root":
    case "Array":
    case "Dict":
    case "Group":
      return (node.children as AnyNode[]).flatMap((child) => visit(child));
    default:
      return [];
  }
}

function defaultsOf(args: Arguments): Expression[] {
  return args.children.flatMap((child) =>
    child.typename === "KeywordArgs" ? child.children.map(({ value }) => value) : [],
  );
}

/** Whether `default` is among the filters of a block, which then may miss something. */
function hasDefault(filtered: Expression): boolean {
  return filtered.typename === "Filter" && (filtered.name.value === "default" || hasDefault(filtered.target));
}
