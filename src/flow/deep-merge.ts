import { keysOf, noteKey } from "../base/key-order.ts";
import { changeNumbers } from "../base/whole-float.ts";
import type { Path } from "./issue.ts";
import type { Origin } from "./origins.ts";
import { isWritten } from "./written.ts";

/** A value with where it stands in the source, and where parts of it do that came from elsewhere. */
export interface Sourced {
  value: unknown;
  path: Path;
  origin: Origin | undefined;
}

/**
 * Lays one value over another: maps are merged, lists are put together (what stands in both, once), and of all else the upper one
 * is taken. Nothing, or null, lets the lower one through.
 */
export function deepMerge(under: Sourced, over: Sourced): Sourced {
  if (over.value === undefined || over.value === null) return under.value === undefined ? over : under;
  if (isWritten(under.value) && isWritten(over.value)) {
    const merged: Record<string, unknown> = {};
    const children = new Map<string | number, Origin>();
    for (const key of new Set([...keysOf(over.value), ...keysOf(under.value)])) {
      const part = deepMerge(partOf(under, key), partOf(over, key));
      noteKey(merged, key);
      // A key is data: `__proto__` is one like any other.
      Object.defineProperty(merged, key, {
        value: part.value,
        enumerable: true,
        writable: true,
        configurable: true,
      });
      children.set(key, { path: part.path, children: part.origin?.children ?? new Map() });
    }
    return { value: merged, path: over.path, origin: { path: over.path, children } };
  }
  if (!Array.isArray(under.value) || !Array.isArray(over.value)) return over;
  const lower = under.value.map((_, index) => partOf(under, index));
  const upper = over.value.map((_, index) => partOf(over, index));
  const known = new Set(lower.map(({ value }) => identityOf(value)));
  const parts = [...lower, ...upper.filter(({ value }) => !known.has(identityOf(value)))];
  const children = new Map(
    parts.map(({ path, origin }, index): [number, Origin] => [
      index,
      { path, children: origin?.children ?? new Map() },
    ]),
  );
  return { value: parts.map(({ value }) => value), path: over.path, origin: { path: over.path, children } };
}

/** One part of a map or a list. */
export function partOf({ value, path, origin }: Sourced, step: string | number): Sourced {
  const part =
    value !== null && typeof value === "object" && Object.hasOwn(value, step)
      ? (value as Record<string | number, unknown>)[step]
      : undefined;
  const here = origin?.children.get(step);
  return { value: part, path: here?.path ?? [...path, step], origin: here };
}

/** Equal values have one, whatever the order of their keys. */
function identityOf(value: unknown): string {
  return JSON.stringify(changeNumbers(value, String), (_, part: unknown) =>
    isWritten(part) ? Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)) : part,
  );
}
