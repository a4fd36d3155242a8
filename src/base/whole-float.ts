import { Decimal } from "./decimal.ts";
import { entriesOf, mapOf } from "./key-order.ts";

/** Makes something that JSON.stringify writes as this text. TypeScript does not know it yet. */
export const { rawJSON: rawJson } = JSON as typeof JSON & { rawJSON(text: string): unknown };

/** A float without a fraction: `2.0`, which JavaScript takes for 2. JSON has it with its point, so that it is one again when it is read. */
export class WholeFloat {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }

  /** As Java prints it. */
  toString(): string {
    return doubleText(this.value);
  }

  /** JSON.stringify asks for it. */
  toJSON(): unknown {
    const text = Object.is(this.value, -0) ? "-0" : String(this.value);
    return rawJson(text.includes("e") ? text : `${text}.0`);
  }
}

/** The number as JavaScript has it, for whoever wants no more than a number; anything else as it is. */
export function plainNumber(value: unknown): unknown {
  if (value instanceof WholeFloat) return value.value;
  if (value instanceof Decimal) return Number(String(value));
  return typeof value === "bigint" ? Number(value) : value;
}

/** A Java double as Java prints it: at least one digit behind the point, exponents from 10^7 up and below 10^-3. */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? value.toFixed(1) : String(value);
  const shortest = value.toExponential();
  // Java writes two digits at least, and takes the nearest of those that have two.
  const [digits = "", exponent = ""] = (shortest.includes(".") ? shortest : value.toExponential(1)).split(
    "e",
  );
  return `${digits}E${exponent.replace("+", "")}`;
}

/**
 * Changes the numbers in a value that JavaScript has no type of its own for, those at and below some paths where these are given. What
 * nothing changes in stays the same object.
 */
export function changeNumbers(
  value: unknown,
  change: (number: unknown) => unknown,
  paths: readonly (readonly PropertyKey[])[] = [[]],
): unknown {
  if (paths.length === 0) return value;
  if (typeof value === "bigint" || value instanceof WholeFloat || value instanceof Decimal)
    return paths.some((path) => path.length === 0) ? change(value) : value;
  if (typeof value !== "object" || value === null) return value;
  const below = (key: PropertyKey) =>
    paths.flatMap((path) =>
      path.length === 0 ? [path] : String(path[0]) === String(key) ? [path.slice(1)] : [],
    );
  const changed = (part: unknown, key: PropertyKey) => changeNumbers(part, change, below(key));
  if (Array.isArray(value)) {
    const items = value.map(changed);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const before = entriesOf(value as Record<string, unknown>);
  const after = before.map(([key, part]) => [key, changed(part, key)] as const);
  return after.some(([, part], index) => part !== before[index]?.[1]) ? mapOf(after) : value;
}
