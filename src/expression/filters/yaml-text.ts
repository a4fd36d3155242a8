import { keysOf } from "../../base/key-order.ts";
import { type Budget, charge, chargeText, DEEPEST_VALUE } from "../budget.ts";
import { ExpressionError } from "../expression-error.ts";
import { isList, isMap, numberText, type PlainMap } from "../values.ts";

/** Words that YAML 1.1 takes for null or a boolean. */
const WORDS = /^(?:null|~|true|false|yes|no|on|off|y|n)$/i;
/** What a text must not be like to stand without quotes: an indicator at its beginning, or one that ends it early. */
const NEEDS_DOUBLE = /^[{}[\],#>|"]|[{[,\]}:]$|: |:\t| #|^[-+]?\.(?:inf|nan)$/i;
const NEEDS_SINGLE = /^[*&@%!`'?]|^[-?:](?:\s|$)|^\s|\s$|^---|^\.\.\./;

/** A value as YAML, in the layout of Kestra: items of lists are indented by one, their maps and lists begin on the next line. */
export function yamlText(value: unknown, budget: Budget): string {
  if (value === null || value === undefined) return "null";
  const write = (part: unknown, indent: number, depth: number): string => {
    charge(budget, 1);
    if (depth > DEEPEST_VALUE) throw new ExpressionError("The value is nested too deeply.");
    chargeText(budget, indent);
    if (isList(part) && part.length > 0) return writeList(part, indent, depth);
    if (isMap(part) && Object.keys(part).length > 0) return writeMap(part, indent, depth);
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
        const head = `${margin}${keyText(key)}:`;
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
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these can only be escaped
  if (/[\x00-\x1f\x7f\u0085\u2028\u2029\ufeff]/.test(text) || NEEDS_DOUBLE.test(text)) return quoted(text);
  return NEEDS_SINGLE.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
}

/** A text of several lines: `|` keeps one line break at its end, `|-` none, `|+` all. */
function blockText(text: string, indent: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these can only be escaped
  if (/[\x00-\x08\x0b-\x1f\x7f\u0085\u2028\u2029]/.test(text) || /^\n*$/.test(text) || / \n/.test(text))
    return quoted(text);
  const body = text.replace(/\n$/, "");
  const chomping = !text.endsWith("\n") ? "-" : body.endsWith("\n") ? "+" : "";
  const hint = /^\s/.test(text) ? "2" : "";
  const margin = " ".repeat(indent);
  return `|${hint}${chomping}\n${body.replace(/^(?=.)/gm, margin)}`;
}

function keyText(key: string): string {
  const isNumber = /^[-+]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$|^0x[\da-f]+$/i.test(key);
  return isNumber || key === "" ? quoted(key) : key.includes("\n") ? quoted(key) : stringText(key, 0);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
