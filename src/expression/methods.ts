import { keysOf, setKey } from "../base/key-order.ts";
import type { WholeFloat } from "../base/whole-float.ts";
import { type Budget, charge, chargeJoined, chargeText } from "./budget.ts";
import { ownList, ownMap } from "./changes.ts";
import { ExpressionError } from "./expression-error.ts";
import { hashOf } from "./java-map.ts";
import { doubleOf, floatOf, numberKind } from "./numbers.ts";
import { linearRegex, matchesWhole, splitText } from "./regex.ts";
import type { Run } from "./run.ts";
import {
  entriesOf,
  isList,
  isMap,
  isSame,
  javaText,
  keyText,
  kindOf,
  member,
  type PlainMap,
} from "./values.ts";

// Java's methods, as far as templates call them on texts, numbers, lists and maps. They are found in tables of our own: nothing
// of JavaScript's objects can be reached by any name.

type Kind = "text" | "integer" | "any";

interface Method<T> {
  /** What its arguments must be. Numbers that a template writes are Longs, which Java does not take for an int. */
  takes: readonly Kind[];
  call(target: T, args: readonly unknown[], budget: Budget, run: Run): unknown;
}

type Methods<T> = ReadonlyMap<string, Method<T>>;

function methods<T>(
  table: readonly (readonly [name: string, takes: readonly Kind[], call: Method<T>["call"]])[],
): Methods<T> {
  return new Map(table.map(([name, takes, call]) => [name, { takes, call }]));
}

const text = (value: unknown) => value as string;

const ofText = methods<string>([
  ["length", [], (it) => it.length],
  ["isEmpty", [], (it) => it === ""],
  ["isBlank", [], (it) => it.trim() === ""],
  ["toString", [], (it) => it],
  ["hashCode", [], hashOf],
  ["toUpperCase", [], (it) => it.toUpperCase()],
  ["toLowerCase", [], (it) => it.toLowerCase()],
  ["trim", [], (it) => it.trim()],
  ["strip", [], (it) => it.trim()],
  ["startsWith", ["text"], (it, [start]) => it.startsWith(text(start))],
  ["endsWith", ["text"], (it, [end]) => it.endsWith(text(end))],
  ["equalsIgnoreCase", ["text"], (it, [other]) => it.toLowerCase() === text(other).toLowerCase()],
  ["compareTo", ["text"], (it, [other]) => order(it, text(other))],
  ["compareToIgnoreCase", ["text"], (it, [other]) => order(it.toLowerCase(), text(other).toLowerCase())],
  ["indexOf", ["text"], (it, [wanted]) => it.indexOf(text(wanted))],
  ["lastIndexOf", ["text"], (it, [wanted]) => it.lastIndexOf(text(wanted))],
  ["charAt", ["integer"], (it, [index]) => inside(it.charAt(numberIn(index)))],
  [
    "repeat",
    ["integer"],
    (it, [count], budget) => {
      const times = numberIn(count);
      if (times < 0) throw new ExpressionError("A text is repeated at least 0 times.");
      chargeText(budget, it.length * times);
      return it.repeat(times);
    },
  ],
  [
    "concat",
    ["text"],
    (it, [other], budget) => {
      chargeJoined(budget, it.length, text(other).length);
      return it + text(other);
    },
  ],
  [
    "replace",
    ["text", "text"],
    (it, [wanted, value], budget) => {
      chargeText(budget, it.length + (it.split(text(wanted)).length + 1) * text(value).length);
      return it.replaceAll(text(wanted), () => text(value));
    },
  ],
  [
    "replaceAll",
    ["text", "text"],
    (it, [pattern, value], budget) => linearRegex(text(pattern), it, budget).replaceAll(text(value)),
  ],
  ["matches", ["text"], (it, [pattern], budget) => matchesWhole(text(pattern), it, budget)],
  ["split", ["text"], (it, [delimiter], budget) => splitText(it, text(delimiter), 0, budget)],
]);

const substrings = new Map<number, Method<string>>([
  [1, { takes: ["integer"], call: (it, [from]) => part(it, numberIn(from), it.length) }],
  [2, { takes: ["integer", "integer"], call: (it, [from, to]) => part(it, numberIn(from), numberIn(to)) }],
]);

const ofList = methods<unknown[]>([
  ["size", [], (it) => it.length],
  ["isEmpty", [], (it) => it.length === 0],
  ["toString", [], (it, _, budget) => javaText(it, budget)],
  ["get", ["integer"], (it, [index]) => inside(it[numberIn(index)])],
  ["add", ["any"], (it, [item], _, run) => ownList(run, it).push(item) > 0],
  [
    "addAll",
    ["any"],
    (it, [items], budget, run) => {
      if (!isList(items)) throw new ExpressionError(`A list takes all of a list, not of ${kindOf(items)}.`);
      charge(budget, items.length);
      const own = ownList(run, it);
      for (const item of [...items]) own.push(item);
      return items.length > 0;
    },
  ],
  ["remove", ["any"], (it, [item], budget, run) => removeItem(run, it, item, budget)],
  ["getFirst", [], (it) => inside(it[0])],
  ["getLast", [], (it) => inside(it.at(-1))],
  ["indexOf", ["any"], (it, [wanted], budget) => it.findIndex((item) => isSame(item, wanted, budget))],
  [
    "lastIndexOf",
    ["any"],
    (it, [wanted], budget) => it.findLastIndex((item) => isSame(item, wanted, budget)),
  ],
]);

const ofMap = methods<PlainMap>([
  ["size", [], (it) => Object.keys(it).length],
  ["isEmpty", [], (it) => Object.keys(it).length === 0],
  ["toString", [], (it, _, budget) => javaText(it, budget)],
  ["keySet", [], (it, _, budget) => charged([...keysOf(it)], budget)],
  [
    "values",
    [],
    (it, _, budget) =>
      charged(
        keysOf(it).map((key) => it[key]),
        budget,
      ),
  ],
  ["containsKey", ["any"], (it, [key]) => typeof key === "string" && Object.hasOwn(it, key)],
  [
    "containsValue",
    ["any"],
    (it, [wanted], budget) => Object.values(it).some((value) => isSame(value, wanted, budget)),
  ],
  ["get", ["any"], (it, [key]) => (typeof key === "string" ? (member(it, key) ?? null) : null)],
  [
    "getOrDefault",
    ["any", "any"],
    (it, [key, value]) =>
      typeof key === "string" && Object.hasOwn(it, key) ? (member(it, key) ?? null) : value,
  ],
  ["entrySet", [], (it, _, budget) => charged(entriesOf(it), budget)],
  [
    "put",
    ["any", "any"],
    (it, [key, value], _, run) => {
      const name = keyText(key);
      if (name === undefined) throw new ExpressionError("A key of a map must be a text or a number.");
      const before = member(it, name) ?? null;
      setKey(ownMap(run, it), name, value);
      return before;
    },
  ],
  [
    "putAll",
    ["any"],
    (it, [other], budget, run) => {
      if (!isMap(other)) throw new ExpressionError(`A map takes all of a map, not of ${kindOf(other)}.`);
      const own = ownMap(run, it);
      for (const key of charged([...keysOf(other)], budget)) setKey(own, key, other[key]);
      return null;
    },
  ],
  // The entries that a loop over a map gives.
  ["getKey", [], (it) => inside(member(it, "key"))],
  ["getValue", [], (it) => inside(member(it, "value"))],
]);

const ofNumber = methods<number | bigint | WholeFloat>([
  ["toString", [], (it, _, budget) => javaText(it, budget)],
  ["intValue", [], (it) => intOf(it)],
  ["longValue", [], (it) => longOf(doubleOf(it) as number)],
  ["doubleValue", [], (it) => floatOf(doubleOf(it) as number)],
  ["floatValue", [], (it) => floatOf(Number(Math.fround(doubleOf(it) as number).toPrecision(8)))],
]);

/** As Java: of a whole number the last 32 bits, of another the nearest that there is. */
function intOf(value: number | bigint | WholeFloat): number {
  const number = doubleOf(value) as number;
  if (typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value)))
    return Number(BigInt.asIntN(32, BigInt(value)));
  return Number.isNaN(number) ? 0 : Math.trunc(Math.max(Math.min(number, 2 ** 31 - 1), -(2 ** 31)));
}

/** As Java: how far apart the first characters are that differ, or how much longer one is. */
function order(left: string, right: string): number {
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const apart = left.charCodeAt(at) - right.charCodeAt(at);
    if (apart !== 0) return apart;
  }
  return left.length - right.length;
}

/** As Java: what is no number is 0, and what is too large the largest. */
function longOf(value: number): bigint {
  return Number.isNaN(value)
    ? 0n
    : BigInt.asIntN(64, BigInt(Math.trunc(Math.max(Math.min(value, 2 ** 63 - 1024), -(2 ** 63)))));
}

const ofBoolean = methods<boolean>([["toString", [], (it) => String(it)]]);

/** The methods that there are, by what they are called on. */
export const methodNames: Readonly<Record<string, readonly string[]>> = {
  "a text": ["substring", ...ofText.keys()],
  "a list": [...ofList.keys()],
  "a map": [...ofMap.keys()],
  "a number": [...ofNumber.keys()],
  "a boolean": [...ofBoolean.keys()],
};

/** Methods that read no character of their text. */
const unread: ReadonlySet<string> = new Set(["concat", "length", "isEmpty"]);

/** Calls a method of a value; undefined where Java finds none of that name for these arguments. */
export function callMethod(target: unknown, name: string, args: readonly unknown[], run: Run): unknown {
  const { budget } = run;
  charge(budget, 1);
  if (typeof target === "string") {
    if (!unread.has(name)) chargeText(budget, target.length);
    return name === "substring"
      ? call(substrings.get(args.length), target, args, run)
      : find(ofText, target, name, args, run);
  }
  if (isList(target)) return find(ofList, target, name, args, run);
  if (isMap(target)) return find(ofMap, target, name, args, run);
  if (numberKind(target) !== undefined) return find(ofNumber, target as number, name, args, run);
  return typeof target === "boolean" ? find(ofBoolean, target, name, args, run) : undefined;
}

/** What `value.name` is when it is no member: a method that takes nothing, also without its `is`. Maps have keys only. */
export function getterOf(target: unknown, name: string, run: Run): unknown {
  if (target === null || target === undefined || isMap(target)) return undefined;
  const value = callMethod(target, name, [], run);
  if (value !== undefined || name === "") return value;
  return callMethod(target, `is${name.charAt(0).toUpperCase()}${name.slice(1)}`, [], run);
}

function find<T>(table: Methods<T>, target: T, name: string, args: readonly unknown[], run: Run): unknown {
  return call(table.get(name), target, args, run);
}

function call<T>(method: Method<T> | undefined, target: T, args: readonly unknown[], run: Run): unknown {
  if (method === undefined || args.length !== method.takes.length) return undefined;
  if (!method.takes.every((kind, index) => isOf(kind, args[index]))) return undefined;
  return method.call(target, args, run.budget, run);
}

/** Java's two: a number of data is an index, everything else an item. */
function removeItem(run: Run, list: unknown[], item: unknown, budget: Budget): unknown {
  const isIndex = numberKind(item) === "INTEGER";
  const at = isIndex ? (item as number) : list.findIndex((each) => isSame(each, item, budget));
  if (isIndex && !(at in list)) throw new ExpressionError("The index is out of bounds.");
  if (at < 0) return false;
  const [removed] = ownList(run, list).splice(at, 1);
  return isIndex ? (removed ?? null) : true;
}

function isOf(kind: Kind, value: unknown): boolean {
  if (kind === "any") return true;
  return kind === "text" ? typeof value === "string" : numberKind(value) === "INTEGER";
}

function numberIn(value: unknown): number {
  return value as number;
}

function inside(value: unknown): unknown {
  if (value === undefined || value === "") throw new ExpressionError("The index is out of bounds.");
  return value;
}

function part(value: string, from: number, to: number): string {
  if (from < 0 || to > value.length || from > to) throw new ExpressionError("The index is out of bounds.");
  return value.slice(from, to);
}

function charged<T>(items: T[], budget: Budget): T[] {
  charge(budget, items.length);
  return items;
}
