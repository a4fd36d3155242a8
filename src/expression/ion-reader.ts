import { setKey } from "../base/key-order.ts";
import { type Budget, charge, DEEPEST_VALUE } from "./budget.ts";
import { bigDecimal } from "./decimals.ts";
import { ExpressionError } from "./expression-error.ts";
import { daysInMonth } from "./java-date/calendar.ts";
import { floatOf } from "./numbers.ts";
import type { PlainMap } from "./values.ts";

/** White space and comments. */
const BLANK = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
/**
 * Long strings, strings and quoted symbols, brackets, words, numbers and times with what stands against them, and operators, which
 * are values only within parentheses.
 */
const TOKEN =
  /('{3}(?:[^\\]|\\[\s\S])*?'{3})|("(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*')|(\{\{|::|[{}[\](),:])|(null\.[a-z]+|[A-Za-z_$][\w$]*|[+-]inf(?![\w$])|\d{4}-\d\d[^\s{}[\](),'"]*|-?\d[^\s{}[\](),:'"]*)|([!#%&*+\-./;<=>?@^`|~]+)|$/y;

/** A value that more than one word writes: `Instant::"…"`. The words themselves say nothing that an expression needs. */
interface Reader {
  readonly text: string;
  readonly budget: Budget;
  at: number;
  /** The token that was read too far. */
  waiting: Token | undefined;
}

type Token = { kind: "end" | "long" | "quoted" | "mark" | "word" | "operator"; text: string };

/** The values of an Ion text, up to `most` of them. Points in time stay texts. Throws ExpressionError. */
export function parseIon(text: string, most: number, budget: Budget): unknown[] {
  charge(budget, Math.ceil(text.length / 8));
  const reader: Reader = { text, budget, at: 0, waiting: undefined };
  const values: unknown[] = [];
  while (values.length < most) {
    const token = next(reader);
    if (token.kind === "end") break;
    // The marker that a text begins with is no value.
    if (token.kind !== "word" || !/^\$ion_\d+_\d+$/.test(token.text))
      values.push(readValue(reader, token, 0));
  }
  return values;
}

function next(reader: Reader): Token {
  const { waiting } = reader;
  if (waiting !== undefined) {
    reader.waiting = undefined;
    return waiting;
  }
  charge(reader.budget, 1);
  BLANK.lastIndex = reader.at;
  reader.at += BLANK.exec(reader.text)?.[0].length ?? 0;
  TOKEN.lastIndex = reader.at;
  const match = TOKEN.exec(reader.text);
  if (match === null)
    throw new ExpressionError(
      `Invalid ion: unexpected \`${reader.text.slice(reader.at).trim().slice(0, 20)}\`.`,
    );
  reader.at += match[0].length;
  const [, long, quoted, mark, word, operator] = match;
  if (long !== undefined) return { kind: "long", text: long };
  if (quoted !== undefined) return { kind: "quoted", text: quoted };
  if (mark !== undefined) return { kind: "mark", text: mark };
  if (operator !== undefined) return { kind: "operator", text: operator };
  return word === undefined ? { kind: "end", text: "the end of the text" } : { kind: "word", text: word };
}

function readValue(reader: Reader, token: Token, depth: number): unknown {
  charge(reader.budget, 1);
  if (depth > DEEPEST_VALUE) throw new ExpressionError("The value is nested too deeply.");
  if (token.kind === "long") return readLong(reader, token);
  if (token.kind === "word" || token.kind === "quoted") return readScalar(reader, token, depth);
  if (token.text === "{") return readStruct(reader, depth);
  if (token.text === "[") return readItems(reader, "]", true, depth);
  if (token.text === "(") return readItems(reader, ")", false, depth);
  if (token.text === "{{") return readLob(reader);
  throw new ExpressionError(`Invalid ion: unexpected \`${token.text}\`.`);
}

/** A text, a number or a word, or what stands behind the annotation that it turns out to be. */
function readScalar(reader: Reader, token: Token, depth: number): unknown {
  const following = next(reader);
  if (following.kind === "mark" && following.text === "::" && !token.text.startsWith('"'))
    return readValue(reader, next(reader), depth + 1);
  reader.waiting = following;
  return token.kind === "quoted" ? unescapeText(token.text.slice(1, -1)) : wordValue(token.text);
}

function wordValue(word: string): unknown {
  if (word === "null" || /^null\.[a-z]+$/.test(word)) return null;
  if (word === "true" || word === "false") return word === "true";
  if (word === "nan") return Number.NaN;
  if (word === "+inf" || word === "-inf") return word === "+inf" ? Infinity : -Infinity;
  const time = TIMESTAMP.exec(word);
  if (time !== null) return timeText(time);
  if (!/^-?\d/.test(word)) return symbolOf(word);
  const number = /^-?0\d/.test(word) ? undefined : numberValue(word.replaceAll("_", ""));
  if (number === undefined)
    throw new ExpressionError(`Invalid ion: \`${word}\` is neither a number nor a time.`);
  return number;
}

/** What every table of symbols begins with. */
const SYSTEM_SYMBOLS =
  "$ion $ion_1_0 $ion_symbol_table name version imports symbols max_id $ion_shared_symbol_table".split(" ");

/** A symbol may be written by its number. */
function symbolOf(word: string): string {
  if (!/^\$\d+$/.test(word)) return word;
  const symbol = SYSTEM_SYMBOLS[Number(word.slice(1)) - 1];
  if (symbol === undefined) throw new ExpressionError(`Invalid ion: there is no symbol \`${word}\`.`);
  return symbol;
}

const TIMESTAMP =
  /^(\d{4})(?:T|-(\d\d)(?:T|-(\d\d)(?:T(?:(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[-+]\d\d:\d\d))?)?))$/;

/** A time as Kestra has it: midnight in UTC is a day, and there are no parts of milliseconds. */
function timeText(match: RegExpExecArray): string {
  const [
    ,
    year,
    month = "01",
    day = "01",
    hour = "00",
    minute = "00",
    second = "00",
    fraction,
    offset = "Z",
  ] = match;
  const millis = (fraction ?? "").padEnd(3, "0").slice(0, 3);
  const shown = millis === "000" ? "" : `.${millis}`;
  const zone = /^[-+]00:00$/.test(offset) ? "Z" : offset;
  const date = `${year}-${month}-${day}`;
  if (
    !(Number(month) >= 1 && Number(day) >= 1 && Number(day) <= daysInMonth(Number(year), Number(month))) ||
    Number(month) > 12
  )
    throw new ExpressionError(`Invalid ion: there is no day ${date}.`);
  if (zone === "Z" && shown === "" && `${hour}${minute}${second}` === "000000") return date;
  // Beside an offset of its own seconds that are none are left out.
  const seconds = zone !== "Z" && second === "00" && shown === "" ? "" : `:${second}${shown}`;
  return `${date}T${hour}:${minute}${seconds}${zone}`;
}

function numberValue(word: string): unknown {
  const radix = /^(-?)(0[xXbB][0-9a-fA-F]{1,400})$/.exec(word);
  if (radix !== null) return wholeValue(BigInt(radix[2] as string) * (radix[1] === "-" ? -1n : 1n));
  if (/^-?\d{1,400}$/.test(word)) return wholeValue(BigInt(word));
  if (!/^-?\d{1,400}(?:\.\d*)?(?:[eEdD][+-]?\d{1,4})?$/.test(word)) return undefined;
  // Without an exponent of its own kind a number with a point is a decimal.
  return /[eE]/.test(word) ? floatOf(Number(word)) : bigDecimal(word.replace(/[dD]/, "e"));
}

function wholeValue(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function readLong(reader: Reader, first: Token): string {
  let text = "";
  let token = first;
  for (; token.kind === "long"; token = next(reader)) text += unescapeText(token.text.slice(3, -3));
  reader.waiting = token;
  return text;
}

function readStruct(reader: Reader, depth: number): PlainMap {
  const struct: PlainMap = {};
  for (let token = next(reader); token.text !== "}" || token.kind !== "mark"; ) {
    if (token.kind === "mark" || token.kind === "end")
      throw new ExpressionError(`Invalid ion: expected the name of a field, got \`${token.text}\`.`);
    const name =
      token.kind === "long"
        ? readLong(reader, token)
        : token.kind === "quoted"
          ? unescapeText(token.text.slice(1, -1))
          : token.text;
    expect(reader, ":");
    setKey(struct, name, readValue(reader, next(reader), depth + 1));
    token = next(reader);
    if (token.kind === "mark" && token.text === ",") token = next(reader);
    else if (token.text !== "}")
      throw new ExpressionError(`Invalid ion: expected \`,\` or \`}\`, got \`${token.text}\`.`);
  }
  return struct;
}

function readItems(reader: Reader, end: string, hasCommas: boolean, depth: number): unknown[] {
  const items: unknown[] = [];
  for (let token = next(reader); token.text !== end || token.kind !== "mark"; ) {
    const isOperator = token.kind === "operator" && !hasCommas;
    items.push(isOperator ? token.text : readValue(reader, token, depth + 1));
    token = next(reader);
    if (!hasCommas) continue;
    if (token.kind === "mark" && token.text === ",") token = next(reader);
    else if (token.text !== end)
      throw new ExpressionError(`Invalid ion: expected \`,\` or \`${end}\`, got \`${token.text}\`.`);
  }
  return items;
}

/** `{{ base64 }}` comes out as that text, which is how JSON shows bytes. */
function readLob(reader: Reader): string {
  const end = reader.text.indexOf("}}", reader.at);
  if (end < 0) throw new ExpressionError("Invalid ion: `{{` is never closed.");
  const body = reader.text.slice(reader.at, end).trim();
  reader.at = end + 2;
  if (body.startsWith('"')) return Buffer.from(unescapeText(body.slice(1, -1)), "latin1").toString("base64");
  const bytes = body.replaceAll(/\s/g, "");
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(bytes))
    throw new ExpressionError("Invalid ion: what stands in `{{ }}` is no base64.");
  return bytes;
}

function expect(reader: Reader, mark: string): void {
  const token = next(reader);
  if (token.kind !== "mark" || token.text !== mark)
    throw new ExpressionError(`Invalid ion: expected \`${mark}\`, got \`${token.text}\`.`);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  v: "\v",
  "\n": "",
};

function unescapeText(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|\r\n|([\s\S]))/g,
    (_, byte?: string, unit?: string, point?: string, one?: string) => {
      const code = byte ?? unit ?? point;
      if (code !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff));
      return one === undefined ? "" : (ESCAPES[one] ?? one);
    },
  );
}
