import { bindArguments, didYouMean, otherNameOf, type Signature } from "./bind-arguments.ts";
import { charge } from "./budget.ts";
import { compileLenient, compileMethodCall } from "./compile-lookup.ts";
import type { CompileExpression, CompileScope, MacroDefinition } from "./compile-scope.ts";
import { ExpressionError, ExpressionSyntaxError } from "./expression-error.ts";
import { withoutNames } from "./fetched.ts";
import { filters } from "./filters/all-filters.ts";
import { functions, unavailableFunctions } from "./functions/all-functions.ts";
import { type Evaluate, type Run, withScope } from "./run.ts";
import type { Arguments, Call, Expression, Filter, Name, Test } from "./syntax-tree.ts";
import { tests } from "./tests.ts";

/** Macros may call themselves, but not for ever. */
const DEEPEST_MACRO = 50;

export function compileFilter(node: Filter, scope: CompileScope, compile: CompileExpression): Evaluate {
  const filter = lax(find("filter", node.name, filters, {}));
  const compileTarget = filter.isLenient ? compileLenient : compileStrict;
  const target = compileTarget(node.target, scope, compile);
  const args = compileArguments(`The filter \`${node.name.value}\``, filter, node.args, scope, compile);
  const line = node.lineno + 1;
  return (run) => {
    const input = target(run);
    const given = evaluateAll(args, run);
    charge(run.budget, 1);
    run.line = line;
    return filter.apply(input, given, run);
  };
}

export function compileTest(node: Test, scope: CompileScope, compile: CompileExpression): Evaluate {
  const test = lax(find("test", node.name, tests, {}));
  const compileTarget = test.isLenient ? compileLenient : compileStrict;
  const target = compileTarget(node.target, scope, compile);
  const args = compileArguments(`The test \`${node.name.value}\``, test, node.args, scope, compile);
  const { isNegated } = node;
  const line = node.lineno + 1;
  return (run) => {
    const input = target(run);
    const given = evaluateAll(args, run);
    run.line = line;
    return test.apply(input, given, run) !== isNegated;
  };
}

export function compileCall(node: Call, scope: CompileScope, compile: CompileExpression): Evaluate {
  checkCallee(node);
  if (node.name.typename === "LookupVal") {
    const args = (node.args.children as Expression[]).map((argument) => compile(argument, scope));
    return compileMethodCall({ ...node, name: node.name }, args, scope, compile);
  }
  const name = node.name as Name;
  const macro = scope.macros.get(name.value);
  if (macro !== undefined) return compileMacroCall(macro, node, scope, compile);
  const callable = lax(find("function", name, functions, unavailableFunctions));
  const args = compileArguments(`The function \`${name.value}\``, callable, node.args, scope, compile);
  const line = node.lineno + 1;
  return (run) => {
    const given = evaluateAll(args, run);
    charge(run.budget, 1);
    run.line = line;
    return callable.call(given, run);
  };
}

/** Fails where a filter, a test or a function does not exist, or is called in a wrong way. */
export function checkCall(node: Filter | Test | Call, macros: ReadonlyMap<string, Signature>): void {
  if (node.typename === "Filter") {
    bindArguments(
      `The filter \`${node.name.value}\``,
      lax(find("filter", node.name, filters, {})),
      node.args,
    );
  } else if (node.typename === "Test") {
    bindArguments(`The test \`${node.name.value}\``, lax(find("test", node.name, tests, {})), node.args);
  } else {
    checkCallee(node);
    if (node.name.typename !== "Symbol") return;
    const { value } = node.name;
    const macro = macros.get(value);
    if (macro !== undefined) bindArguments(`The macro \`${value}\``, lax(macro), node.args);
    else {
      const callable = lax(find("function", node.name, functions, unavailableFunctions));
      bindArguments(`The function \`${value}\``, callable, node.args);
    }
  }
}

/** Functions and macros are called by their names, methods without names of arguments. */
function checkCallee({ name, args, lineno, colno }: Call): void {
  if (name.typename === "LookupVal") {
    if (args.children.some(({ typename }) => typename === "KeywordArgs"))
      throw new ExpressionSyntaxError("A method has no named arguments.", lineno + 1, colno + 1);
  } else if (name.typename !== "Symbol") {
    const message =
      "Only functions, macros and methods can be called, by their names; values have filters (`list | length`).";
    throw new ExpressionSyntaxError(message, lineno + 1, colno + 1);
  }
}

function compileMacroCall(
  macro: MacroDefinition,
  node: Call,
  scope: CompileScope,
  compile: CompileExpression,
): Evaluate {
  const args = compileArguments(`The macro \`${macro.name}\``, lax(macro), node.args, scope, compile);
  return (run) => {
    const given = evaluateAll(args, run);
    charge(run.budget, 10);
    if (run.partDepth >= DEEPEST_MACRO) throw new ExpressionError("The macros call each other too deeply.");
    run.partDepth += 1;
    const printed = runMacro(macro, given, run);
    run.partDepth -= 1;
    return printed;
  };
}

/** A macro sees its arguments and nothing else, as in Pebble. What it prints is its value. */
function runMacro(macro: MacroDefinition, given: readonly unknown[], run: Run): string {
  const { text: outside, context, part } = run;
  run.text = "";
  run.context = withoutNames(context);
  withScope(run, null, (scope) => {
    macro.parameters.forEach((name, index) => {
      scope.names.set(
        name,
        given[index] === undefined ? (macro.defaults[index]?.(run) ?? null) : given[index],
      );
    });
    macro.body?.(run);
  });
  const printed = run.text;
  Object.assign(run, { text: outside, context, part });
  return printed;
}

function compileStrict(node: Expression, scope: CompileScope, compile: CompileExpression): Evaluate {
  return compile(node, scope);
}

function compileArguments(
  called: string,
  signature: Signature,
  args: Arguments,
  scope: CompileScope,
  compile: CompileExpression,
): (Evaluate | undefined)[] {
  return bindArguments(called, signature, args).map((node) =>
    node === undefined ? undefined : compile(node, scope),
  );
}

function evaluateAll(args: readonly (Evaluate | undefined)[], run: Run): unknown[] {
  const values: unknown[] = [];
  for (const evaluate of args) values.push(evaluate?.(run));
  return values;
}

/** What takes no arguments, a macro, too, is given them in vain, as in Pebble: `upper('x')`. */
function lax<T extends Signature>(signature: T): T {
  return signature.parameters.length === 0 ? { ...signature, parameters: "any" } : signature;
}

function find<T>(
  kind: string,
  name: { value: string; lineno: number; colno: number },
  table: Readonly<Record<string, T>>,
  unavailable: Readonly<Record<string, string>>,
): T {
  if (Object.hasOwn(table, name.value)) return table[name.value] as T;
  const message = Object.hasOwn(unavailable, name.value)
    ? `The ${kind} \`${name.value}\` is not available yet: ${unavailable[name.value]}`
    : `Unknown ${kind} \`${name.value}\`.${didYouMean(name.value, Object.keys(table)) || filterOf(kind, name.value)}`;
  throw new ExpressionSyntaxError(message, name.lineno + 1, name.colno + 1);
}

/** Much that other languages have as a function is a filter here. */
function filterOf(kind: string, name: string): string {
  if (kind !== "function") return "";
  const found = Object.hasOwn(filters, name) ? name : otherNameOf(name);
  return found !== undefined && Object.hasOwn(filters, found)
    ? ` There is a filter: write \`… | ${found}\`.`
    : "";
}
