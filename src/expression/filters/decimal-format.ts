import { ExpressionError } from "../expression-error.ts";

/** Java's DecimalFormat, as far as flows use it: `#,##0.00`, `0000`, `0.#%`, `0.##E0`, `0;(0)`, with any text before and after. */
const PATTERN = /^((?:[^#0,.%';]|'[^']*')*)([#0,]*)(?:\.([#0]*))?(?:E(0+))?(%?)((?:[^#0,.';]|'[^']*')*)$/;

const LONGEST_PATTERN = 100;

interface Format {
  before: string;
  whole: string;
  fraction: string;
  exponent: string;
  percent: string;
  after: string;
}

/** Formats a number in English; without a pattern with groups and at most three decimals. Halves go to the even neighbour. */
export function formatDecimal(value: number, pattern = "#,##0.###", exact?: `${number}`): string {
  const [positive = "", negative] = splitPattern(pattern);
  const format = parsePattern(positive, pattern);
  const shown = format.exponent === "" ? digitsOf(value, format, exact) : scientificOf(value, format);
  const isNegative = (value < 0 || Object.is(value, -0)) && /[1-9]/.test(shown);
  if (isNegative && negative !== undefined) {
    const signs = parsePattern(negative, pattern);
    return `${unquote(signs.before)}${shown}${format.percent}${unquote(signs.after)}`;
  }
  return `${isNegative ? "-" : ""}${unquote(format.before)}${shown}${format.percent}${unquote(format.after)}`;
}

/** The pattern of positive numbers and that of negative ones, of which only the texts around count. */
function splitPattern(pattern: string): string[] {
  return pattern.length > LONGEST_PATTERN ? [pattern] : pattern.split(/;(?=(?:[^']*'[^']*')*[^']*$)/, 2);
}

function parsePattern(part: string, whole: string): Format {
  const match = part === "" || part.length > LONGEST_PATTERN ? null : PATTERN.exec(part);
  if (match === null) throw new ExpressionError(`The number format \`${whole.slice(0, 100)}\` is not valid.`);
  const [, before = "", digits = "", fraction = "", exponent = "", percent = "", after = ""] = match;
  return { before, whole: digits, fraction, exponent, percent, after };
}

function digitsOf(value: number, { whole, fraction, percent }: Format, exact?: `${number}`): string {
  const size = exact === undefined || percent !== "" ? Math.abs(percent === "" ? value : value * 100) : exact;
  const digits = new Intl.NumberFormat("en-US", {
    useGrouping: whole.includes(","),
    minimumIntegerDigits: within(whole.replaceAll(/[^0]/g, "").length, 1, 21),
    minimumFractionDigits: within(fraction.replaceAll("#", "").length, 0, 100),
    maximumFractionDigits: within(fraction.length, 0, 100),
    roundingMode: "halfEven",
    signDisplay: "never",
  } as Intl.NumberFormatOptions).format(size);
  // `#.00` has no zero in front, `0.00` has one.
  return whole !== "" && !whole.includes("0") && digits.startsWith("0.") ? digits.slice(1) : digits;
}

/** `0.##E0`: one digit in front for each zero, the exponent behind. */
function scientificOf(value: number, format: Format): string {
  if (!Number.isFinite(value)) return digitsOf(value, format);
  const front = Math.max(1, format.whole.replaceAll(/[^0]/g, "").length);
  const power = value === 0 ? 0 : Number(value.toExponential().split("e")[1]) - front + 1;
  const digits = digitsOf(value / 10 ** power, { ...format, percent: "" });
  const written = String(Math.abs(power)).padStart(format.exponent.length, "0");
  return `${digits}E${power < 0 ? "-" : ""}${written}`;
}

function within(count: number, least: number, most: number): number {
  if (count > most) throw new ExpressionError("The number format has too many digits.");
  return Math.max(least, count);
}

function unquote(text: string): string {
  return text.replaceAll(/'([^']*)'/g, (_, quoted: string) => (quoted === "" ? "'" : quoted));
}
