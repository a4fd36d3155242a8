import { isSorted, setKey } from "../../../base/key-order.ts";
import { expect, type IonCursor, IonSyntaxError, skipBlank, unexpected } from "./ion-cursor.ts";
import { readNumber, readString, readToken } from "./ion-scalar.ts";
import { annotated } from "./ion-value.ts";

/** What a text holds: its values with their places, and where and why reading stopped. */
export interface IonText {
  values: { value: unknown; at: number }[];
  /** How far the text is read; the whole of it if there is no error. */
  end: number;
  error?: IonSyntaxError;
}

/** Reads the values of a text as far as it is Ion. Version markers and symbol tables are left out. */
export function parseIon(text: string, keepsAnnotations = false): IonText {
  const cursor: IonCursor = { text, at: 0, keepsAnnotations };
  const values: IonText["values"] = [];
  let end = 0;
  try {
    for (skipBlank(cursor); cursor.at < text.length; skipBlank(cursor)) {
      const at = cursor.at;
      end = at;
      const value = readValue(cursor, 0);
      if (!MARKER.test(text.slice(at, at + 24))) values.push({ value, at });
    }
    return { values, end: text.length };
  } catch (error) {
    if (error instanceof IonSyntaxError) return { values, end, error };
    throw error;
  }
}

const MARKER = /^\$ion_(\d+_\d+\b(?!\s*::)|symbol_table\s*::)/;

// Deeper data would overflow the stack of whoever walks over it.
const MAX_DEPTH = 200;

function readValue(cursor: IonCursor, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new IonSyntaxError("The data is nested too deeply", false);
  const { text } = cursor;
  switch (text[cursor.at]) {
    case "{":
      return text[cursor.at + 1] === "{" ? readLob(cursor) : readStruct(cursor, depth);
    case "[":
      return readSequence(cursor, "]", depth);
    case "(":
      return readSequence(cursor, ")", depth);
    case '"':
      return readString(cursor);
    case "'": {
      const isLong = text.startsWith("'''", cursor.at);
      const value = readString(cursor);
      return isLong ? value : afterSymbol(cursor, value, value, depth);
    }
    default:
      return readWord(cursor, depth);
  }
}

/** A number, a timestamp, a keyword, or a symbol. */
function readWord(cursor: IonCursor, depth: number): unknown {
  const number = readNumber(cursor);
  if (number !== undefined) return number;
  const word = readToken(cursor);
  switch (word) {
    case "true":
      return true;
    case "false":
      return false;
    case "nan":
      return Number.NaN;
    case "null":
      if (cursor.text[cursor.at] === ".") {
        cursor.at++;
        readToken(cursor);
      }
      return null;
    default:
      return afterSymbol(cursor, word, word, depth);
  }
}

/** A symbol may turn out to be the annotation of the value behind it. */
function afterSymbol(cursor: IonCursor, symbol: string, value: unknown, depth: number): unknown {
  const before = cursor.at;
  skipBlank(cursor);
  if (!cursor.text.startsWith("::", cursor.at)) {
    cursor.at = before;
    return value;
  }
  cursor.at += 2;
  skipBlank(cursor);
  const annotatedValue = readValue(cursor, depth + 1);
  return cursor.keepsAnnotations ? withAnnotation(symbol, annotatedValue) : annotated(symbol, annotatedValue);
}

/** Only texts keep their annotations, as in Kestra; the outer ones stand before the inner ones. */
function withAnnotation(annotation: string, value: unknown): unknown {
  if (typeof value === "string") return { ion_annotations: [annotation], value };
  const isKept = typeof value === "object" && value !== null && "ion_annotations" in value;
  if (!isKept || !Array.isArray(value.ion_annotations)) return value;
  return { ...value, ion_annotations: [annotation, ...value.ion_annotations] };
}

function readStruct(cursor: IonCursor, depth: number): unknown {
  const struct: Record<string, unknown> = Object.create(null);
  let hasSortedKeys = false;
  cursor.at++;
  for (;;) {
    skipBlank(cursor);
    if (cursor.text[cursor.at] === "}") break;
    const first = cursor.text[cursor.at];
    const name = first === '"' || first === "'" ? readString(cursor) : readToken(cursor);
    skipBlank(cursor);
    expect(cursor, ":");
    skipBlank(cursor);
    const value = readValue(cursor, depth + 1);
    hasSortedKeys ||= isSorted(name);
    if (hasSortedKeys) setKey(struct, name, value);
    else struct[name] = value;
    skipBlank(cursor);
    if (cursor.text[cursor.at] !== "}") expect(cursor, ",");
  }
  cursor.at++;
  return struct;
}

function readSequence(cursor: IonCursor, end: "]" | ")", depth: number): unknown[] {
  const items: unknown[] = [];
  cursor.at++;
  for (;;) {
    skipBlank(cursor);
    if (cursor.text[cursor.at] === end) break;
    items.push(readValue(cursor, depth + 1));
    skipBlank(cursor);
    if (end === "]" && cursor.text[cursor.at] !== end) expect(cursor, ",");
  }
  cursor.at++;
  return items;
}

/** `{{ base64 }}`, or `{{ "text" }}`. No comments stand in it: `//` are digits of base64. */
function readLob(cursor: IonCursor): Uint8Array {
  cursor.at += 2;
  skipSpace(cursor);
  if (/["']/.test(cursor.text[cursor.at] ?? "")) {
    const text = readString(cursor);
    skipSpace(cursor);
    expect(cursor, "}");
    expect(cursor, "}");
    return Buffer.from(text, "latin1");
  }
  const end = cursor.text.indexOf("}}", cursor.at);
  if (end === -1) throw unexpected(cursor, cursor.text.length);
  const base64 = cursor.text.slice(cursor.at, end);
  const wrong = base64.search(/[^A-Za-z0-9+/=\s]/);
  if (wrong !== -1) throw unexpected(cursor, cursor.at + wrong);
  cursor.at = end + 2;
  return Buffer.from(base64, "base64");
}

function skipSpace(cursor: IonCursor) {
  SPACE.lastIndex = cursor.at;
  cursor.at += SPACE.exec(cursor.text)?.[0].length ?? 0;
}

const SPACE = /\s+/y;
