import { ExpressionError } from "../expression-error.ts";

/** Java's DecimalFormat, as far as flows use it: `#,##0.00`, `0000`, `0.#%`, with any text before and after. */
const PATTERN = /^((?:[^#0,.%';]|'[^']*')*)([#0,]*)(?:\.([#0]*))?(%?)((?:[^#0,.';]|'[^']*')*)$/;

const LONGEST_PATTERN = 100;

/** Formats a number in English; without a pattern with groups and at most three decimals. Halves go to the even neighbour. */
export function formatDecimal(value: number, pattern = "#,##0.###"): string {
  const match = pattern.length > LONGEST_PATTERN ? null : PATTERN.exec(pattern);
  if (match === null || pattern === "")
    throw new ExpressionError(`The number format \`${pattern.slice(0, 100)}\` is not valid.`);
  const [, before = "", whole = "", fraction = "", percent = "", after = ""] = match;
  const digits = new Intl.NumberFormat("en-US", {
    useGrouping: whole.includes(","),
    minimumIntegerDigits: within(whole.replaceAll(/[^0]/g, "").length, 1, 21),
    minimumFractionDigits: within(fraction.replaceAll("#", "").length, 0, 100),
    maximumFractionDigits: within(fraction.length, 0, 100),
    roundingMode: "halfEven",
  } as Intl.NumberFormatOptions).format(Math.abs(percent === "" ? value : value * 100));
  // `#.00` has no zero in front, `0.00` has one.
  const shown = whole !== "" && !whole.includes("0") && digits.startsWith("0.") ? digits.slice(1) : digits;
  const isNegative = value < 0 && /[1-9]/.test(shown);
  return `${isNegative ? "-" : ""}${unquote(before)}${shown}${percent}${unquote(after)}`;
}

function within(count: number, least: number, most: number): number {
  if (count > most) throw new ExpressionError("The number format has too many digits.");
  return Math.max(least, count);
}

function unquote(text: string): string {
  return text.replaceAll(/'([^']*)'/g, (_, quoted: string) => (quoted === "" ? "'" : quoted));
}
