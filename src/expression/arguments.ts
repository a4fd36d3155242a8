import { ExpressionError } from "./expression-error.ts";
import { doubleOf, isFloat } from "./numbers.ts";
import type { Run } from "./run.ts";
import { isList, isMap, kindOf, type PlainMap, textOf } from "./values.ts";

// What filters and functions take: each says what it wanted when it gets something else.

export function textArgument(value: unknown, name: string, run: Run): string {
  if (value === null || value === undefined || isList(value) || isMap(value)) {
    throw new ExpressionError(`The argument \`${name}\` must be a text, not ${kindOf(value)}.`);
  }
  return textOf(value, run.budget);
}

export function optionalText(value: unknown, name: string, run: Run): string | undefined {
  return value === null || value === undefined ? undefined : textArgument(value, name, run);
}

/** A number without its fraction. Texts of digits are none, but for the few places that take them. */
export function integerArgument(value: unknown, name: string, { takesText = false } = {}): number {
  const isDigits = takesText && typeof value === "string" && /^[+-]?\d{1,15}$/.test(value);
  const number = Math.trunc((isDigits ? Number(value) : doubleOf(value)) ?? Number.NaN);
  if (!Number.isSafeInteger(number))
    throw new ExpressionError(`The argument \`${name}\` must be an integer, not ${kindOf(value)}.`);
  return number;
}

/** A number that is written or stored without a fraction. */
export function wholeArgument(value: unknown, name: string): number {
  if (isFloat(value)) throw new ExpressionError(`The argument \`${name}\` must be an integer, not a float.`);
  return integerArgument(value, name);
}

/** A text, and nothing that only prints like one. */
export function strictText(value: unknown, name: string): string {
  if (typeof value === "string") return value;
  throw new ExpressionError(`The argument \`${name}\` must be a text, not ${kindOf(value)}.`);
}

export function listInput(value: unknown, filter: string): unknown[] {
  if (!isList(value))
    throw new ExpressionError(`The filter \`${filter}\` needs a list, not ${kindOf(value)}.`);
  return value;
}

export function mapArgument(value: unknown, name: string): PlainMap {
  if (!isMap(value))
    throw new ExpressionError(`The argument \`${name}\` must be a map, not ${kindOf(value)}.`);
  return value;
}
