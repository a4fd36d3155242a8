/**
 * Keys such as `10` and `2`, which JavaScript sorts before all others: of maps that have any, the order in which they were set. A map
 * that came from elsewhere, as JSON, has lost it.
 */
const orders = new WeakMap<object, string[]>();

/** The keys of a map in the order in which they were set. */
export function keysOf(map: Readonly<Record<string, unknown>>): readonly string[] {
  return orders.get(map) ?? Object.keys(map);
}

/** Whether a map has an order of its keys that JavaScript does not know. */
export function isOrdered(map: object): boolean {
  return orders.has(map);
}

/** Sets a map's own property, also when it is called `__proto__`. */
export function setKey(map: Record<string, unknown>, key: string, value: unknown): void {
  noteKey(map, key);
  if (key === "__proto__") {
    Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
  } else map[key] = value;
}

/** Takes a key out of a map, and out of its order. */
export function deleteKey(map: Record<string, unknown>, key: string): void {
  delete map[key];
  const order = orders.get(map);
  if (order !== undefined)
    orders.set(
      map,
      order.filter((one) => one !== key),
    );
}

/** A map of these entries, in their order. */
export function mapOf(entries: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  for (const [key, value] of entries) setKey(map, key, value);
  return map;
}

/** The entries of a map in the order in which they were set. */
export function entriesOf(map: Readonly<Record<string, unknown>>): [string, unknown][] {
  return orders.get(map)?.map((key) => [key, map[key]]) ?? Object.entries(map);
}

/** The values of a map in the order in which their keys were set. */
export function valuesOf(map: Readonly<Record<string, unknown>>): unknown[] {
  return orders.get(map)?.map((key) => map[key]) ?? Object.values(map);
}

/** Notes a key that is about to be set. */
export function noteKey(map: Readonly<Record<string, unknown>>, key: string): void {
  const order = orders.get(map);
  if (order === undefined) {
    if (isSorted(key) && !Object.hasOwn(map, key)) orders.set(map, [...Object.keys(map), key]);
  } else if (!Object.hasOwn(map, key)) order.push(key);
}

/** Whether JavaScript may have sorted keys of a map: it sets those that it sorts before all others. */
export function mayBeSorted(map: Readonly<Record<string, unknown>>): boolean {
  for (const key in map) return isSorted(key);
  return false;
}

/** Whether a key is one that JavaScript sorts; one that only looks so does no harm. */
export function isSorted(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= 48 && first <= 57 && /^\d+$/.test(key);
}

/** Gives the maps in a copy the order that those have of which it is one, as far as they have the same keys. */
export function keepOrder(original: unknown, copy: unknown): unknown {
  if (!isObject(original) || !isObject(copy) || original === copy) return copy;
  for (const [key, part] of Object.entries(original)) keepOrder(part, copy[key]);
  const order = orders.get(original);
  if (
    order !== undefined &&
    order.length === Object.keys(copy).length &&
    order.every((key) => Object.hasOwn(copy, key))
  )
    orders.set(copy, [...order]);
  return copy;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
