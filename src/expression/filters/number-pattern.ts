import { shorten } from "../../base/shorten.ts";
import { ExpressionError } from "../expression-error.ts";

/** A pattern of Java's DecimalFormat. */
export interface NumberPattern {
  prefix: string;
  suffix: string;
  /** Around negative numbers. */
  negativePrefix: string;
  negativeSuffix: string;
  leastWhole: number;
  mostWhole: number;
  leastFraction: number;
  mostFraction: number;
  /** Digits between two commas; 0: there are none. */
  group: number;
  /** The point stands also before nothing. */
  hasPoint: boolean;
  /** Digits of the exponent; 0: there is none. */
  exponent: number;
  /** 100 for percent, 1000 for per mille. */
  factor: number;
}

const LONGEST_PATTERN = 100;
const DIGITS = "#0,.";

/** What a part of a pattern holds; its digits are counted in the order `#`, `0`, `#`. */
interface Reading {
  prefix: string;
  suffix: string;
  left: number;
  zeros: number;
  right: number;
  /** Digits since the last comma; -1: there was none. */
  group: number;
  /** Digits before the point; -1: there is none. */
  point: number;
  exponent: number;
  factor: number;
}

/** Reads a pattern: that of positive numbers, and that of negative ones, of which only the texts around count. */
export function numberPattern(pattern: string): NumberPattern {
  const refuse = (why: string): never => {
    throw new ExpressionError(`The number format \`${shorten(pattern, 100)}\` is not valid: ${why}.`);
  };
  if (pattern.length > LONGEST_PATTERN) refuse(`it is longer than ${LONGEST_PATTERN} characters`);
  if (pattern === "") return EVERYTHING;
  const [positive, end] = readPart(pattern, 0, false, refuse);
  const isLast = end + 1 >= pattern.length;
  const [negative, last] =
    pattern[end] === ";" && !isLast ? readPart(pattern, end + 1, true, refuse) : [undefined, end + 1];
  if (last < pattern.length) refuse("it has more than two parts; a `;` that means itself is quoted");
  const { prefix, suffix, left, zeros, right, point, group, exponent, factor } = positive;
  const total = left + zeros + right;
  const isSame = negative === undefined || (negative.prefix === prefix && negative.suffix === suffix);
  const leastWhole = (point >= 0 ? point : total) - left;
  return {
    ...{ prefix, suffix, exponent, factor, leastWhole },
    negativePrefix: isSame ? `-${prefix}` : negative.prefix,
    negativeSuffix: isSame ? suffix : negative.suffix,
    mostWhole: exponent > 0 ? left + leastWhole : Number.POSITIVE_INFINITY,
    leastFraction: point >= 0 ? left + zeros - point : 0,
    mostFraction: point >= 0 ? total - point : 0,
    group: Math.max(0, group),
    hasPoint: point === 0 || point === total,
  };
}

/** What an empty pattern means: all digits, in groups. */
const EVERYTHING: NumberPattern = {
  ...{ prefix: "", suffix: "", negativePrefix: "-", negativeSuffix: "", exponent: 0, factor: 1, group: 3 },
  ...{ leastWhole: 0, mostWhole: Number.POSITIVE_INFINITY, hasPoint: false },
  ...{ leastFraction: 0, mostFraction: Number.POSITIVE_INFINITY },
};

type Refuse = (why: string) => never;

/** One part, up to its `;`; digits may stand around a text, which then comes behind them. */
function readPart(
  pattern: string,
  start: number,
  isNegative: boolean,
  refuse: Refuse,
): [part: Reading, end: number] {
  const part: Reading = {
    ...{ prefix: "", suffix: "", left: 0, zeros: 0, right: 0, group: -1, point: -1, exponent: 0, factor: 1 },
  };
  let at = start;
  let hasDigits = false;
  while (at < pattern.length && pattern[at] !== ";") {
    const character = pattern.charAt(at);
    const isExponent =
      hasDigits && part.exponent === 0 && character === "E" && DIGITS.includes(pattern.charAt(at - 1));
    if (DIGITS.includes(character) || isExponent) {
      hasDigits = true;
      at = isNegative ? at + 1 : readDigit(part, pattern, at, refuse);
      continue;
    }
    const [text, end] = readText(part, pattern, at, refuse);
    if (hasDigits) part.suffix += text;
    else part.prefix += text;
    at = end;
  }
  if (!isNegative && !hasDigits && pattern[at] === ";") refuse("no number stands before its `;`");
  if (!isNegative) check(part, refuse);
  return [part, at];
}

/** One sign of the number itself; returns where the next one is. */
function readDigit(part: Reading, pattern: string, at: number, refuse: Refuse): number {
  const character = pattern.charAt(at);
  if (character === "E") {
    const end = at + 1 + (/^0*/.exec(pattern.slice(at + 1))?.[0].length ?? 0);
    part.exponent = end - at - 1;
    if (part.exponent === 0 || part.left + part.zeros === 0)
      refuse("an exponent is written as `0E0`; an `E` that means itself is quoted");
    return end;
  }
  if (character === ",") part.group = 0;
  else if (character === ".") {
    if (part.point >= 0) refuse("it has two points");
    part.point = part.left + part.zeros + part.right;
  } else {
    if (character === "0" && part.right > 0) refuse("there is a `0` behind a `#`");
    if (character === "0") part.zeros += 1;
    else if (part.zeros > 0) part.right += 1;
    else part.left += 1;
    if (part.group >= 0 && part.point < 0) part.group += 1;
  }
  return at + 1;
}

/** A text before or behind the number, and where it ends. */
function readText(part: Reading, pattern: string, at: number, refuse: Refuse): [text: string, end: number] {
  const character = pattern.charAt(at);
  if (character === "'") {
    if (pattern[at + 1] === "'") return ["'", at + 2];
    const quoted = /^'((?:[^']|'')*)'/.exec(pattern.slice(at));
    if (quoted === null) return refuse("a quote is not closed");
    return [(quoted[1] as string).replaceAll("''", "'"), at + quoted[0].length];
  }
  if (character === "¤") return pattern[at + 1] === "¤" ? ["USD", at + 2] : ["$", at + 1];
  if (character === "%" || character === "‰") {
    if (part.factor !== 1) refuse("it has two signs of percent or per mille");
    part.factor = character === "%" ? 100 : 1000;
  }
  return [character, at + 1];
}

function check(part: Reading, refuse: Refuse): void {
  if (part.zeros === 0 && part.left > 0 && part.point >= 0) {
    // `#.##` has one digit that is always there, `.##` the first behind the point.
    const place = part.point === 0 ? 1 : part.point;
    part.right = part.left - place;
    part.left = place - 1;
    part.zeros = 1;
  }
  const { left, zeros, right, point, group } = part;
  if (group === 0) refuse("a comma has digits behind it");
  const isInPlace = point < 0 ? right === 0 : point >= left && point <= left + zeros;
  if (!isInPlace) refuse("before the point `#` come first, behind it `0`");
}
