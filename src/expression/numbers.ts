import { doubleText, WholeFloat } from "../base/whole-float.ts";
import { BigDecimal, calculateDecimal } from "./decimals.ts";
import { ExpressionError } from "./expression-error.ts";

// Numbers have Java's types here, since results depend on them: what a template writes or calculates is a Long (a bigint), what
// data brings is an Integer or, beyond 32 bits, a Long (a whole number), and everything else a Double.

/** A Float of 32 bits, which is what Kestra makes of a text such as `12.3`. It exists only while a template is rendered. */
export class SingleFloat {
  readonly value: number;
  constructor(value: number) {
    this.value = Math.fround(value);
  }
}

/** A BigInteger of any size, which only the filter `number` makes. It exists only while a template is rendered. */
export class BigInteger {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }

  toString(): string {
    return String(this.value);
  }
}

export type Numeric = number | bigint | WholeFloat | SingleFloat | BigInteger | BigDecimal;
export type NumberKind = "INTEGER" | "LONG" | "FLOAT" | "DOUBLE" | "BIGINTEGER" | "BIGDECIMAL";

const INTEGER_LIMIT = 2 ** 31;
/** Beyond this a whole number of JavaScript is no longer exact, and Java has read a Double or a BigInteger. */
const LONG_LIMIT = 2 ** 63;

/** The Java type that a number has; undefined for what is no number. */
export function numberKind(value: unknown): NumberKind | undefined {
  if (typeof value === "bigint") return BigInt.asIntN(64, value) === value ? "LONG" : "BIGINTEGER";
  if (value instanceof WholeFloat) return "DOUBLE";
  if (value instanceof SingleFloat) return "FLOAT";
  if (value instanceof BigDecimal) return "BIGDECIMAL";
  if (value instanceof BigInteger) return "BIGINTEGER";
  if (typeof value !== "number") return undefined;
  if (!Number.isInteger(value) || Math.abs(value) >= LONG_LIMIT || Object.is(value, -0)) return "DOUBLE";
  return value >= -INTEGER_LIMIT && value < INTEGER_LIMIT ? "INTEGER" : "LONG";
}

/** The number as JavaScript knows it; undefined for what is no number. */
export function doubleOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof BigDecimal || value instanceof BigInteger) return Number(String(value));
  return value instanceof WholeFloat || value instanceof SingleFloat ? value.value : undefined;
}

/** Whether a value is a number that may have a fraction. */
export function isFloat(value: unknown): boolean {
  const kind = numberKind(value);
  return kind === "DOUBLE" || kind === "FLOAT" || kind === "BIGDECIMAL";
}

/** A number that stays a float even without a fraction. */
export function floatOf(value: number): number | WholeFloat {
  return Number.isInteger(value) ? new WholeFloat(value) : value;
}

export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%";

/** Calculates as Pebble does in Java: whole numbers in 64 bits where one is a Long, else in 32, Floats among themselves and with these in 32, anything else in doubles, of which BigDecimals come where one is there. Undefined when one side is no number. */
export function calculate(operator: ArithmeticOperator, left: unknown, right: unknown): Numeric | undefined {
  const first = numberKind(left);
  const second = numberKind(right);
  if (first === undefined || second === undefined) return undefined;
  if (first === "BIGDECIMAL" || second === "BIGDECIMAL")
    return calculateDecimal(operator, doubleOf(left) as number, doubleOf(right) as number);
  if (first === "DOUBLE" || second === "DOUBLE")
    return floatOf(calculateDouble(operator, doubleOf(left) as number, doubleOf(right) as number));
  if (first === "FLOAT" || second === "FLOAT")
    return new SingleFloat(
      calculateDouble(
        operator,
        Math.fround(doubleOf(left) as number),
        Math.fround(doubleOf(right) as number),
      ),
    );
  const bits = first === "LONG" || second === "LONG" ? 64 : 32;
  const whole = (value: unknown) => BigInt.asIntN(bits, wholeOf(value as Numeric));
  return BigInt.asIntN(bits, calculateWhole(operator, whole(left), whole(right)));
}

/** A Java float as Java prints it: the fewest digits that tell it from its neighbours. */
export function singleText(value: number): string {
  if (value === 0) return doubleText(value);
  for (let digits = 1; digits < 9; digits += 1) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return doubleText(shorter);
  }
  return doubleText(Number(value.toPrecision(9)));
}

function wholeOf(value: Numeric): bigint {
  if (value instanceof BigInteger || typeof value === "bigint")
    return BigInt.asIntN(64, BigInt(String(value)));
  return BigInt(doubleOf(value) as number);
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
