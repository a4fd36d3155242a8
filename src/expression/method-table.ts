import { type Budget, charge } from "./budget.ts";
import { ExpressionError } from "./expression-error.ts";
import { numberKind } from "./numbers.ts";
import type { Run } from "./run.ts";
import { isList, isMap } from "./values.ts";

// Java's methods, as far as templates call them on texts, numbers, lists and maps. They are found in tables of our own: nothing
// of JavaScript's objects can be reached by any name.

type Kind = "text" | "integer" | "list" | "map" | "any";

export interface Method<T> {
  /** What its arguments must be. Numbers that a template writes are Longs, which Java does not take for an int. */
  takes: readonly Kind[];
  call(target: T, args: readonly unknown[], budget: Budget, run: Run): unknown;
}

/** By name, all that have it: they differ in what they take. */
export type Methods<T> = ReadonlyMap<string, readonly Method<T>[]>;

export function methods<T>(
  table: readonly (readonly [name: string, takes: readonly Kind[], call: Method<T>["call"]])[],
): Methods<T> {
  const found = new Map<string, Method<T>[]>();
  for (const [name, takes, call] of table) found.set(name, [...(found.get(name) ?? []), { takes, call }]);
  return found;
}

/** Calls the first that takes these arguments; undefined where there is none. */
export function find<T>(
  table: Methods<T>,
  target: T,
  name: string,
  args: readonly unknown[],
  run: Run,
): unknown {
  const method = table
    .get(name)
    ?.find(({ takes }) => takes.length === args.length && takes.every((kind, at) => isOf(kind, args[at])));
  return method?.call(target, args, run.budget, run);
}

function isOf(kind: Kind, value: unknown): boolean {
  if (kind === "any") return true;
  if (kind === "text") return typeof value === "string";
  if (kind === "list") return isList(value);
  return kind === "map" ? isMap(value) : numberKind(value) === "INTEGER";
}

/** An argument that is a text. */
export function text(value: unknown): string {
  return value as string;
}

/** An argument that is an integer. */
export function integer(value: unknown): number {
  return value as number;
}

export function inside(value: unknown): unknown {
  if (value === undefined || value === "") throw outOfBounds();
  return value;
}

export function outOfBounds(): ExpressionError {
  return new ExpressionError("The index is out of bounds.");
}

export function charged<T>(items: T[], budget: Budget): T[] {
  charge(budget, items.length);
  return items;
}
