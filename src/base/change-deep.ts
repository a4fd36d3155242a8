import { entriesOf, mapOf } from "./key-order.ts";

/** Changes what stands in lists and maps; what nothing changes in stays the same object. */
export function changeDeep(
  value: unknown,
  change: (child: unknown) => unknown,
  changeKey: (key: string) => string = (key) => key,
): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(change);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null)
    return value;
  const before = entriesOf(value as Record<string, unknown>);
  const after = before.map(([key, child]) => [changeKey(key), change(child)] as const);
  const isSame = after.every(
    ([key, child], index) => key === before[index]?.[0] && child === before[index]?.[1],
  );
  return isSame ? value : mapOf(after);
}
