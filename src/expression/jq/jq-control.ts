import { charge } from "../budget.ts";
import { isList, isMap } from "../values.ts";
import { bind } from "./jq-env.ts";
import { JqBreak, JqError } from "./jq-error.ts";
import { type Env, firstOf, type Item, type Machine, made, partsOf, valuesOf } from "./jq-items.ts";
import { destructure } from "./jq-making.ts";
import { getPath, setPath } from "./jq-paths.ts";
import type { Node } from "./jq-syntax.ts";
import { arithmetic, compare, isTruthy } from "./jq-values.ts";

/** A value and everything in it. */
export function* descend(machine: Machine, input: Item): Generator<Item> {
  const waiting = [input];
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    charge(machine.budget, 1);
    yield item;
    if (isList(item.value) || isMap(item.value)) waiting.push(...[...partsOf(machine, item)].reverse());
  }
}

/** `a // b`: what of `a` is neither null nor false, else `b`. An error of `a` is one of the whole: `a? // b` hides it. */
export function* alternatives(
  machine: Machine,
  node: Node & { kind: "alternative" },
  input: Item,
  env: Env | undefined,
): Generator<Item> {
  let hasAny = false;
  for (const item of machine.evaluate(machine, node.left, input, env)) {
    if (!isTruthy(item.value)) continue;
    hasAny = true;
    yield item;
  }
  if (!hasAny) yield* machine.evaluate(machine, node.right, input, env);
}

/** An operator with two values. */
export function operate(machine: Machine, operator: string, left: unknown, right: unknown): unknown {
  const { budget } = machine;
  if ("+-*/%".includes(operator)) return arithmetic(operator, left, right, budget);
  const order = compare(left, right, budget);
  if (operator === "==") return order === 0;
  if (operator === "!=") return order !== 0;
  if (operator === "<") return order < 0;
  if (operator === "<=") return order <= 0;
  return operator === ">" ? order > 0 : order >= 0;
}

/** `a = b`, `a |= f`, `a += b` and the like: the input with what is at the paths of `a` replaced. */
export function* assign(
  machine: Machine,
  node: Node & { kind: "assign" },
  input: Item,
  env: Env | undefined,
): Generator<unknown> {
  const { budget } = machine;
  const change = (update: (old: unknown) => unknown) => {
    let value = input.value;
    for (const { path } of machine.evaluate(machine, node.left, { value: input.value, path: [] }, env)) {
      if (path === null || path === undefined) throw new JqError("Invalid path expression");
      value = setPath(value, path, update(getPath(value, path, budget)), budget);
    }
    return value;
  };
  if (node.operator === "|") {
    yield change((old) => {
      const [first] = firstOf(valuesOf(machine, { node: node.right, env }, old));
      if (first === undefined) throw new JqError("`|= empty` has no meaning");
      return first.value;
    });
    return;
  }
  for (const value of valuesOf(machine, { node: node.right, env }, input.value)) {
    if (node.operator === "") yield change(() => value);
    else if (node.operator === "//") yield change((old) => (isTruthy(old) ? old : value));
    else yield change((old) => arithmetic(node.operator, old, value, budget));
  }
}

/** `try`: what is before the error, then what the handler makes of it. */
export function attempt(
  machine: Machine,
  node: Node & { kind: "try" },
  input: Item,
  env: Env | undefined,
): Generator<Item> {
  return through(machine, node, input, env, (item) => [item]);
}

/**
 * What follows on each result of a part of a program. Behind a `try` it is tried, too, as in the jq that Kestra has: `.x * 2?` gives
 * nothing where there is no product.
 */
export function* through(
  machine: Machine,
  node: Node,
  input: Item,
  env: Env | undefined,
  then: (item: Item) => Iterable<Item>,
): Generator<Item> {
  if (node.kind !== "try") {
    for (const item of machine.evaluate(machine, node, input, env)) yield* then(item);
    return;
  }
  try {
    yield* through(machine, node.body, input, env, then);
  } catch (error) {
    if (!(error instanceof JqError)) throw error;
    if (node.handler !== undefined)
      yield* through(machine, node.handler, made(error.value, input), env, then);
  }
}

/** `label $name | …`: what is before a `break $name`. */
export function* labelled(
  machine: Machine,
  node: Node & { kind: "label" },
  input: Item,
  env: Env | undefined,
): Generator<Item> {
  const label = {};
  try {
    yield* machine.evaluate(machine, node.body, input, bind(env, { kind: "label", name: node.name, label }));
  } catch (error) {
    if (!(error instanceof JqBreak) || error.label !== label) throw error;
  }
}

/** `reduce` and `foreach`. */
export function* fold(
  machine: Machine,
  node: Node & { kind: "reduce" | "foreach" },
  input: Item,
  env: Env | undefined,
): Generator<Item> {
  for (const start of machine.evaluate(machine, node.start, input, env)) {
    let state: Item | undefined = start;
    for (const value of valuesOf(machine, { node: node.source, env }, input.value)) {
      for (const scope of destructure(machine, node.pattern, value, input, env)) {
        let last: Item | undefined;
        for (const item of machine.evaluate(machine, node.update, state ?? made(null, input), scope)) {
          last = item;
          if (node.kind === "foreach")
            yield* node.extract === undefined ? [item] : machine.evaluate(machine, node.extract, item, scope);
        }
        // An update that gives nothing leaves null behind in `reduce`, and the state as it was in `foreach`.
        state = last ?? (node.kind === "reduce" ? undefined : state);
      }
    }
    if (node.kind === "reduce") yield state ?? made(null, input);
  }
}
