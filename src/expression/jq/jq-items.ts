import { keysOf } from "../../base/key-order.ts";
import { type Budget, charge } from "../budget.ts";
import { isList, isMap } from "../values.ts";
import { JqError } from "./jq-error.ts";
import type { Path } from "./jq-paths.ts";
import type { Definition, Node } from "./jq-syntax.ts";
import { shown } from "./jq-values.ts";

/** One result. Its path is kept only where somebody asks for it; null is the path of what was made, which has none. */
export interface Item {
  value: unknown;
  path: Path | null | undefined;
}

/** A filter with the names that it sees. */
export interface Closure {
  node: Node;
  env: Env | undefined;
}

/** What a name stands for. */
export type Binding =
  | { kind: "value"; name: string; value: unknown }
  | { kind: "filter"; name: string; closure: Closure }
  | { kind: "function"; name: string; definition: Definition }
  | { kind: "label"; name: string; label: object };

/** Names, innermost first. */
export interface Env {
  readonly binding: Binding;
  readonly parent: Env | undefined;
  /** How many calls of functions we are inside of. */
  readonly depth: number;
}

/** What a program runs on. */
export interface Machine {
  readonly budget: Budget;
  readonly natives: ReadonlyMap<string, Native>;
  readonly prelude: () => Env | undefined;
  evaluate(machine: Machine, node: Node, input: Item, env: Env | undefined): Iterable<Item>;
}

/** A function that is not written in jq. */
export type Native = (machine: Machine, args: readonly Closure[], input: Item) => Iterable<Item>;

/** The results of a filter for one input. */
export function run(machine: Machine, { node, env }: Closure, input: Item): Iterable<Item> {
  return machine.evaluate(machine, node, input, env);
}

/** All values of a filter, without their paths. */
export function* valuesOf(machine: Machine, closure: Closure, value: unknown): Generator<unknown> {
  for (const item of run(machine, closure, { value, path: undefined })) yield item.value;
}

/** An item that was made, and stands nowhere in the input. */
export function made(value: unknown, { path }: Item): Item {
  return { value, path: path === undefined ? undefined : null };
}

/** A part of an item. */
export function part({ path }: Item, key: unknown, value: unknown): Item {
  if (path === undefined) return { value, path };
  if (path === null) throw new JqError("Invalid path expression");
  return { value, path: [...path, key] };
}

/** The items of a list, or the values of a map. */
export function* partsOf(machine: Machine, target: Item): Generator<Item> {
  const { value } = target;
  if (isList(value)) {
    for (let index = 0; index < value.length; index += 1) {
      charge(machine.budget, 1);
      yield part(target, index, value[index]);
    }
  } else if (isMap(value)) {
    for (const key of keysOf(value)) {
      charge(machine.budget, 1);
      yield part(target, key, value[key]);
    }
  } else {
    const what = value === null ? "null" : shown(value, machine.budget);
    throw new JqError(`Cannot iterate over ${what}`);
  }
}

/** The first of some values, if there is one. */
export function firstOf<T>(values: Iterable<T>): [] | [{ value: T }] {
  for (const value of values) return [{ value }];
  return [];
}
