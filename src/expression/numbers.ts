import { WholeFloat } from "../base/whole-float.ts";
import { ExpressionError } from "./expression-error.ts";

export { doubleText, WholeFloat } from "../base/whole-float.ts";

// Numbers have Java's types here, since results depend on them: what a template writes or calculates is a Long (a bigint), what
// data brings is an Integer or, beyond 32 bits, a Long (a whole number), and everything else a Double.

export type Numeric = number | bigint | WholeFloat;
export type NumberKind = "INTEGER" | "LONG" | "DOUBLE";

const INTEGER_LIMIT = 2 ** 31;
/** Beyond this a whole number of JavaScript is no longer exact, and Java has read a Double or a BigInteger. */
const LONG_LIMIT = 2 ** 63;

/** The Java type that a number has; undefined for what is no number. */
export function numberKind(value: unknown): NumberKind | undefined {
  if (typeof value === "bigint") return "LONG";
  if (value instanceof WholeFloat) return "DOUBLE";
  if (typeof value !== "number") return undefined;
  if (!Number.isInteger(value) || Math.abs(value) >= LONG_LIMIT || Object.is(value, -0)) return "DOUBLE";
  return value >= -INTEGER_LIMIT && value < INTEGER_LIMIT ? "INTEGER" : "LONG";
}

/** The number as JavaScript knows it; undefined for what is no number. */
export function doubleOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return value instanceof WholeFloat ? value.value : undefined;
}

/** The number a value stands for in arithmetic; a text of digits counts, as in Pebble. */
export function numberOf(value: unknown): { value: number; isFloat: boolean } | undefined {
  const kind = numberKind(value);
  if (kind !== undefined) return { value: doubleOf(value) as number, isFloat: kind === "DOUBLE" };
  if (typeof value === "string" && /^[+-]?\d{1,15}$/.test(value))
    return { value: Number(value), isFloat: false };
  if (typeof value === "string" && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/.test(value)) {
    return { value: Number(value), isFloat: true };
  }
  return undefined;
}

/** A number that stays a float even without a fraction. */
export function floatOf(value: number): number | WholeFloat {
  return Number.isInteger(value) ? new WholeFloat(value) : value;
}

export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%";

/** Calculates as Java does: two Integers in 32 bits, Longs in 64, anything else in doubles. Undefined when one side is no number. */
export function calculate(operator: ArithmeticOperator, left: unknown, right: unknown): Numeric | undefined {
  const first = operandOf(left);
  const second = operandOf(right);
  if (first === undefined || second === undefined) return undefined;
  if (numberKind(first) === "DOUBLE" || numberKind(second) === "DOUBLE") {
    return floatOf(calculateDouble(operator, doubleOf(first) as number, doubleOf(second) as number));
  }
  const bits = numberKind(first) === "INTEGER" && numberKind(second) === "INTEGER" ? 32 : 64;
  return BigInt.asIntN(bits, calculateWhole(operator, wholeOf(first), wholeOf(second)));
}

function operandOf(value: unknown): Numeric | undefined {
  if (numberKind(value) !== undefined) return value as Numeric;
  const number = typeof value === "string" ? numberOf(value) : undefined;
  if (number === undefined) return undefined;
  return number.isFloat ? floatOf(number.value) : BigInt(number.value);
}

function wholeOf(value: Numeric): bigint {
  return typeof value === "bigint" ? value : BigInt(doubleOf(value) as number);
}

function calculateDouble(operator: ArithmeticOperator, left: number, right: number): number {
  if (operator === "+") return left + right;
  if (operator === "-") return left - right;
  if (operator === "*") return left * right;
  return operator === "/" ? left / right : left % right;
}

function calculateWhole(operator: ArithmeticOperator, left: bigint, right: bigint): bigint {
  if (operator === "+") return left + right;
  if (operator === "-") return left - right;
  if (operator === "*") return left * right;
  if (right === 0n) throw new ExpressionError("An integer cannot be divided by zero.");
  return operator === "/" ? left / right : left % right;
}
