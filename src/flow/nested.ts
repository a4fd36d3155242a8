import { entriesOf, mapOf, setKey } from "../base/key-order.ts";

/** What stands deep in a value, under the parts of a dotted id; undefined if nothing does. */
export function valueAt(values: unknown, path: readonly (string | number)[]): unknown {
  let here = values;
  for (const key of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string | number, unknown>)[key];
  }
  return here;
}

/** The values with another one deep in them. */
export function withValue(
  values: Record<string, unknown>,
  path: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const [key = "", ...rest] = path;
  const copy = mapOf(entriesOf(values));
  setKey(
    copy,
    key,
    rest.length === 0 ? value : withValue((values[key] ?? {}) as Record<string, unknown>, rest, value),
  );
  return copy;
}

/** The values without one deep in them, and without what is left empty around it. */
export function withoutValue(
  values: Record<string, unknown>,
  path: readonly string[],
): Record<string, unknown> {
  const [key = "", ...deeper] = path;
  const inner = values[key];
  const rest = mapOf(entriesOf(values).filter(([name]) => name !== key));
  if (deeper.length === 0 || typeof inner !== "object" || inner === null) return rest;
  const left = withoutValue(inner as Record<string, unknown>, deeper);
  if (Object.keys(left).length > 0) setKey(rest, key, left);
  return rest;
}
