import { keysOf, setKey } from "../base/key-order.ts";
import { doubleText } from "../base/whole-float.ts";
import { type Budget, charge, chargeText, DEEPEST_VALUE } from "./budget.ts";
import { BigDecimal } from "./decimals.ts";
import { ExpressionError } from "./expression-error.ts";
import { BigInteger, doubleOf, floatOf, numberKind, SingleFloat, singleText } from "./numbers.ts";

export type PlainMap = Record<string, unknown>;

export function isMap(value: unknown): value is PlainMap {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

/** The only way from a value to its parts: own properties of maps, items of lists. `undefined` when there is none. */
export function member(target: unknown, key: unknown): unknown {
  const name = typeof key === "string" ? key : keyText(key);
  if (name === undefined) return undefined;
  if (isList(target)) return /^\d+$/.test(name) ? plain(target[Number(name)]) : undefined;
  if (!isMap(target) || !Object.hasOwn(target, name)) return undefined;
  return plain(target[name]);
}

/** Entries that a loop over a map gives: maps with `key` and `value` that print as `key=value`. */
const entries = new WeakSet<object>();

/** The entries of a map, in its order. */
export function entriesOf(map: PlainMap): PlainMap[] {
  return keysOf(map).map((key) => {
    const entry = { key, value: map[key] };
    entries.add(entry);
    return entry;
  });
}

/** Whether a map is an entry of another. */
export function isEntry(map: PlainMap): boolean {
  return entries.has(map);
}

/** A map as it is written: an entry is one with a single key. */
export function writtenMap(map: PlainMap): PlainMap {
  if (!entries.has(map)) return map;
  const written: PlainMap = {};
  setKey(written, String(map.key), map.value);
  return written;
}

/** A key of a map as text; maps and lists are no keys. */
export function keyText(key: unknown): string | undefined {
  if (typeof key === "string") return key;
  return typeof key === "boolean" ? String(key) : numberText(key);
}

/** A number as it is printed; undefined for what is no number. */
export function numberText(value: unknown): string | undefined {
  const kind = numberKind(value);
  if (kind === undefined) return undefined;
  if (kind === "FLOAT") return singleText(doubleOf(value) as number);
  return kind === "DOUBLE" ? doubleText(doubleOf(value) as number) : String(value);
}

/** A value as it is printed: null as nothing, maps and lists as JSON. */
export function textOf(value: unknown, budget: Budget): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  const simple = simpleText(value);
  if (simple !== undefined) return simple;
  return isMap(value) && entries.has(value) ? javaText(value, budget) : jsonOf(value, budget);
}

/** A value as it is written into what a template prints: a decimal without an exponent, and within a part as `partText` has it. */
export function writtenText(value: unknown, isPart: boolean, budget: Budget): string {
  if (value instanceof BigDecimal) {
    chargeText(budget, Math.abs(value.scale));
    return value.toPlainString();
  }
  return isPart ? partText(value, budget) : textOf(value, budget);
}

/** A value as a part of a longer text: null as nothing, maps and lists as Java writes them, `[1, 2]` and `{a=1}`. */
export function partText(value: unknown, budget: Budget): string {
  return value === null || value === undefined ? "" : javaText(value, budget);
}

/** What Java's String.valueOf makes of a value. */
export function javaText(value: unknown, budget: Budget, depth = 0): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "null";
  const simple = simpleText(value);
  if (simple !== undefined) return simple;
  checkDepth(depth);
  charge(budget, 1);
  const part = (inner: unknown) => {
    const text = javaText(inner, budget, depth + 1);
    chargeText(budget, text.length);
    return text;
  };
  if (isList(value)) return `[${value.map(part).join(", ")}]`;
  if (!isMap(value)) throw new ExpressionError("A value of this kind cannot be printed.");
  if (entries.has(value)) return `${part(value.key)}=${part(value.value)}`;
  return `{${keysOf(value)
    .map((key) => `${part(key)}=${part(value[key])}`)
    .join(", ")}}`;
}

/** A value as JSON, paid for from the budget. Maps are printed without what is null in them. */
export function jsonOf(value: unknown, budget: Budget, { keepsNull = false } = {}): string {
  const write = (part: unknown, depth: number): string => {
    charge(budget, 1);
    checkDepth(depth);
    if (typeof part === "string") {
      chargeText(budget, part.length);
      return JSON.stringify(part);
    }
    if (part === null || part === undefined) return "null";
    const number = numberText(part);
    // What is no number has no place in JSON but in quotes.
    if (number !== undefined) return Number.isFinite(doubleOf(part)) ? number : `"${number}"`;
    if (typeof part === "boolean") return String(part);
    if (part instanceof Date) return JSON.stringify(part);
    if (isList(part)) return `[${part.map((item) => write(item, depth + 1)).join(",")}]`;
    if (!isMap(part)) throw new ExpressionError("A value of this kind cannot be printed.");
    const pairs: string[] = [];
    const map = writtenMap(part);
    for (const key of keysOf(map)) {
      const inner = map[key];
      if (!keepsNull && (inner === null || inner === undefined)) continue;
      chargeText(budget, key.length);
      pairs.push(`${JSON.stringify(key)}:${write(inner, depth + 1)}`);
    }
    return `{${pairs.join(",")}}`;
  };
  return write(value, 0);
}

/** The value as the outside knows it: what JSON has, with floats as floats, and never more nodes than the budget allows. */
export function nativeOf(value: unknown, budget: Budget, depth = 0): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (value instanceof BigInteger) return nativeOf(value.value, budget);
  // A number that JavaScript would round keeps its digits.
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value instanceof SingleFloat) return floatOf(Number(singleText(value.value)));
  if (doubleOf(value) !== undefined) return value;
  // Out there a point in time is its text, as it is inside of one.
  if (value instanceof Date) return value.toISOString();
  charge(budget, 1);
  checkDepth(depth);
  if (isList(value)) return value.map((item) => nativeOf(item, budget, depth + 1));
  if (!isMap(value)) throw new ExpressionError("A value of this kind cannot leave an expression.");
  const copy: PlainMap = {};
  const map = writtenMap(value);
  for (const key of keysOf(map)) setKey(copy, key, nativeOf(map[key], budget, depth + 1));
  return copy;
}

/** Pebble's `==`: numbers by value, everything else as Java compares it. */
export function isEqual(left: unknown, right: unknown, budget: Budget): boolean {
  const first = doubleOf(left);
  const second = doubleOf(right);
  return first === undefined || second === undefined ? isSame(left, right, budget) : first === second;
}

/** Java's `equals`, as lists and maps compare what is in them: numbers are the same only if their types are, too. */
export function isSame(left: unknown, right: unknown, budget: Budget, depth = 0): boolean {
  charge(budget, 1);
  if (left === null || left === undefined) return right === null || right === undefined;
  const kind = numberKind(left);
  if (kind !== undefined) return kind === numberKind(right) && numberText(left) === numberText(right);
  if (left === right) return true;
  checkDepth(depth);
  if (left instanceof Date) return right instanceof Date && left.getTime() === right.getTime();
  if (isList(left)) {
    return (
      isList(right) &&
      left.length === right.length &&
      left.every((item, index) => isSame(item, right[index], budget, depth + 1))
    );
  }
  if (!isMap(left) || !isMap(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSame(left[key], right[key], budget, depth + 1))
  );
}

/** Whether a rendered condition holds: `false`, `0`, `-0` and blank do not, everything else does. */
export function isTruthy(text: string): boolean {
  const trimmed = text.trim();
  return trimmed !== "" && trimmed !== "false" && trimmed !== "0" && trimmed !== "-0";
}

/** Whether a value within a template holds. Only booleans, texts (all but the empty one) and numbers (all but 0) can. */
export function isTrue(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return value !== "";
  const number = doubleOf(value);
  if (number !== undefined) return number !== 0 && !Number.isNaN(number);
  throw new ExpressionError(
    `A condition is a boolean, a text or a number, not ${kindOf(value)}; ask whether it \`is empty\`, or \`?? false\`.`,
  );
}

/** A word for the kind of a value, for error messages. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return "a text";
  if (numberKind(value) !== undefined) return "a number";
  if (typeof value === "boolean") return "a boolean";
  if (isList(value)) return "a list";
  return isMap(value) ? "a map" : "a date";
}

function simpleText(value: unknown): string | undefined {
  if (typeof value === "boolean") return String(value);
  return value instanceof Date ? value.toISOString() : numberText(value);
}

function checkDepth(depth: number): void {
  if (depth > DEEPEST_VALUE) throw new ExpressionError("The value is nested too deeply.");
}

/** Functions and symbols do not exist for a template, wherever they come from. */
function plain(value: unknown): unknown {
  return typeof value === "function" || typeof value === "symbol" ? undefined : value;
}
