import { keysOf, setKey } from "../../base/key-order.ts";
import { doubleText } from "../../base/whole-float.ts";
import { type Budget, charge, chargeCopied, chargeJoined, chargeText, DEEPEST_VALUE } from "../budget.ts";
import { BigDecimal, withoutZeros } from "../decimals.ts";
import { BigInteger, doubleOf, floatOf, isFloat, numberKind } from "../numbers.ts";
import { isList, isMap, jsonOf, type PlainMap, writtenMap } from "../values.ts";
import { JqError } from "./jq-error.ts";

/** jq's name for the kind of a value. */
export function typeOf(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "boolean" || typeof value === "string") return typeof value;
  if (isList(value)) return "array";
  return isMap(value) ? "object" : "number";
}

/** A value as jq has it: whole numbers with all their digits, nothing missing. Null is left out of maps, as Kestra's mapper does. */
export function jqValue(value: unknown, budget: Budget, depth = 0): unknown {
  charge(budget, 1);
  if (depth > DEEPEST_VALUE) throw new JqError("The value is nested too deeply");
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "bigint") return whole(value);
  if (value instanceof BigInteger) return whole(value.value);
  if (value instanceof BigDecimal) return withoutZeros(value);
  if (isList(value)) return value.map((item) => jqValue(item, budget, depth + 1));
  if (!isMap(value)) return value;
  const copy: PlainMap = {};
  const map = writtenMap(value);
  for (const key of keysOf(map)) {
    const inner = map[key];
    if (inner !== null && inner !== undefined) setKey(copy, key, jqValue(inner, budget, depth + 1));
  }
  return copy;
}

/** A value as jq writes it into texts. */
export function toJson(value: unknown, budget: Budget, depth = 0): string {
  charge(budget, 1);
  if (depth > DEEPEST_VALUE) throw new JqError("The value is nested too deeply");
  const inner = (part: unknown) => toJson(part, budget, depth + 1);
  if (isList(value)) return `[${value.map(inner).join(",")}]`;
  if (isMap(value))
    return `{${keysOf(value)
      .map((key) => `${JSON.stringify(key)}:${inner(value[key])}`)
      .join(",")}}`;
  const text =
    isFloat(value) && !(value instanceof BigDecimal)
      ? floatJson(doubleOf(value) as number)
      : jsonOf(value, budget);
  chargeText(budget, text.length);
  return text;
}

/** A float without a point where it is whole; what is no number is null, and what is infinite the largest there is. */
function floatJson(number: number): string {
  if (Number.isNaN(number)) return "null";
  if (!Number.isFinite(number)) return floatJson(Math.sign(number) * Number.MAX_VALUE);
  if (Number.isInteger(number) && Math.abs(number) < 2 ** 63) return String(BigInt(number));
  return doubleText(number).replace(/E(-?)/, (_, sign) => (sign === "-" ? "e-" : "e+"));
}

/** `tostring`: texts stay as they are. */
export function toText(value: unknown, budget: Budget): string {
  return typeof value === "string" ? value : toJson(value, budget);
}

export function isTruthy(value: unknown): boolean {
  return value !== null && value !== undefined && value !== false;
}

/** A value for an error message. */
export function shown(value: unknown, budget: Budget): string {
  const text = toJson(value, budget);
  return `${typeOf(value)} (${text.length > 11 ? `${text.slice(0, 10)}...` : text})`;
}

const ORDER = ["null", "false", "true", "number", "string", "array", "object"];

function rankOf(value: unknown): number {
  return ORDER.indexOf(typeof value === "boolean" ? String(value) : typeOf(value));
}

/** jq's order of all values: null, false, true, numbers, texts, lists, maps. */
export function compare(left: unknown, right: unknown, budget: Budget): number {
  charge(budget, 1);
  const ranks = rankOf(left) - rankOf(right);
  if (ranks !== 0) return ranks;
  if (typeof left === "string") {
    chargeText(budget, Math.min(left.length, (right as string).length));
    return left < (right as string) ? -1 : left === right ? 0 : 1;
  }
  if (isList(left)) return compareLists(left, right as unknown[], budget);
  if (isMap(left)) return compareMaps(left, right as PlainMap, budget);
  const first = doubleOf(left);
  const second = doubleOf(right);
  if (first === undefined || second === undefined) return 0;
  // What is no number sorts before all numbers.
  return Number.isNaN(first) || first < second ? -1 : first === second ? 0 : 1;
}

function compareLists(left: unknown[], right: unknown[], budget: Budget): number {
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const order = compare(left[index], right[index], budget);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareMaps(left: PlainMap, right: PlainMap, budget: Budget): number {
  const keys = Object.keys(left).sort();
  const order = compareLists(keys, Object.keys(right).sort(), budget);
  if (order !== 0) return order;
  for (const key of keys) {
    const inner = compare(left[key], right[key], budget);
    if (inner !== 0) return inner;
  }
  return 0;
}

/** A number as jackson-jq's arithmetic gives it: whole results have no point, where a long has room for them. */
export function numeric(value: number): number | bigint {
  const isLong = Number.isInteger(value) && Math.abs(value) < 2 ** 63;
  return isLong ? whole(BigInt(value)) : value;
}

/** A whole number, plain where JavaScript has all of its digits. */
export function whole(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** What Java takes of a whole number for a long; undefined for any other. */
function longOf(value: unknown): bigint | undefined {
  if (typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value)))
    return BigInt.asIntN(64, BigInt(value));
  return undefined;
}

const WHOLE: Readonly<Record<string, (left: bigint, right: bigint) => bigint>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "%": (left, right) => left % right,
};

/** The five operators of arithmetic. */
export function arithmetic(operator: string, left: unknown, right: unknown, budget: Budget): unknown {
  const first = numberKind(left) === undefined ? undefined : doubleOf(left);
  const second = numberKind(right) === undefined ? undefined : doubleOf(right);
  if (first !== undefined && second !== undefined)
    return ofNumbers(operator, first, second, left, right, budget);
  if (operator === "+") return add(left, right, budget);
  if (operator === "-" && isList(left) && isList(right))
    return left.filter((item) => !right.some((other) => compare(item, other, budget) === 0));
  if (operator === "*") return multiply(left, right, budget);
  if (operator === "/" && typeof left === "string" && typeof right === "string")
    return splitPlain(left, right, budget);
  throw cannot(left, right, VERBS[operator] ?? "used", budget);
}

const VERBS: Readonly<Record<string, string>> = {
  "+": "added",
  "-": "subtracted",
  "*": "multiplied",
  "/": "divided",
  "%": "divided",
};

function cannot(left: unknown, right: unknown, verb: string, budget: Budget): JqError {
  return new JqError(`${shown(left, budget)} and ${shown(right, budget)} cannot be ${verb}`);
}

function ofNumbers(
  operator: string,
  first: number,
  second: number,
  left: unknown,
  right: unknown,
  budget: Budget,
): unknown {
  const [long, other] = [longOf(left), longOf(right)];
  const ofWhole = WHOLE[operator];
  if (
    long !== undefined &&
    other !== undefined &&
    ofWhole !== undefined &&
    (operator !== "%" || other !== 0n)
  )
    return whole(BigInt.asIntN(64, ofWhole(long, other)));
  if (operator === "+") return numeric(first + second);
  if (operator === "-") return numeric(first - second);
  if (operator === "*") return numeric(first * second);
  const divisor = operator === "%" ? Math.trunc(second) : second;
  if (divisor === 0)
    throw new JqError(
      `${shown(left, budget)} and ${shown(right, budget)} cannot be divided because the divisor is zero`,
    );
  return numeric(operator === "/" ? first / divisor : Math.trunc(first) % divisor);
}

function add(left: unknown, right: unknown, budget: Budget): unknown {
  if (left === null) return right;
  if (right === null) return left;
  if (typeof left === "string" && typeof right === "string") {
    chargeJoined(budget, left.length, right.length);
    return left + right;
  }
  if (isList(left) && isList(right)) {
    chargeCopied(budget, left.length, right.length);
    return left.concat(right);
  }
  if (isMap(left) && isMap(right)) return mergeMaps(left, right, budget);
  throw cannot(left, right, "added", budget);
}

function mergeMaps(left: PlainMap, right: PlainMap, budget: Budget, isDeep = false, depth = 0): PlainMap {
  if (depth > DEEPEST_VALUE) throw new JqError("The value is nested too deeply");
  const merged = copyMap(left, budget);
  for (const key of keysOf(right)) {
    charge(budget, 1);
    const [own, other] = [Object.hasOwn(merged, key) ? merged[key] : undefined, right[key]];
    const inner =
      isDeep && isMap(own) && isMap(other) ? mergeMaps(own, other, budget, true, depth + 1) : other;
    setKey(merged, key, inner);
  }
  return merged;
}

export function copyMap(map: PlainMap, budget: Budget): PlainMap {
  const copy: PlainMap = {};
  for (const key of keysOf(map)) {
    charge(budget, 1);
    setKey(copy, key, map[key]);
  }
  return copy;
}

function multiply(left: unknown, right: unknown, budget: Budget): unknown {
  if (isMap(left) && isMap(right)) return mergeMaps(left, right, budget, true);
  const [text, count] = typeof left === "string" ? [left, doubleOf(right)] : [right, doubleOf(left)];
  if (typeof text !== "string" || count === undefined) throw cannot(left, right, "multiplied", budget);
  if (!(count > 0)) return null;
  const times = Math.max(1, Math.ceil(count));
  chargeText(budget, text.length * times);
  return text.repeat(times);
}

export function splitPlain(text: string, separator: string, budget: Budget): string[] {
  chargeText(budget, text.length);
  const parts = text === "" ? [] : text.split(separator);
  charge(budget, parts.length);
  return parts;
}

/** The result of a function of mathematics: always a float. */
export function float(value: number): unknown {
  return floatOf(value);
}
