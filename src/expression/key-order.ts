/**
 * Keys such as `10` and `2`, which JavaScript sorts before all others: of maps that have any, the order in which they were set. A map
 * that came from elsewhere, as JSON, has lost it.
 */
const orders = new WeakMap<object, string[]>();

/** The keys of a map in the order in which they were set. */
export function keysOf(map: Readonly<Record<string, unknown>>): readonly string[] {
  return orders.get(map) ?? Object.keys(map);
}

/** Notes a key that is about to be set. */
export function noteKey(map: Readonly<Record<string, unknown>>, key: string): void {
  const order = orders.get(map);
  if (order === undefined) {
    if (isSorted(key) && !Object.hasOwn(map, key)) orders.set(map, [...Object.keys(map), key]);
  } else if (!Object.hasOwn(map, key)) order.push(key);
}

/** Whether a key is one that JavaScript sorts; one that only looks so does no harm. */
function isSorted(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= 48 && first <= 57 && /^\d+$/.test(key);
}
