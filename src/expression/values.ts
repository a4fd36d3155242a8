import { type Budget, charge, chargeText, DEEPEST_VALUE } from "./budget.ts";
import { ExpressionError } from "./expression-error.ts";
import { keysOf, noteKey } from "./key-order.ts";

/** A float without a fraction: `2.0`, which JavaScript takes for 2. It exists only while a template is rendered. */
export class WholeFloat {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

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

/** Sets a map's own property, also when it is called `__proto__`. */
export function setMember(map: PlainMap, key: string, value: unknown): void {
  noteKey(map, key);
  if (key === "__proto__") {
    Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
  } else map[key] = value;
}

/** A key of a map as text; maps and lists are no keys. */
export function keyText(key: unknown): string | undefined {
  if (typeof key === "string") return key;
  if (typeof key === "number" || typeof key === "boolean") return String(key);
  if (key instanceof WholeFloat) return String(key.value);
  return undefined;
}

/** A value as it is printed: null as nothing, maps and lists as JSON. */
export function textOf(value: unknown, budget: Budget): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value instanceof WholeFloat) return floatText(value.value);
  if (value instanceof Date) return value.toISOString();
  return jsonOf(value, budget);
}

/** A value as JSON, paid for from the budget. */
export function jsonOf(value: unknown, budget: Budget, depth = 0): string {
  charge(budget, 1);
  if (depth > DEEPEST_VALUE) throw new ExpressionError("The value is nested too deeply.");
  if (typeof value === "string") {
    chargeText(budget, value.length);
    return JSON.stringify(value);
  }
  if (value === null || value === undefined) return "null";
  if (typeof value === "number" || typeof value === "boolean") return JSON.stringify(value);
  if (value instanceof WholeFloat) return Number.isFinite(value.value) ? floatText(value.value) : "null";
  if (value instanceof Date) return JSON.stringify(value);
  if (isList(value)) return `[${value.map((item) => jsonOf(item, budget, depth + 1)).join(",")}]`;
  if (!isMap(value)) throw new ExpressionError("A value of this kind cannot be printed.");
  const pairs = keysOf(value).map((key) => {
    chargeText(budget, key.length);
    return `${JSON.stringify(key)}:${jsonOf(value[key], budget, depth + 1)}`;
  });
  return `{${pairs.join(",")}}`;
}

/** The value as the outside knows it: no WholeFloat in it, and never more nodes than the budget allows. */
export function nativeOf(value: unknown, budget: Budget, depth = 0): unknown {
  if (value === undefined) return null;
  if (value instanceof WholeFloat) return value.value;
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return value;
  // Out there a point in time is its text, as it is inside of one.
  if (value instanceof Date) return value.toISOString();
  charge(budget, 1);
  if (depth > DEEPEST_VALUE) throw new ExpressionError("The value is nested too deeply.");
  if (isList(value)) return value.map((item) => nativeOf(item, budget, depth + 1));
  if (!isMap(value)) throw new ExpressionError("A value of this kind cannot leave an expression.");
  const copy: PlainMap = {};
  for (const key of keysOf(value)) setMember(copy, key, nativeOf(value[key], budget, depth + 1));
  return copy;
}

/** Pebble's `==`: numbers by value, everything else by type and content. */
export function isEqual(left: unknown, right: unknown, budget: Budget, depth = 0): boolean {
  charge(budget, 1);
  if (left instanceof WholeFloat) return isEqual(left.value, right, budget, depth);
  if (right instanceof WholeFloat) return left === right.value;
  if (left === right) return true;
  if (left === null || left === undefined) return right === null || right === undefined;
  if (depth > DEEPEST_VALUE) throw new ExpressionError("The value is nested too deeply.");
  if (isList(left)) {
    return (
      isList(right) &&
      left.length === right.length &&
      left.every((item, index) => isEqual(item, right[index], budget, depth + 1))
    );
  }
  if (!isMap(left) || !isMap(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isEqual(left[key], right[key], budget, depth + 1))
  );
}

/** Whether a rendered condition holds: `false`, `0`, `-0` and blank do not, everything else does. */
export function isTruthy(text: string): boolean {
  const trimmed = text.trim();
  return trimmed !== "" && trimmed !== "false" && trimmed !== "0" && trimmed !== "-0";
}

/** The same for a value within a template; empty maps and lists count as false. */
export function isTrue(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return isTruthy(value);
  if (value instanceof WholeFloat) return isTrue(value.value);
  if (typeof value === "number") return value !== 0 && !Number.isNaN(value);
  if (isList(value)) return value.length > 0;
  return isMap(value) ? Object.keys(value).length > 0 : value instanceof Date;
}

/** A word for the kind of a value, for error messages. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return "a text";
  if (typeof value === "number" || value instanceof WholeFloat) return "a number";
  if (typeof value === "boolean") return "a boolean";
  if (isList(value)) return "a list";
  return isMap(value) ? "a map" : "a date";
}

/** Functions and symbols do not exist for a template, wherever they come from. */
function plain(value: unknown): unknown {
  return typeof value === "function" || typeof value === "symbol" ? undefined : value;
}

function floatText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value.toFixed(1)}` : String(value);
}
