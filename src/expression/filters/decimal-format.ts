import { ExpressionError } from "../expression-error.ts";
import { type NumberPattern, numberPattern } from "./number-pattern.ts";

/** Digits of a number without zeros at their ends; `point` says before which of them the point is. */
interface Digits {
  text: string;
  point: number;
}

/** More digits than a double has before its point; a decimal could have a million. */
const MOST_DIGITS = 10_000;

/** Formats a number as Java's DecimalFormat does in English; without a pattern with groups and at most three decimals. */
export function formatDecimal(value: number, pattern = "#,##0.###", exact?: `${number}`): string {
  const format = numberPattern(pattern);
  if (Number.isNaN(value)) return "NaN";
  const isNegative = exact?.startsWith("-") ?? (value < 0 || Object.is(value, -0));
  const text = Number.isFinite(value) || exact !== undefined ? numberText(value, format, exact) : "∞";
  return isNegative
    ? format.negativePrefix + text + format.negativeSuffix
    : format.prefix + text + format.suffix;
}

function numberText(value: number, format: NumberPattern, exact: string | undefined): string {
  const { factor, exponent, mostWhole, mostFraction } = format;
  const shown = exact === undefined ? Math.abs(value * factor) : undefined;
  if (shown === Number.POSITIVE_INFINITY) return "∞";
  const all = digitsOf(exact ?? String(shown));
  // What was written with all its digits is multiplied so, too.
  if (exact !== undefined && all.text !== "") all.point += String(factor).length - 1;
  if (Math.abs(all.point) > MOST_DIGITS) throw new ExpressionError("The number has too many digits.");
  const kept = exponent > 0 ? mostWhole + mostFraction : all.point + mostFraction;
  const digits = exponent > 0 && kept === 0 ? all : rounded(all, kept, shown);
  return exponent > 0 ? scientificText(digits, format) : plainText(digits, format);
}

function digitsOf(number: string): Digits {
  const [, whole = "", fraction = "", exponent = "0"] =
    /^-?(\d*)\.?(\d*)(?:[eE]([-+]?\d+))?$/.exec(number) ?? [];
  const leading = /^0*/.exec(whole + fraction)?.[0].length ?? 0;
  const text = (whole + fraction).slice(leading).replace(/0+$/, "");
  return { text, point: text === "" ? 0 : whole.length - leading + Number(exponent) };
}

/** So many of the digits; halves go to the even neighbour. */
function rounded(digits: Digits, count: number, value: number | undefined): Digits {
  const { text, point } = digits;
  if (count >= text.length) return digits;
  if (count < 0) return { text: "", point: 0 };
  const kept = text.slice(0, count);
  const isUp = isRoundedUp(text, count, point, value);
  const next = isUp ? String(BigInt(`0${kept}`) + 1n).padStart(count, "0") : kept;
  const carried = next.length - kept.length;
  const trimmed = next.replace(/0+$/, "");
  return { text: trimmed, point: trimmed === "" ? 0 : point + carried };
}

function isRoundedUp(text: string, count: number, point: number, value: number | undefined): boolean {
  if (text.slice(count) !== "5") return text.charAt(count) >= "5";
  // What is written as a half may lie beside it: 2.675 is a little less.
  const side = value === undefined ? 0 : sideOf(value, BigInt(text), point - text.length);
  return side === 0 ? Number(text.charAt(count - 1)) % 2 === 1 : side > 0;
}

/** Whether a double is more than `digits` times a power of ten (1), less (-1), or just that. */
function sideOf(value: number, digits: bigint, power: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const mantissa = (bits & 0xfffffffffffffn) | (exponent === 0 ? 0n : 0x10000000000000n);
  const binary = Math.max(exponent, 1) - 1075;
  const left = mantissa * (binary > 0 ? 2n ** BigInt(binary) : 1n) * (power < 0 ? 10n ** BigInt(-power) : 1n);
  const right = digits * (power > 0 ? 10n ** BigInt(power) : 1n) * (binary < 0 ? 2n ** BigInt(-binary) : 1n);
  return left > right ? 1 : left < right ? -1 : 0;
}

function plainText({ text, point }: Digits, format: NumberPattern): string {
  const whole = (point > 0 ? text.slice(0, point).padEnd(point, "0") : "").padStart(format.leastWhole, "0");
  const fraction = (point > 0 ? text.slice(point) : "0".repeat(text === "" ? 0 : -point) + text).padEnd(
    format.leastFraction,
    "0",
  );
  const isEmpty = whole === "" && fraction === "";
  const hasPoint = format.hasPoint || fraction !== "";
  return `${isEmpty ? "0" : grouped(whole, format.group)}${hasPoint ? "." : ""}${fraction}`;
}

function grouped(whole: string, group: number): string {
  if (group === 0) return whole;
  const first = whole.length % group;
  const rest = whole.slice(first).match(new RegExp(`.{${group}}`, "g")) ?? [];
  return [...(first > 0 ? [whole.slice(0, first)] : []), ...rest].join(",");
}

/** `0.##E0`: so many digits in front; where `#` stand before them the exponent is a multiple of all, as in `##0.##E0`. */
function scientificText({ text, point }: Digits, format: NumberPattern): string {
  const { mostWhole, leastWhole, leastFraction } = format;
  const isMultiple = mostWhole > 1 && mostWhole > leastWhole;
  const steps = Math.trunc((point >= 1 ? point - 1 : point - mostWhole) / mostWhole);
  const power = isMultiple ? steps * mostWhole : point - leastWhole;
  const whole = text === "" ? (isMultiple ? 1 : leastWhole) : point - power;
  const least = Math.max(leastWhole + leastFraction, whole);
  const digits = text.padEnd(least, "0");
  const hasPoint = digits.length > whole || format.hasPoint;
  const exponent = text === "" ? 0 : power;
  const written = String(Math.abs(exponent)).padStart(format.exponent, "0");
  return `${digits.slice(0, whole)}${hasPoint ? "." : ""}${digits.slice(whole)}E${exponent < 0 ? "-" : ""}${written}`;
}
