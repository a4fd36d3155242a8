import { shorten } from "../../base/shorten.ts";
import { doubleText } from "../../base/whole-float.ts";
import { optionalText } from "../arguments.ts";
import type { Filters } from "../callable.ts";
import { BigDecimal, bigDecimal } from "../decimals.ts";
import { ExpressionError } from "../expression-error.ts";
import {
  BigInteger,
  doubleOf,
  floatOf,
  type Numeric,
  numberKind,
  SingleFloat,
  singleText,
} from "../numbers.ts";
import { kindOf } from "../values.ts";
import { formatDecimal } from "./decimal-format.ts";

export const numberFilters: Filters = {
  abs: {
    parameters: [],
    apply(input) {
      const value = needed(input, "abs");
      if (typeof input === "bigint") return input < 0n ? -input : input;
      if (input instanceof BigInteger) return new BigInteger(input.value < 0n ? -input.value : input.value);
      if (input instanceof BigDecimal)
        return new BigDecimal(input.unscaled < 0n ? -input.unscaled : input.unscaled, input.scale);
      if (input instanceof SingleFloat) return new SingleFloat(Math.abs(value));
      return numberKind(input) === "DOUBLE" ? floatOf(Math.abs(value)) : Math.abs(value);
    },
  },
  number: {
    parameters: ["type"],
    apply(input, [type], run) {
      if (input === null || input === undefined) return null;
      if (type === null) throw new ExpressionError("The argument `type` is null.");
      if (typeof input !== "string") throw notText(input);
      const wanted = optionalText(type, "type", run) ?? "";
      // Kestra takes what is no type for none.
      return parseNumber(input, TYPES.includes(wanted) ? wanted : "");
    },
  },
  numberFormat: {
    parameters: ["format"],
    apply(input, [format], run) {
      if (input === null || input === undefined) return null;
      const number = needed(input, "numberFormat");
      return formatDecimal(number, optionalText(format, "format", run), exactText(input));
    },
  },
};

/** As in Kestra, what is a number already is none that can be read. */
function notText(input: unknown): ExpressionError {
  const isNumber = numberKind(input) !== undefined;
  return new ExpressionError(
    `The filter \`number\` needs a text, not ${kindOf(input)}${isNumber ? ", which needs no filter" : ""}.`,
  );
}

/** A number that JavaScript would round, with all of its digits. */
function exactText(input: unknown): `${number}` | undefined {
  if (input instanceof BigDecimal) return `${input.unscaled}e${-input.scale}` as `${number}`;
  return typeof input === "bigint" || input instanceof BigInteger
    ? (String(input) as `${number}`)
    : undefined;
}

function needed(input: unknown, filter: string): number {
  const number = doubleOf(input);
  if (number === undefined)
    throw new ExpressionError(`The filter \`${filter}\` needs a number, not ${kindOf(input)}.`);
  return number;
}

const TYPES = ["INT", "FLOAT", "LONG", "DOUBLE", "BIGDECIMAL", "BIGINTEGER"];

const WHOLE = /^([+-]?)(0[xX][0-9a-fA-F]{1,16}|#[0-9a-fA-F]{1,16}|0[0-7]{1,22}|0|[1-9]\d{0,399})$/;
const DECIMAL = /^[+-]?(?:\d{1,400}\.?\d{0,400}|\.\d{1,400})(?:[eE][+-]?\d{1,4})?$/;

/** Reads a number as commons-lang does: `0x1F` and `010` are hexadecimal and octal, `5L`, `5f` and `5d` say their type. */
function parseNumber(text: string, type: string): Numeric {
  const invalid = (): never => {
    throw new ExpressionError(`\`${shorten(text, 100)}\` is not a valid number.`);
  };
  if (type === "FLOAT" || type === "DOUBLE") {
    const double = javaDouble(text) ?? invalid();
    return type === "FLOAT" ? new SingleFloat(double) : floatOf(double);
  }
  const [, plain = text, suffix = ""] = type === "" ? (/^(.*?\d)([lLfFdD])?$/s.exec(text) ?? []) : [];
  const body = /^[+-]?0[xX]/.test(text) && /[dDfF]/.test(suffix) ? text : plain;
  const isFloat = type === "BIGDECIMAL" || (body !== text && /[fFdD]/.test(suffix));
  const whole = isFloat ? null : WHOLE.exec(body);
  if (whole !== null)
    return (
      wholeNumber(whole[1] ?? "", whole[2] ?? "", type === "" && /[lL]/.test(suffix) ? "LONG" : type) ??
      invalid()
    );
  const isOctal = /^[+-]?0\d+$/.test(body);
  if (!DECIMAL.test(body) || (isOctal && !isFloat) || ["INT", "LONG", "BIGINTEGER"].includes(type))
    return invalid();
  return decimalNumber(body, type === "" ? suffix : type);
}

/** Reads what Java's `parseDouble` reads, but for digits in base 16; undefined for what is no number. */
function javaDouble(text: string): number | undefined {
  // All that Java trims.
  const trimmed = text.replace(/^[\0-\x20]+|[\0-\x20]+$/g, "");
  if (/^[+-]?(?:NaN|Infinity)$/.test(trimmed)) return Number(trimmed.replace(/^[+-](?=N)/, ""));
  const body = trimmed.replace(/(?<=[\d.])[fFdD]$/, "");
  return DECIMAL.test(body) ? Number(body) : undefined;
}

/** A Float where it stands for what is written, else a Double that does, else a BigDecimal. */
function decimalNumber(text: string, type: string): Numeric {
  const number = Number(text);
  const single = new SingleFloat(number);
  if (/^f$/i.test(type)) return single;
  if (/^d$/i.test(type)) return floatOf(number);
  const exact = bigDecimal(text) as BigDecimal;
  const isInRange = Number.isFinite(number) && (number !== 0 || exact.unscaled === 0n);
  if (type !== "" || !isInRange) return exact;
  if (singleText(single.value) === doubleText(number)) return single;
  return isWrittenAs(number, exact) ? floatOf(number) : exact;
}

function isWrittenAs(number: number, { unscaled, scale }: BigDecimal): boolean {
  const shown = bigDecimal(doubleText(number));
  if (shown === undefined) return false;
  const least = Math.min(shown.scale, scale);
  const digits = (value: bigint, places: number) => value * 10n ** BigInt(places - least);
  return digits(shown.unscaled, scale) === digits(unscaled, shown.scale);
}

function wholeNumber(sign: string, digits: string, type: string): Numeric | undefined {
  const magnitude = digits.startsWith("#")
    ? BigInt(`0x${digits.slice(1)}`)
    : /^0[0-7]+$/.test(digits)
      ? BigInt(`0o${digits.slice(1)}`)
      : BigInt(digits.toLowerCase());
  const value = sign === "-" ? -magnitude : magnitude;
  const isInteger = value >= -(2n ** 31n) && value < 2n ** 31n;
  const isLong = value >= -(2n ** 63n) && value < 2n ** 63n;
  if ((type === "INT" && !isInteger) || (type === "LONG" && !isLong)) return undefined;
  if (type === "BIGINTEGER" || !isLong) return new BigInteger(value);
  return isInteger && type !== "LONG" ? Number(value) : value;
}
