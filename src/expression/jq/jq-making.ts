import { entriesOf, mapOf, setKey } from "../../base/key-order.ts";
import { type Budget, charge } from "../budget.ts";
import { jsonOf, type PlainMap } from "../values.ts";
import { bind } from "./jq-env.ts";
import { JqError } from "./jq-error.ts";
import { formatText } from "./jq-formats.ts";
import { type Env, type Item, type Machine, part, valuesOf } from "./jq-items.ts";
import { valueAt } from "./jq-paths.ts";
import type { Node, Pattern } from "./jq-syntax.ts";
import { shown } from "./jq-values.ts";

/** The parts of a list or text between two places. */
export function* slices(
  machine: Machine,
  node: Node & { kind: "slice" },
  input: Item,
  env: Env | undefined,
): Generator<Item> {
  const bounds = (bound: Node | undefined) =>
    bound === undefined ? [null] : valuesOf(machine, { node: bound, env }, input.value);
  for (const target of machine.evaluate(machine, node.target, input, env))
    for (const end of bounds(node.to))
      for (const start of bounds(node.from)) {
        const key = { start, end };
        yield* parts(node, () => [part(target, key, valueAt(target.value, key, machine.budget))]);
      }
}

/** The parts that something has; none where it can have none, and they are optional. */
export function* parts(
  { isOptional = false }: { isOptional?: boolean },
  find: () => Iterable<Item>,
): Generator<Item> {
  try {
    yield* find();
  } catch (error) {
    if (!(isOptional && error instanceof JqError)) throw error;
  }
}

/** The maps that an object makes: one for each combination of its keys and values. */
export function* objects(
  machine: Machine,
  entries: readonly { key: Node; value: Node }[],
  input: Item,
  env: Env | undefined,
  index = 0,
  so: PlainMap = {},
): Generator<PlainMap> {
  const entry = entries[index];
  if (entry === undefined) {
    yield so;
    return;
  }
  for (const key of valuesOf(machine, { node: entry.key, env }, input.value)) {
    if (typeof key !== "string") throw new JqError(`Cannot use ${shown(key, machine.budget)} as object key`);
    for (const value of valuesOf(machine, { node: entry.value, env }, input.value)) {
      charge(machine.budget, 1 + index);
      const next = mapOf(entriesOf(so));
      setKey(next, key, value);
      yield* objects(machine, entries, input, env, index + 1, next);
    }
  }
}

/** The texts that a string with interpolations makes. */
export function* strings(
  machine: Machine,
  node: Node & { kind: "string" },
  input: Item,
  env: Env | undefined,
  index = 0,
): Generator<string> {
  const piece = node.parts[index];
  if (piece === undefined) {
    yield "";
    return;
  }
  for (const rest of strings(machine, node, input, env, index + 1)) {
    if (typeof piece === "string") {
      charge(machine.budget, 1 + ((piece.length + rest.length) >> 6));
      yield piece + rest;
      continue;
    }
    for (const value of valuesOf(machine, { node: piece, env }, input.value)) {
      const text =
        node.format === undefined
          ? interpolated(value, machine.budget)
          : formatText(node.format, value, machine.budget);
      charge(machine.budget, 1 + ((text.length + rest.length) >> 6));
      yield text + rest;
    }
  }
}

/** Unlike in `tostring`, a float keeps its point. */
function interpolated(value: unknown, budget: Budget): string {
  return typeof value === "string" ? value : jsonOf(value, budget, { keepsNull: true });
}

/** The scopes that a pattern makes of a value. */
export function* destructure(
  machine: Machine,
  pattern: Pattern,
  value: unknown,
  input: Item,
  env: Env | undefined,
): Generator<Env | undefined> {
  const { budget } = machine;
  if (pattern.kind === "name") {
    yield bind(env, { kind: "value", name: pattern.name, value });
    return;
  }
  const parts: { key: Node; name?: string | undefined; value: Pattern | undefined }[] =
    pattern.kind === "map"
      ? pattern.entries
      : pattern.items.map((item, index) => ({ key: { kind: "literal", value: index }, value: item }));
  const go = function* (index: number, scope: Env | undefined): Generator<Env | undefined> {
    const entry = parts[index];
    if (entry === undefined) {
      yield scope;
      return;
    }
    for (const key of valuesOf(machine, { node: entry.key, env: scope }, input.value)) {
      const inner = valueAt(value, key, budget);
      const named =
        entry.name === undefined ? scope : bind(scope, { kind: "value", name: entry.name, value: inner });
      const scopes =
        entry.value === undefined ? [named] : destructure(machine, entry.value, inner, input, named);
      for (const next of scopes) yield* go(index + 1, next);
    }
  };
  yield* go(0, env);
}
