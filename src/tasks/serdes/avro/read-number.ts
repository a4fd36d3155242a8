import { Decimal, parseDecimal } from "../ion/ion-value.ts";
import { ConversionFailure } from "./conversion-failure.ts";
import { javaClass } from "./java-text.ts";

/** As Integer.valueOf and a cast to Integer. */
export function readInt(data: unknown): number {
  const value = typeof data === "string" ? parseInteger(data, 32) : data;
  if (typeof value === "bigint" && BigInt.asIntN(32, value) === value) return Number(value);
  throw notA("java.lang.Integer", data);
}

/** As Long.valueOf; what fits into a number is one. */
export function readLong(data: unknown): number | bigint {
  const value = typeof data === "string" ? parseInteger(data, 64) : data;
  // Kestra would keep the lower half of a number that is too large, which is another number.
  if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) throw notA("java.lang.Long", data);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

const INTEGER = /^[+-]?\d+$/;

function parseInteger(text: string, bits: 32 | 64): bigint {
  // Twenty characters hold every long; BigInt takes no plus.
  const value = INTEGER.test(text) && text.length < 400 ? BigInt(text.replace(/^\+/, "")) : undefined;
  if (value === undefined || BigInt.asIntN(bits, value) !== value) {
    throw new ConversionFailure(`For input string: "${text}"`);
  }
  return value;
}

/** An epoch time written as a number, as Long.parseLong takes it. */
export function epochText(text: string): number | bigint | undefined {
  return INTEGER.test(text) && text.length < 21 ? tryLong(text) : undefined;
}

function tryLong(text: string): number | bigint | undefined {
  try {
    return readLong(text);
  } catch {
    return undefined;
  }
}

const FLOATING = /^[+-]?(?:NaN|Infinity|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)$/;

/** As Double.valueOf, after the decimal separator has become a point. Exact decimals are taken too. */
export function readDouble(data: unknown, decimalSeparator: string): number {
  if (typeof data === "number") return data;
  if (typeof data === "bigint" || data instanceof Decimal) return Number(data.toString());
  if (typeof data !== "string") throw notA("java.lang.Double", data);
  const text = trimmed(withPoint(data, decimalSeparator));
  if (text === "") throw new ConversionFailure("empty String");
  if (!FLOATING.test(text)) throw new ConversionFailure(`For input string: "${text}"`);
  return Number(/[fFdD]$/.test(text) ? text.slice(0, -1) : text);
}

/** Java's trim: everything up to the space. */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start += 1;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end -= 1;
  return text.slice(start, end);
}

function withPoint(text: string, decimalSeparator: string): string {
  return decimalSeparator === "." ? text : text.replace(decimalSeparator, () => ".");
}

/** A decimal of a given precision and scale, rounded half to even. */
export function readDecimal(
  data: unknown,
  { precision, scale }: { precision: number; scale: number },
  decimalSeparator: string,
): Decimal {
  const value = rescaled(exactDecimal(data, precision, decimalSeparator), scale);
  const digits = String(value.unscaled).replace("-", "").length;
  if (digits > precision) {
    throw new ConversionFailure(
      `Cannot encode decimal with precision ${digits} as max precision ${precision}`,
    );
  }
  return value;
}

function exactDecimal(data: unknown, precision: number, decimalSeparator: string): Decimal {
  if (data instanceof Decimal) return data;
  if (typeof data === "bigint") return new Decimal(data, 0);
  const text =
    typeof data === "number" && Number.isFinite(data)
      ? data.toPrecision(Math.min(precision, 100))
      : typeof data === "string"
        ? withPoint(data, decimalSeparator)
        : undefined;
  if (text === undefined) throw notA("java.math.BigDecimal", data);
  const value = parseDecimal(text);
  // A scale in the millions is an attack on the memory, not a number.
  if (value && Math.abs(value.scale) < 10_000) return value;
  const wrong = /[^\d.eE+-]/.exec(text)?.[0];
  throw new ConversionFailure(
    wrong === undefined
      ? `"${text}" is no decimal number.`
      : `Character ${wrong} is neither a decimal digit number, decimal point, nor "e" notation exponential mark.`,
  );
}

function rescaled(value: Decimal, scale: number): Decimal {
  if (value.scale <= scale) {
    return new Decimal(value.unscaled * 10n ** BigInt(scale - value.scale), scale);
  }
  const divisor = 10n ** BigInt(value.scale - scale);
  const quotient = value.unscaled / divisor;
  const rest = value.unscaled % divisor;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const isUp = twice > divisor || (twice === divisor && quotient % 2n !== 0n);
  const step = value.unscaled < 0n ? -1n : 1n;
  return new Decimal(isUp ? quotient + step : quotient, scale);
}

/** The failure for a value of the wrong class. */
export function notA(wanted: string, data: unknown): ConversionFailure {
  if (data === null || data === undefined) return new ConversionFailure(`null is no ${wanted}`);
  return new ConversionFailure(`class ${javaClass(data)} cannot be cast to class ${wanted}`);
}
