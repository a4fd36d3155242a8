import { current } from "./changes.ts";
import type { CompileExpression, CompileScope } from "./compile-scope.ts";
import { MissingVariableError } from "./expression-error.ts";
import { gatheredAt, heldBy } from "./gathered-map.ts";
import { callMethod, getterOf } from "./methods.ts";
import { missingHint } from "./missing-hint.ts";
import { type Evaluate, type Run, scopeOf } from "./run.ts";
import type { Call, Expression, Lookup, Name } from "./syntax-tree.ts";
import { keyText, member } from "./values.ts";

/** Compiles `name`, `a.b` and `a[b]`. What does not exist is an error. */
export function compileLookup(
  node: Name | Lookup,
  scope: CompileScope,
  compile: CompileExpression,
): Evaluate {
  const line = node.lineno + 1;
  const { source } = scope;
  if (node.typename === "Symbol") {
    const read = compileName(node.value, scope);
    return (run) => {
      const value = read(run);
      if (value === undefined)
        throw new MissingVariableError(node.value, source, line, missingHint(run.context, node.value, []));
      return value;
    };
  }
  const path = constantPath(node);
  if (path !== undefined && !scope.locals.has(path[0] as string)) return compilePath(path, source, line);
  const target = compile(node.target, scope);
  const key = compile(node.val, scope);
  const gathered = node.target.typename === "Symbol" ? gatheredAt(node.target.value, key) : undefined;
  return (run) => {
    const found = gathered?.(run);
    const holder = found === undefined ? target(run) : undefined;
    const name = found === undefined ? key(run) : found.key;
    const value = found === undefined ? attribute(holder, name, run) : current(run, found.value);
    if (value === undefined) {
      const sought = keyText(name) ?? "a key that is no text";
      throw new MissingVariableError(sought, source, line, missingHint(holder, sought, undefined));
    }
    return value;
  };
}

/** The same expression, except that what does not exist is `undefined`. */
export function compileLenient(node: Expression, scope: CompileScope, compile: CompileExpression): Evaluate {
  const path = constantPath(node);
  if (path !== undefined && !scope.locals.has(path[0] as string)) return (run) => follow(path, run);
  const strict = compile(node, scope);
  return (run) => {
    const { scope: outside, context, text, partDepth, part } = run;
    try {
      return strict(run);
    } catch (error) {
      if (!(error instanceof MissingVariableError) || error.isFinal) throw error;
      Object.assign(run, { scope: outside, context, text, partDepth, part });
      return undefined;
    }
  };
}

/** The names of `a.b['c']`; undefined for anything that is computed. */
export function constantPath(node: Expression): string[] | undefined {
  const names: string[] = [];
  let at = node;
  while (at.typename === "LookupVal") {
    const name =
      at.val?.typename === "Literal" && at.val.isFloat !== true ? keyText(at.val.value) : undefined;
    if (name === undefined) return undefined;
    names.push(name);
    at = at.target;
  }
  return at.typename === "Symbol" ? [at.value, ...names.reverse()] : undefined;
}

function compileName(name: string, scope: CompileScope): Evaluate {
  if (!scope.locals.has(name)) return (run) => current(run, member(run.context, name));
  return (run) => {
    const holder = scopeOf(run, name);
    // A variable that was set to null exists.
    return current(
      run,
      holder === undefined ? member(run.context, name) : (heldBy(holder, name, run) ?? null),
    );
  };
}

function compilePath(path: readonly string[], source: string, line: number): Evaluate {
  return (run) => {
    const value = follow(path, run);
    if (value === undefined) throw missingIn(path, run, source, line);
    return value;
  };
}

function follow(path: readonly string[], run: Run): unknown {
  let value: unknown = run.context;
  for (let index = 0; index < path.length; index += 1) {
    value = attribute(value, path[index], run);
    if (value === undefined) return undefined;
  }
  return value;
}

/** A member of a map or list, or a method of Java's that takes nothing and is written like one: `text.length`. */
function attribute(holder: unknown, name: unknown, run: Run): unknown {
  const value = current(run, member(holder, name));
  if (value !== undefined || typeof name !== "string") return value;
  return getterOf(holder, name, run);
}

/** Compiles `value.method(…)`. What Java would not find is missing, like a variable. */
export function compileMethodCall(
  node: Call & { name: Lookup },
  args: readonly Evaluate[],
  scope: CompileScope,
  compile: CompileExpression,
): Evaluate {
  const line = node.lineno + 1;
  const { source } = scope;
  const target = compile(node.name.target, scope);
  const key = compile(node.name.val, scope);
  return (run) => {
    const holder = target(run);
    const name = keyText(key(run)) ?? "";
    const given = args.map((arg) => arg(run));
    run.line = line;
    const value = callMethod(holder, name, given, run);
    if (value === undefined) throw new MissingVariableError(name, source, line);
    return value;
  };
}

function missingIn(path: readonly string[], run: Run, source: string, line: number): MissingVariableError {
  const found = path.findIndex((_, index) => follow(path.slice(0, index + 1), run) === undefined);
  const [name, before] = [path[found] as string, path.slice(0, found)];
  return new MissingVariableError(name, source, line, missingHint(follow(before, run), name, before));
}
