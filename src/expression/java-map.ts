import { keysOf, setKey } from "../base/key-order.ts";
import { doubleOf, isFloat, numberKind } from "./numbers.ts";
import { isList, isMap, type PlainMap } from "./values.ts";

/**
 * The entries of a map in the order of a Java HashMap, in which Kestra prints the maps that a template makes itself. Keys that
 * JavaScript takes for indexes come first all the same.
 */
export function inHashOrder(map: PlainMap, leastCapacity = 1, hashes: Hashes = new Map()): PlainMap {
  const ordered = sortedByPlace(map, leastCapacity, hashes);
  hashMaps.set(ordered, hashes);
  return ordered;
}

/** Of keys that are no texts in Java, numbers for one, the hashes that they have there. */
type Hashes = ReadonlyMap<string, number>;

/** What is known of the hashes in maps, and may be added to. */
export function hashesIn(...maps: readonly object[]): Map<string, number> {
  return new Map(maps.flatMap((map) => [...(hashMaps.get(map) ?? [])]));
}

/** How many places a HashMap begins with that is told nothing. */
export const USUAL_CAPACITY = 16;

const hashMaps = new WeakMap<object, Hashes>();

/** Whether a map is one that a template has made. */
export function isHashMap(map: object): boolean {
  return hashMaps.has(map);
}

function sortedByPlace(map: PlainMap, leastCapacity: number, hashes: Hashes): PlainMap {
  const keys = keysOf(map);
  if (keys.length < 2) return map;
  let capacity = leastCapacity;
  while (keys.length > capacity * 0.75) capacity *= 2;
  const places = keys.map((key) => [bucketOf(hashes.get(key) ?? hashOf(key), capacity), key] as const);
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

function bucketOf(hash: number, capacity: number): number {
  return (hash ^ (hash >>> 16)) & (capacity - 1);
}

/** Java's hashCode of a value, which lists and maps make of what is in them. */
export function hashOfValue(value: unknown): number {
  if (value === null || value === undefined) return 0;
  if (typeof value === "string") return hashOf(value);
  if (typeof value === "boolean") return value ? 1231 : 1237;
  const number = doubleOf(value);
  if (number !== undefined && isFloat(value)) return hashOfDouble(number);
  if (number !== undefined) return hashOfWhole(BigInt(String(value)), numberKind(value) === "INTEGER");
  if (isList(value))
    return value.reduce<number>((hash, item) => (Math.imul(hash, 31) + hashOfValue(item)) | 0, 1);
  if (!isMap(value)) return 0;
  return keysOf(value).reduce((hash, key) => (hash + (hashOf(key) ^ hashOfValue(value[key]))) | 0, 0);
}

function hashOfWhole(whole: bigint, isInteger: boolean): number {
  return Number(isInteger ? whole : BigInt.asIntN(32, whole ^ (BigInt.asUintN(64, whole) >> 32n)));
}

function hashOfDouble(number: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  return view.getInt32(0) ^ view.getInt32(4);
}

/** Java's String.hashCode. */
export function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
}
