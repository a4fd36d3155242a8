import { ionDecimal } from "../../base/decimal.ts";
import { keysOf } from "../../base/key-order.ts";
import { doubleText } from "../../base/whole-float.ts";
import { type Budget, charge, chargeText, DEEPEST_VALUE } from "../budget.ts";
import { BigDecimal } from "../decimals.ts";
import { ExpressionError } from "../expression-error.ts";
import { doubleOf, isFloat } from "../numbers.ts";
import { isList, isMap, numberText, writtenMap } from "../values.ts";

/** Words that a symbol must quote. */
const KEYWORDS = ["null", "true", "false", "nan"];

/** A value as Ion text. Unlike in JSON, what is null in a map stays. */
export function ionText(value: unknown, budget: Budget, depth = 0): string {
  charge(budget, 1);
  if (depth > DEEPEST_VALUE) throw new ExpressionError("The value is nested too deeply.");
  if (value === null || value === undefined) return "null";
  if (typeof value === "boolean") return String(value);
  if (value instanceof BigDecimal) return ionDecimal(value);
  if (isFloat(value)) return floatText(doubleOf(value) as number);
  const whole = numberText(value);
  if (whole !== undefined) return whole;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "string") {
    chargeText(budget, value.length);
    return `"${escapeText(value, '"')}"`;
  }
  if (isList(value)) return `[${value.map((item) => ionText(item, budget, depth + 1)).join(",")}]`;
  if (!isMap(value)) throw new ExpressionError("A value of this kind cannot be written as Ion.");
  const map = writtenMap(value);
  const fields = keysOf(map).map((key) => {
    chargeText(budget, key.length);
    return `${symbolText(key)}:${ionText(map[key], budget, depth + 1)}`;
  });
  return `{${fields.join(",")}}`;
}

/** `1.0` is `1e0`, and an exponent of Java's is written small. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "+inf" : "-inf";
  const text = doubleText(value);
  if (text.includes("E")) return text.replace("E", "e");
  return Number.isInteger(value) ? `${Object.is(value, -0) ? "-0" : value}e0` : `${text}e0`;
}

function symbolText(name: string): string {
  const isPlain =
    /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) && !KEYWORDS.includes(name) && !/^\$\d+$/.test(name);
  return isPlain ? name : `'${escapeText(name, "'")}'`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\x07": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\\": "\\\\",
};

function escapeText(text: string, quote: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be escaped
  return text.replace(/[\x00-\x1f\x7f\\"']/g, (character) => {
    if (character === quote) return `\\${quote}`;
    if (character === '"' || character === "'") return character;
    return ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}
