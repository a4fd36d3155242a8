import { Decimal, parseDecimal } from "../base/decimal.ts";
import { doubleText, rawJson } from "../base/whole-float.ts";
import { ExpressionError } from "./expression-error.ts";

/** A BigDecimal while a template is rendered: it keeps its digits and its scale, also where it leaves as JSON. */
export class BigDecimal extends Decimal {
  toJSON(): unknown {
    return rawJson(this.toString());
  }
}

/** Reads a BigDecimal; undefined for a text that is none. */
export function bigDecimal(text: string): BigDecimal | undefined {
  const decimal = parseDecimal(text);
  return decimal === undefined ? undefined : new BigDecimal(decimal.unscaled, decimal.scale);
}

/** What Pebble calculates with: the digits that the double has, and no more. */
function decimalOf(double: number): BigDecimal {
  const decimal = bigDecimal(doubleText(double));
  if (decimal === undefined)
    throw new ExpressionError("A decimal cannot be calculated with `NaN` or `Infinity`.");
  return decimal;
}

/** Calculates as Java does with what Pebble makes BigDecimals of. */
export function calculateDecimal(
  operator: "+" | "-" | "*" | "/" | "%",
  first: number,
  second: number,
): BigDecimal {
  const left = decimalOf(first);
  const right = decimalOf(second);
  if (operator === "*") return new BigDecimal(left.unscaled * right.unscaled, left.scale + right.scale);
  if (operator === "/") return divide(left, right);
  const subtracted = operator === "%" ? multiplesOf(left, right) : right;
  const scale = Math.max(left.scale, subtracted.scale);
  const [one, other] = [atScale(left, scale), atScale(subtracted, scale)];
  return new BigDecimal(operator === "+" ? one + other : one - other, scale);
}

/** The digits of DECIMAL128, to which a quotient is rounded. */
const PRECISION = 34;

/** Rounded half to even where it does not come out; where it does, with as few zeros at the end as the scales allow. */
function divide(left: BigDecimal, right: BigDecimal): BigDecimal {
  checkDivisor(right);
  const preferred = left.scale - right.scale;
  if (left.unscaled === 0n) return new BigDecimal(0n, preferred);
  const [dividend, divisor] = [sizeOf(left.unscaled), sizeOf(right.unscaled)];
  const shift = Math.max(0, PRECISION + 1 + digitsOf(divisor) - digitsOf(dividend));
  const shifted = dividend * 10n ** BigInt(shift);
  const quotient = shifted / divisor;
  const isExact = shifted % divisor === 0n;
  const excess = Math.max(0, digitsOf(quotient) - PRECISION);
  const unit = 10n ** BigInt(excess);
  const [head, rest] = [quotient / unit, quotient % unit];
  const half = rest * 2n - unit;
  const isUp = half > 0n || (half === 0n && (!isExact || head % 2n === 1n));
  const sign = left.unscaled < 0n === right.unscaled < 0n ? 1n : -1n;
  const result = new BigDecimal(sign * (isUp ? head + 1n : head), preferred + shift - excess);
  return isExact && rest === 0n ? stripZeros(result, preferred) : result;
}

/** What is left of a number when the remainder is taken away. */
function multiplesOf(left: BigDecimal, right: BigDecimal): BigDecimal {
  checkDivisor(right);
  const preferred = left.scale - right.scale;
  const scale = Math.max(left.scale, right.scale);
  const whole = new BigDecimal(atScale(left, scale) / atScale(right, scale), 0);
  const quotient =
    whole.unscaled === 0n ? new BigDecimal(0n, preferred) : stripZeros(whole, Math.min(preferred, 0));
  const shown = preferred > 0 ? new BigDecimal(atScale(quotient, preferred), preferred) : quotient;
  return new BigDecimal(shown.unscaled * right.unscaled, shown.scale + right.scale);
}

function checkDivisor({ unscaled }: BigDecimal): void {
  if (unscaled === 0n) throw new ExpressionError("A decimal cannot be divided by zero.");
}

function stripZeros({ unscaled, scale }: BigDecimal, least: number): BigDecimal {
  let [digits, places] = [unscaled, scale];
  while (places > least && digits % 10n === 0n) {
    digits /= 10n;
    places -= 1;
  }
  return new BigDecimal(digits, places);
}

/** Without zeros at the end, as jq has it. */
export function withoutZeros(decimal: BigDecimal): BigDecimal {
  return decimal.unscaled === 0n ? new BigDecimal(0n, 0) : stripZeros(decimal, Number.NEGATIVE_INFINITY);
}

function atScale({ unscaled, scale }: BigDecimal, wanted: number): bigint {
  return unscaled * 10n ** BigInt(wanted - scale);
}

function sizeOf(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function digitsOf(value: bigint): number {
  return String(value).length;
}
