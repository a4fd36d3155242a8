import { keysOf, setKey } from "../base/key-order.ts";
import type { PlainMap } from "./values.ts";

/**
 * The entries of a map in the order of a Java HashMap, in which Kestra prints the maps that a template makes itself. Keys that
 * JavaScript takes for indexes come first all the same.
 */
export function inHashOrder(map: PlainMap, leastCapacity = 1): PlainMap {
  const ordered = sortedByPlace(map, leastCapacity);
  hashMaps.add(ordered);
  return ordered;
}

const hashMaps = new WeakSet<object>();

/** Whether a map is one that a template has made. */
export function isHashMap(map: object): boolean {
  return hashMaps.has(map);
}

function sortedByPlace(map: PlainMap, leastCapacity: number): PlainMap {
  const keys = keysOf(map);
  if (keys.length < 2) return map;
  let capacity = leastCapacity;
  while (keys.length > capacity * 0.75) capacity *= 2;
  const places = keys.map((key) => [bucketOf(key, capacity), key] as const);
  if (places.every(([bucket], index) => index === 0 || (places[index - 1]?.[0] ?? 0) <= bucket)) return map;
  const ordered: PlainMap = {};
  for (const [, key] of places.sort(([left], [right]) => left - right)) setKey(ordered, key, map[key]);
  return ordered;
}

/** How many places a HashMap begins with that is told to expect so many. */
export function capacityFor(expected: number): number {
  let capacity = 1;
  while (capacity < expected) capacity *= 2;
  return capacity;
}

function bucketOf(key: string, capacity: number): number {
  const hash = hashOf(key);
  return (hash ^ (hash >>> 16)) & (capacity - 1);
}

/** Java's String.hashCode. */
export function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
}
