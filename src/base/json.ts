import { entriesOf, isOrdered, keysOf, mapOf } from "./key-order.ts";
import { rawJson, WholeFloat } from "./whole-float.ts";

// JSON as Java knows it, and Postgres's type json keeps it: with the order of the keys, `1.0` as a float, and every digit of long
// integers. JavaScript loses these three, so texts that have them take a way of their own; nearly none has.

/** A key that JavaScript would sort. */
const SORTED_KEY = /"\d+"\s*:/;
/** A float without a fraction or with an exponent, `-0`, which is no float, or an integer that JavaScript would round. In a text they do no harm. */
const ODD_NUMBERS = [
  /-0(?=[,\]}\s]|$)/,
  /\.0+(?=[,\]}\s]|$)/,
  /\d[eE][-+]?\d+(?=[,\]}\s]|$)/,
  /(?<![.\d])\d{16}/,
];

/** Whether a text may hold what JSON.parse loses. */
export function hasOddJson(text: string): boolean {
  return SORTED_KEY.test(text) || hasOddNumber(text);
}

function hasOddNumber(text: string): boolean {
  return ODD_NUMBERS.some((form) => form.test(text));
}

/** Reads JSON: floats without a fraction become WholeFloats, integers beyond what JavaScript knows bigints, and keys keep their order. */
export function readJson(text: string): unknown {
  if (hasSortedKeys(text)) return parseInOrder(text, revive);
  return hasOddNumber(text) ? JSON.parse(text, revive) : JSON.parse(text);
}

/** Whether a text may have keys that JavaScript sorts. */
export function hasSortedKeys(text: string): boolean {
  return SORTED_KEY.test(text);
}

/** Reads JSON whose keys keep their order, with what the reviver makes of all but the maps. */
export function parseInOrder(text: string, revive: Reviver): unknown {
  try {
    return JSON.parse(markKeys(text), inOrder(revive));
  } catch (error) {
    if (error instanceof SyntaxError) JSON.parse(text); // it tells of the text as it was given
    throw error;
  }
}

/** Writes JSON that `readJson` reads as the same. What JavaScript has no JSON for comes as from JSON.stringify. */
export function writeJson(value: unknown, indent = 0): string {
  return isOdd(value) ? (write(value, indent, "\n") ?? "null") : JSON.stringify(value, undefined, indent);
}

/** The value as JSON.stringify writes it as it is, for those who write JSON by themselves. */
export function viewJson(value: unknown): unknown {
  if (!isOdd(value)) return value;
  if (typeof value === "bigint") return rawJson(String(value));
  if (Array.isArray(value)) return value.map(viewJson);
  const map = value as Record<string, unknown>;
  const copy = mapOf(entriesOf(map).map(([key, part]) => [key, viewJson(part)]));
  return isOrdered(map) ? new Proxy(copy, { ownKeys: () => [...keysOf(map)] }) : copy;
}

/** What JSON.parse tells of a number: how it was written. TypeScript's libraries do not know it yet. */
export type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;

const revive: Reviver = (_, value, context) => {
  if (typeof value !== "number") return value;
  const source = context?.source ?? String(value);
  if (/[.eE]/.test(source)) return Number.isInteger(value) ? new WholeFloat(value) : value;
  return Number.isSafeInteger(value) ? value + 0 : BigInt(source);
};

/** Marks keys, so that none is taken for an index: they begin with something else. What is no JSON stays none. */
function markKeys(text: string): string {
  let marked = "";
  let kept = 0;
  for (let at = text.indexOf('"'); at >= 0; ) {
    const end = endOfString(text, at);
    if (end < 0) break;
    if (isKey(text, end)) {
      marked += `${text.slice(kept, at)}"#`;
      kept = at + 1;
    }
    at = text.indexOf('"', end);
  }
  return marked + text.slice(kept);
}

/** Where a string that begins here is over; -1 if it is not. No regular expression looks: where it ends in vain, it would begin again at each quote. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at;
    while (text[before - 1] === "\\") before -= 1;
    if ((at - before) % 2 === 0) return at + 1;
  }
  return -1;
}

/** Whether a colon comes behind the string that ended here. */
function isKey(text: string, end: number): boolean {
  let at = end;
  while (WHITESPACE.has(text[at] ?? "")) at += 1;
  return text[at] === ":";
}

const WHITESPACE: ReadonlySet<string> = new Set([" ", "\t", "\n", "\r"]);

function inOrder(revive: Reviver): Reviver {
  return function (key, value, context) {
    if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof WholeFloat)
      return revive.call(this, key, value, context);
    return mapOf(Object.entries(value).map(([name, part]) => [name.slice(1), part]));
  };
}

/** Whether it holds what JSON.stringify refuses or sorts. A WholeFloat knows by itself how it is written. */
function isOdd(value: unknown): boolean {
  try {
    return holdsOdd(value);
  } catch (error) {
    // It goes round in circles, or is nested too deeply: JSON.stringify says which.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function holdsOdd(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value === "bigint";
  if (Array.isArray(value)) return value.some(holdsOdd);
  if (isOrdered(value)) return true;
  for (const key in value) if (holdsOdd((value as Record<string, unknown>)[key])) return true;
  return false;
}

function write(value: unknown, indent: number, line: string): string | undefined {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null || hasOwnText(value)) return JSON.stringify(value);
  const inner = indent === 0 ? "" : line + " ".repeat(indent);
  const outer = indent === 0 ? "" : line;
  const part = (child: unknown) => write(child, indent, inner);
  if (Array.isArray(value)) {
    const items = value.map((item) => inner + (part(item) ?? "null"));
    return items.length === 0 ? "[]" : `[${items.join(",")}${outer}]`;
  }
  const members = entriesOf(value as Record<string, unknown>).flatMap(([key, child]) => {
    const text = part(child);
    return text === undefined ? [] : `${inner}${JSON.stringify(key)}:${indent === 0 ? "" : " "}${text}`;
  });
  return members.length === 0 ? "{}" : `{${members.join(",")}${outer}}`;
}

/** Dates, and floats without a fraction; a map's key of that name holds no function. */
function hasOwnText(value: object): boolean {
  return "toJSON" in value && typeof value.toJSON === "function";
}
