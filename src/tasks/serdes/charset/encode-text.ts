import { text } from "../../property.ts";
import { plainName, webEncoding } from "./charset-name.ts";
import { ibmTable } from "./ibm-tables.ts";
import { gb18030Bytes, isReversible, reverseTable } from "./reverse-table.ts";
import { utf32Encoder } from "./utf-32.ts";

/** Makes bytes of text. What the charset does not have becomes a question mark, as in Java. */
export type EncodeText = (text: string) => Buffer;

/** Prepares the writing of a charset; undefined when it is not one that can be written. */
function textEncoder(charset: string): (() => EncodeText) | undefined {
  const name = plainName(charset);
  if (/^utf-?8$/.test(name)) return () => (text) => Buffer.from(text);
  if (/^(iso-?8859-1|latin-?1)$/.test(name)) return () => (text) => singleByte(text, 0xff);
  if (/^(us-)?ascii$/.test(name)) return () => (text) => singleByte(text, 0x7f);
  if (name === "utf-16le") return () => (text) => Buffer.from(text, "utf16le");
  if (name === "utf-16be") return () => (text) => Buffer.from(text, "utf16le").swap16();
  if (name === "utf-16") return withMark;
  if (/^utf-?32(be|le)?$/.test(name)) return () => utf32Encoder(name.endsWith("le"));
  const table = ibmTable(name);
  if (table !== undefined) return () => ibmEncoder(table);
  const encoding = webEncoding(name);
  return encoding !== undefined && isReversible(encoding) ? () => tabled(encoding) : undefined;
}

/** The property `charset` of what is written. */
export function outputCharset() {
  return text()
    .refine(
      (name) => textEncoder(name) !== undefined,
      "Expected a charset that can be written, such as UTF-8, ISO-8859-1, windows-1252 or UTF-16",
    )
    .default("UTF-8")
    .meta({ description: "The charset of the file that is written." });
}

/** The encoder of a charset that `outputCharset` has let pass. */
export function encoderOf(charset: string): EncodeText {
  return textEncoder(charset)?.() ?? ((text) => Buffer.from(text));
}

function singleByte(text: string, last: number): Buffer {
  const characters = Array.from(text, (one) => ((one.codePointAt(0) as number) <= last ? one : "?"));
  return Buffer.from(characters.join(""), "latin1");
}

/** As Java: the big end first, and a mark that says so. */
function withMark(): EncodeText {
  let isStart = true;
  return (text) => {
    const marked = isStart ? `\uFEFF${text}` : text;
    isStart = false;
    return Buffer.from(marked, "utf16le").swap16();
  };
}

/** Of the characters that a charset of IBM has twice the first counts. */
function ibmEncoder(characters: string): EncodeText {
  const table = new Map(
    Array.from(characters, (one, byte): [string, Buffer] => [one, Buffer.of(byte)]).reverse(),
  );
  return encoder((one) => table.get(one), table.get("?") as Buffer);
}

function tabled(encoding: string): EncodeText {
  const table = reverseTable(encoding);
  const isWhole = encoding === "gb18030";
  return encoder((one) => {
    const code = one.codePointAt(0) as number;
    return isWhole && code > 0xffff ? gb18030Bytes(code) : table.get(one);
  }, Buffer.from("?"));
}

// No charset here has more for a character, and none less than one half of it.
const MOST_BYTES = 4;

function encoder(bytesOf: (character: string) => Buffer | undefined, instead: Buffer): EncodeText {
  return (text) => {
    const all = Buffer.allocUnsafe(MOST_BYTES * text.length);
    let at = 0;
    for (const one of text) for (const byte of bytesOf(one) ?? instead) all[at++] = byte;
    return all.subarray(0, at);
  };
}
