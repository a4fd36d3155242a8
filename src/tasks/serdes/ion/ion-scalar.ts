import { type IonCursor, IonSyntaxError, skipBlank, unexpected } from "./ion-cursor.ts";
import { Decimal, parseTimestamp } from "./ion-value.ts";

const NUMBER = /[+-]?\d[\w.:+-]*|[+-]inf\b/y;
const DECIMAL = /^(-?\d+)(?:\.(\d*))?(?:[dD]([+-]?\d{1,9}))?$/;
const FLOAT = /^-?\d+(?:\.\d*)?[eE][+-]?\d+$/;

/** Reads a number or a timestamp, if one stands at the cursor. */
export function readNumber(cursor: IonCursor): unknown {
  const code = cursor.text.charCodeAt(cursor.at);
  // Digits and signs are all that begins one.
  if (!((code >= 48 && code <= 57) || code === 43 || code === 45)) return undefined;
  NUMBER.lastIndex = cursor.at;
  const written = NUMBER.exec(cursor.text)?.[0];
  // A sign alone is an operator, which is a symbol.
  if (written === undefined) return undefined;
  const value = numberOf(written);
  if (value === undefined) {
    const isCut = cursor.at + written.length === cursor.text.length;
    throw new IonSyntaxError(`${written} is neither a number nor a timestamp`, isCut);
  }
  cursor.at += written.length;
  return value;
}

function numberOf(written: string): unknown {
  if (written === "+inf") return Infinity;
  if (written === "-inf") return -Infinity;
  const text = written.replaceAll("_", "");
  if (/^-?\d+$/.test(text)) return BigInt(text);
  const radix = /^(-?)(0[xXbB][0-9a-fA-F]+)$/.exec(text);
  if (radix) return BigInt(radix[2] as string) * (radix[1] ? -1n : 1n);
  if (FLOAT.test(text)) return Number(text);
  const decimal = DECIMAL.exec(text);
  if (!decimal) return parseTimestamp(written);
  const [, whole = "", fraction = "", exponent = "0"] = decimal;
  return new Decimal(BigInt(whole + fraction), fraction.length - Number(exponent));
}

const TOKEN = /[A-Za-z_$][\w$]*|[!#%&*+\-./;<=>?@^`|~]+/y;

/** Reads a symbol that is not quoted. */
export function readToken(cursor: IonCursor): string {
  TOKEN.lastIndex = cursor.at;
  const token = TOKEN.exec(cursor.text)?.[0];
  if (token === undefined) throw unexpected(cursor);
  cursor.at += token.length;
  return token;
}

/** Reads a string, a quoted symbol, or the parts of a long string, with their escapes. */
export function readString(cursor: IonCursor): string {
  const { text } = cursor;
  if (!text.startsWith("'''", cursor.at)) {
    return readQuoted(cursor, text[cursor.at] as string);
  }
  let value = "";
  while (text.startsWith("'''", cursor.at)) {
    value += readQuoted(cursor, "'''");
    skipBlank(cursor);
  }
  return value;
}

function readQuoted(cursor: IonCursor, quote: string): string {
  const { text } = cursor;
  const from = cursor.at + quote.length;
  let end = text.indexOf(quote, from);
  while (end !== -1 && isEscaped(text, from, end)) end = text.indexOf(quote, end + 1);
  if (end === -1) throw unexpected(cursor, text.length);
  cursor.at = end + quote.length;
  const content = text.slice(from, end);
  return content.includes("\\") ? content.replace(ESCAPE, unescapeOne) : content;
}

function isEscaped(text: string, from: number, at: number): boolean {
  let count = 0;
  while (at - 1 - count >= from && text[at - 1 - count] === "\\") count++;
  return count % 2 === 1;
}

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|\r\n|([\s\S]))/g;

// Whatever is not here stands for itself: quotes, slashes, the question mark.
const ESCAPED: Record<string, string> = {
  0: "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  v: "\v",
  "\n": "",
  "\r": "",
};

function unescapeOne(_: string, hex2?: string, hex4?: string, hex8?: string, one?: string): string {
  if (hex8 !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(hex8, 16), 0x10ffff));
  const unit = hex2 ?? hex4;
  if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
  return one === undefined ? "" : (ESCAPED[one] ?? one);
}
