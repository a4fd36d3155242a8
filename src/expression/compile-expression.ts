import { setKey } from "../base/key-order.ts";
import { charge, chargeJoined } from "./budget.ts";
import { addItems, keepResult } from "./changes.ts";
import { compileCall, compileFilter, compileTest } from "./compile-call.ts";
import { compileLenient, compileLookup } from "./compile-lookup.ts";
import { type CompileScope, constant, descend } from "./compile-scope.ts";
import { ExpressionError, ExpressionSyntaxError, failing } from "./expression-error.ts";
import { hashOfValue, inHashOrder } from "./java-map.ts";
import { floatOf } from "./numbers.ts";
import { openOperators, operators, signed } from "./operators.ts";
import type { Evaluate } from "./run.ts";
import type {
  Binary,
  Coalesce,
  Expression,
  Group,
  ListLiteral,
  Literal,
  MapLiteral,
  Ternary,
  Unary,
} from "./syntax-tree.ts";
import { isList, isTrue, keyText, type PlainMap, partText } from "./values.ts";

/** Turns an expression into closures. Filters, functions and operators are found now, only variables when it runs. */
export function compileExpression(node: Expression, outer: CompileScope): Evaluate {
  const scope = descend(outer, node);
  switch (node.typename) {
    case "Literal":
      return constant(literalOf(node));
    case "Symbol":
    case "LookupVal":
      return compileLookup(node, scope, compileExpression);
    case "Group":
      return compileGroup(node, scope);
    case "Array":
      return compileList(node, scope);
    case "Dict":
      return compileMap(node, scope);
    case "Unary":
      return compileUnary(node, scope);
    case "Binary":
      return compileBinary(node, scope);
    case "Coalesce":
      return compileCoalesce(node, scope);
    case "Ternary":
      return compileTernary(node, scope);
    case "Filter":
      return compileFilter(node, scope, compileExpression);
    case "Test":
      return compileTest(node, scope, compileExpression);
    case "FunCall":
      return compileCall(node, scope, compileExpression);
    default:
      throw unexpected(node);
  }
}

function literalOf(node: Literal): unknown {
  return node.isFloat === true ? floatOf(Number(node.value)) : node.value;
}

function compileGroup(node: Group, scope: CompileScope): Evaluate {
  const [inner, ...others] = node.children;
  if (inner === undefined || others.length > 0) throw unexpected(node);
  return compileExpression(inner, scope);
}

function compileList(node: ListLiteral, scope: CompileScope): Evaluate {
  const items = node.children.map((item) => compileExpression(item, scope));
  return (run) => {
    charge(run.budget, 1 + items.length);
    return items.map((item) => item(run));
  };
}

function compileMap(node: MapLiteral, scope: CompileScope): Evaluate {
  const pairs = node.children.map(
    ({ key, value }) => [compileExpression(key, scope), compileExpression(value, scope)] as const,
  );
  return (run) => {
    charge(run.budget, 1 + pairs.length);
    const map: PlainMap = {};
    const hashes = new Map<string, number>();
    for (const [key, value] of pairs) {
      const written = key(run);
      const name = keyText(written);
      if (name === undefined) throw new ExpressionError("A key of a map must be a text or a number.");
      if (typeof written !== "string") hashes.set(name, hashOfValue(written));
      setKey(map, name, value(run));
    }
    return inHashOrder(map, 1, hashes);
  };
}

function compileUnary(node: Unary, scope: CompileScope): Evaluate {
  const target = compileExpression(node.target, scope);
  if (node.operator === "not") return (run) => !isTrue(target(run));
  const sign = node.operator === "-" ? -1 : 1;
  return (run) => signed(sign, target(run));
}

function compileBinary(node: Binary, scope: CompileScope): Evaluate {
  if (node.operator === "~") return compileConcatenation(node, scope);
  const left = compileExpression(node.left, scope);
  const right = compileExpression(node.right, scope);
  if (node.operator === "and") return (run) => isTrue(left(run)) && isTrue(right(run));
  if (node.operator === "or") return (run) => isTrue(left(run)) || isTrue(right(run));
  const apply = operators[node.operator];
  if (apply === undefined) throw unexpected(node);
  const isAddition = node.operator === "+";
  const isContains = node.operator === "contains";
  const changesList = isAddition || node.operator === "-";
  const line = node.lineno + 1;
  const operate: Evaluate = (run) => {
    const first = left(run);
    // What contains nothing is not asked for anything.
    if (isContains && first === null) return false;
    const second = right(run);
    run.line = line;
    if (isAddition && isList(first) && typeof second !== "string") return addItems(run, first, second);
    const result = apply(first, second, run.budget);
    return changesList && isList(first) ? keepResult(run, first, result) : result;
  };
  return openOperators.has(node.operator) ? operate : (run) => failing(() => operate(run));
}

/** `a ~ b ~ c` is one list of parts, however long it is. */
function compileConcatenation(node: Binary, scope: CompileScope): Evaluate {
  const parts: Evaluate[] = [];
  let at: Expression = node;
  while (at.typename === "Binary" && at.operator === "~") {
    parts.push(compileExpression(at.right, scope));
    at = at.left;
  }
  parts.push(compileExpression(at, scope));
  parts.reverse();
  return (run) => {
    let text = "";
    for (const part of parts) {
      const next = partText(part(run), run.budget);
      chargeJoined(run.budget, text.length, next.length);
      text += next;
    }
    return text;
  };
}

function compileCoalesce(node: Coalesce, scope: CompileScope): Evaluate {
  const left = compileLenient(node.left, scope, compileExpression);
  const right = compileExpression(node.right, scope);
  if (node.operator === "??") return (run) => left(run) ?? right(run);
  return (run) => {
    const value = left(run);
    return value === undefined ? right(run) : value;
  };
}

function compileTernary(node: Ternary, scope: CompileScope): Evaluate {
  const condition = compileExpression(node.condition, scope);
  const whenTrue = compileExpression(node.whenTrue, scope);
  const whenFalse = compileExpression(node.whenFalse, scope);
  return (run) => {
    const value = condition(run);
    return value !== null && isTrue(value) ? whenTrue(run) : whenFalse(run);
  };
}

function unexpected(node: { lineno: number; colno: number }): ExpressionSyntaxError {
  return new ExpressionSyntaxError("An expression is missing here.", node.lineno + 1, node.colno + 1);
}
