import { keysOf } from "../../base/key-order.ts";
import { type Budget, charge, chargeText, DEEPEST_VALUE } from "../budget.ts";
import { ExpressionError } from "../expression-error.ts";
import { isList, isMap, numberText, type PlainMap, writtenMap } from "../values.ts";

/** Words that YAML 1.1 takes for null or a boolean. */
const WORDS = /^(?:null|~|true|false|yes|no|on|off|y|n)$/i;
/** What a text must not be like to stand without quotes: a sign that begins a collection, or one that ends it early. */
const NEEDS_DOUBLE = /^#|[{}[\],]|:$|:[ \t]|[ \t]#/;
/** A sign at its beginning that means something, or an octal number. */
const NEEDS_SINGLE = /^[*&@%!`'">|]|^[-?:](?:\s|$)|^\s|\s$|^---|^\.\.\.|^0[\d_]+$/;

const KEY_NEEDS_SINGLE = /^[{}[\],#]|:$|:[ \t]|[ \t]#/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these can only be escaped
const UNPRINTABLE = /[\x00-\x1f\x7f\u0085\u2028\u2029]/;
/** Longer keys stand on a line of their own, behind `?`. */
const LONGEST_KEY = 128;

/** A value as YAML, in the layout of Kestra: items of lists are indented by one, their maps and lists begin on the next line. */
export function yamlText(value: unknown, budget: Budget): string {
  if (value === null || value === undefined) return "null";
  if (value === "") return `--- ""\n`;
  const write = (part: unknown, indent: number, depth: number): string => {
    charge(budget, 1);
    if (depth > DEEPEST_VALUE) throw new ExpressionError("The value is nested too deeply.");
    chargeText(budget, indent);
    if (isList(part) && part.length > 0) return writeList(part, indent, depth);
    if (isMap(part) && Object.keys(part).length > 0) return writeMap(writtenMap(part), indent, depth);
    const text = scalarText(part, indent);
    chargeText(budget, text.length);
    return `${text}\n`;
  };
  const writeList = (list: unknown[], indent: number, depth: number): string => {
    const margin = " ".repeat(indent + 1);
    return list
      .map((item) =>
        isBlock(item)
          ? `${margin}-\n${write(item, indent + 2, depth + 1)}`
          : `${margin}- ${write(item, indent + 2, depth + 1)}`,
      )
      .join("");
  };
  const writeMap = (map: PlainMap, indent: number, depth: number): string => {
    const margin = " ".repeat(indent);
    return keysOf(map)
      .map((key) => {
        chargeText(budget, key.length);
        const inner = map[key];
        const name = keyText(key);
        const isLong = key === "" || key.includes("\n") || name.length >= LONGEST_KEY;
        const head = isLong ? `${margin}? ${name}\n${margin}:` : `${margin}${name}:`;
        if (isBlock(inner)) return `${head}\n${write(inner, indent + (isList(inner) ? 0 : 2), depth + 1)}`;
        return `${head} ${write(inner, indent + 2, depth + 1)}`;
      })
      .join("");
  };
  return write(value, 0, 0);
}

function isBlock(value: unknown): boolean {
  if (isList(value)) return value.length > 0;
  return isMap(value) && Object.keys(value).length > 0;
}

function scalarText(value: unknown, indent: number): string {
  if (value === null || value === undefined) return "null";
  if (isList(value)) return "[]";
  if (isMap(value)) return "{}";
  if (typeof value === "string") return stringText(value, Math.max(indent, 2));
  if (value instanceof Date) return value.toISOString();
  return typeof value === "boolean" ? String(value) : (numberText(value) ?? "null");
}

function stringText(text: string, indent: number): string {
  if (text.includes("\n")) return blockText(text, indent);
  if (text === "" || WORDS.test(text)) return quoted(text);
  if (UNPRINTABLE.test(text) || NEEDS_DOUBLE.test(text)) return quoted(text);
  return NEEDS_SINGLE.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
}

/** A text of several lines: `|` keeps one line break at its end, `|-` none, `|+` all. */
function blockText(text: string, indent: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these can only be escaped
  if (/[\x00-\x09\x0b-\x1f\x7f\u0085\u2028\u2029]/.test(text) || / (?:\n|$)/.test(text)) return quoted(text);
  const body = text.replace(/\n$/, "");
  const chomping = !text.endsWith("\n") ? "-" : body === "" || body.endsWith("\n") ? "+" : "";
  const hint = /^\s/.test(text) ? "2" : "";
  const margin = " ".repeat(indent);
  return `|${hint}${chomping}\n${body.replace(/^(?=.)/gm, margin)}`;
}

/** Keys need fewer quotes than texts: a comma ends none. What begins like a number has double ones. */
function keyText(key: string): string {
  if (key === "" || WORDS.test(key) || /^[-+.\d]/.test(key) || UNPRINTABLE.test(key)) return quoted(key);
  return KEY_NEEDS_SINGLE.test(key) || NEEDS_SINGLE.test(key) ? `'${key.replaceAll("'", "''")}'` : key;
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{
    "\0": "0",
    "\x07": "a",
    "\b": "b",
    "\t": "t",
    "\n": "n",
    "\v": "v",
    "\f": "f",
    "\r": "r",
    "\x1b": "e",
  },
  ...{ '"': '"', "\\": "\\", "\x85": "N", "\xa0": "_", "\u2028": "L", "\u2029": "P" },
};

function quoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these can only be escaped
  const escaped = text.replaceAll(/[\x00-\x1f"\\\x7f-\xa0\u2028\u2029]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(2, "0");
    return `\\${ESCAPES[character] ?? `x${code}`}`;
  });
  return `"${escaped}"`;
}
