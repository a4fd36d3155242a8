import { deleteKey, setKey } from "../../base/key-order.ts";
import { type Budget, charge } from "../budget.ts";
import { doubleOf } from "../numbers.ts";
import { isList, isMap } from "../values.ts";
import { JqError } from "./jq-error.ts";
import { compare, copyMap, shown, typeOf } from "./jq-values.ts";

/** A step of a path: a key, an index, or `{start, end}` of a slice. */
export type Path = readonly unknown[];

/** Lists may be made longer by setting far behind their end, but not without bound. */
const LONGEST_LIST = 100_000;

/** What is behind one step; null where there is nothing. */
export function valueAt(holder: unknown, key: unknown, budget: Budget): unknown {
  if (isMap(key)) return sliceOf(holder, key.start, key.end, budget);
  if (typeof key === "string") {
    if (holder === null) return null;
    if (isMap(holder)) return Object.hasOwn(holder, key) ? (holder[key] ?? null) : null;
    throw new JqError(`Cannot index ${typeOf(holder)} with string "${key}"`);
  }
  const index = doubleOf(key);
  if (index !== undefined) {
    if (holder === null) return null;
    // There is nothing between two places.
    if (isList(holder)) return Number.isInteger(index) ? (holder.at(index) ?? null) : null;
    throw new JqError(`Cannot index ${typeOf(holder)} with number`);
  }
  if (isList(key) && isList(holder)) return indicesOf(holder, key, budget);
  throw new JqError(`Cannot index ${typeOf(holder)} with ${typeOf(key)}`);
}

/** Where a list holds the items of another, in their order. */
export function indicesOf(list: unknown[], wanted: unknown[], budget: Budget): number[] {
  if (wanted.length === 0) return [];
  return list.flatMap((_, index) =>
    wanted.every(
      (item, step) => index + step < list.length && compare(list[index + step], item, budget) === 0,
    )
      ? [index]
      : [],
  );
}

function sliceOf(holder: unknown, start: unknown, end: unknown, budget: Budget): unknown {
  if (holder === null) return null;
  if (typeof holder !== "string" && !isList(holder))
    throw new JqError(`Cannot index ${typeOf(holder)} with object`);
  const [from, to] = boundsOf(holder.length, start, end);
  charge(budget, Math.max(0, to - from));
  return holder.slice(from, to);
}

function boundsOf(length: number, start: unknown, end: unknown): [number, number] {
  const bound = (value: unknown, missing: number, round: (value: number) => number) => {
    if (value === null || value === undefined) return missing;
    const number = doubleOf(value);
    if (number === undefined) throw new JqError("Start and end indices of an array slice must be numbers");
    const whole = round(number);
    return Math.min(length, Math.max(0, whole < 0 ? whole + length : whole));
  };
  const from = bound(start, 0, Math.floor);
  return [from, Math.max(from, bound(end, length, Math.ceil))];
}

export function getPath(value: unknown, path: Path, budget: Budget): unknown {
  let here = value;
  for (const key of path) {
    if (here === null) return null;
    here = valueAt(here, key, budget);
  }
  return here;
}

/** The value with something else at a path; what is on the way is made. */
export function setPath(value: unknown, path: Path, inner: unknown, budget: Budget, step = 0): unknown {
  charge(budget, 1);
  if (step >= path.length) return inner;
  if (step > 200) throw new JqError("The path is too long");
  const key = path[step];
  const below = (holder: unknown) => setPath(holder, path, inner, budget, step + 1);
  if (typeof key === "string") {
    if (value !== null && !isMap(value))
      throw new JqError(`Cannot index ${typeOf(value)} with string "${key}"`);
    const copy = value === null ? {} : copyMap(value, budget);
    setKey(copy, key, below(Object.hasOwn(copy, key) ? (copy[key] ?? null) : null));
    return copy;
  }
  if (value !== null && !isList(value))
    throw new JqError(`Cannot index ${typeOf(value)} with ${typeOf(key)}`);
  const list = value ?? [];
  if (isMap(key)) return setSlice(list, key, below(sliceOf(list, key.start, key.end, budget)), budget);
  const index = Math.floor(doubleOf(key) ?? Number.NaN);
  if (Number.isNaN(index)) throw new JqError(`Cannot index array with ${typeOf(key)}`);
  const at = index < 0 ? index + list.length : index;
  if (at < 0) throw new JqError("Out of bounds negative array index");
  if (at > LONGEST_LIST) throw new JqError("Array index too large");
  charge(budget, Math.max(list.length, at));
  const copy = [...list];
  while (copy.length < at) copy.push(null);
  copy[at] = below(copy[at] ?? null);
  return copy;
}

function setSlice(
  list: unknown[],
  { start, end }: Record<string, unknown>,
  inner: unknown,
  budget: Budget,
): unknown {
  if (!isList(inner)) throw new JqError("A slice of an array can only be assigned another array");
  charge(budget, list.length + inner.length);
  const [from, to] = boundsOf(list.length, start, end);
  return [...list.slice(0, from), ...inner, ...list.slice(to)];
}

/** The value without what is at the paths. */
export function deletePaths(value: unknown, paths: readonly Path[], budget: Budget): unknown {
  // From behind, so that no index moves before its turn.
  const ordered = [...paths].sort((left, right) => compare(right, left, budget));
  return ordered.reduce<unknown>((rest, path) => deletePath(rest, path, budget), value);
}

function deletePath(value: unknown, path: Path, budget: Budget): unknown {
  const [key, ...rest] = path;
  if (value === null || path.length === 0) return null;
  if (rest.length > 0) {
    const inner = valueAt(value, key, budget);
    return inner === null ? value : setPath(value, [key], deletePath(inner, rest, budget), budget);
  }
  if (isMap(value) && typeof key === "string") {
    const copy = copyMap(value, budget);
    deleteKey(copy, key);
    return copy;
  }
  if (!isList(value))
    throw new JqError(`Cannot delete field at ${typeOf(key)} index of ${shown(value, budget)}`);
  charge(budget, value.length);
  if (isMap(key)) {
    const [from, to] = boundsOf(value.length, key.start, key.end);
    return [...value.slice(0, from), ...value.slice(to)];
  }
  const index = doubleOf(key);
  if (index === undefined) throw new JqError(`Cannot delete field at ${typeOf(key)} index of array`);
  const at = Math.floor(index < 0 ? index + value.length : index);
  return value.filter((_, place) => place !== at);
}
