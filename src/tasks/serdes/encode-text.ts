import { text } from "../property.ts";

/** Makes bytes of text. What the charset does not have becomes a question mark, as in Java. */
export type EncodeText = (text: string) => Buffer;

/** Prepares the writing of a charset; undefined when it is not one that can be written. */
export function textEncoder(charset: string): EncodeText | undefined {
  const name = charset.trim().toLowerCase().replaceAll("_", "-");
  if (/^utf-?8$/.test(name)) return (text) => Buffer.from(text);
  if (/^(iso-?8859-1|latin-?1)$/.test(name)) return (text) => singleByte(text, 0xff);
  if (/^(us-)?ascii$/.test(name)) return (text) => singleByte(text, 0x7f);
  if (name === "utf-16le") return (text) => Buffer.from(text, "utf16le");
  if (name === "utf-16be") return (text) => Buffer.from(text, "utf16le").swap16();
  if (name === "utf-16") return withMark();
  return tabled(name);
}

/** The property `charset` of what is written. */
export function outputCharset() {
  return text()
    .refine(
      (name) => textEncoder(name) !== undefined,
      "Expected a charset such as UTF-8, ISO-8859-1, windows-1252 or UTF-16",
    )
    .default("UTF-8")
    .meta({ description: "The charset of the file that is written." });
}

/** The encoder of a charset that `outputCharset` has let pass. */
export function encoderOf(charset: string): EncodeText {
  return textEncoder(charset) ?? ((text) => Buffer.from(text));
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

/** The charsets of one byte for a character, turned around from what they are read as. */
function tabled(name: string): EncodeText | undefined {
  if (!/^(windows-(874|125\d)|iso-8859-\d+|koi8-[ru]|ibm866|macintosh)$/.test(name)) return undefined;
  const decoder = newDecoder(name);
  if (!decoder) return undefined;
  const bytes = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) bytes.set(decoder.decode(Uint8Array.of(byte)), byte);
  bytes.delete("\uFFFD");
  return (text) => Buffer.from(Array.from(text, (one) => bytes.get(one) ?? 0x3f));
}

function newDecoder(name: string) {
  try {
    return new TextDecoder(name, { ignoreBOM: true });
  } catch {
    return undefined;
  }
}
