import { isUtf8 } from "node:buffer";
import { TaskError } from "../../task-type.ts";
import { plainName, webEncoding } from "./charset-name.ts";
import { ibmTable } from "./ibm-tables.ts";
import { utf32Decoder } from "./utf-32.ts";

/**
 * Turns a stream of text in any charset into chunks of valid UTF-8 that never end inside a character.
 * What is malformed becomes U+FFFD. A byte order mark is dropped in UTF-8 and UTF-16; elsewhere those bytes are data.
 */
export function utf8Chunks(source: AsyncIterable<Uint8Array>, charset: string): AsyncGenerator<Buffer> {
  const name = plainName(charset);
  if (name === "utf-8" || name === "utf8") return checked(source);
  return decoded(source, decoderOf(name, charset));
}

/** Whether `utf8Chunks` knows a charset. */
export function isKnownCharset(charset: string): boolean {
  try {
    utf8Chunks(empty(), charset);
    return true;
  } catch {
    return false;
  }
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

async function* checked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let isStart = true;
  for await (const piece of source) {
    let chunk = rest.length === 0 ? asBuffer(piece) : Buffer.concat([rest, piece]);
    if (isStart) {
      if (chunk.length < 3 && BYTE_ORDER_MARK.subarray(0, chunk.length).equals(chunk)) {
        rest = Buffer.from(chunk);
        continue;
      }
      if (chunk.subarray(0, 3).equals(BYTE_ORDER_MARK)) chunk = chunk.subarray(3);
      isStart = false;
    }
    const end = completeEnd(chunk);
    // A copy, because the source may use its buffer again.
    rest = Buffer.from(chunk.subarray(end));
    const whole = chunk.subarray(0, end);
    if (whole.length > 0) yield isUtf8(whole) ? whole : repaired(whole);
  }
  if (rest.length > 0) yield repaired(rest);
}

async function* decoded(source: AsyncIterable<Uint8Array>, decode: Decode): AsyncGenerator<Buffer> {
  for await (const piece of source) {
    const text = decode(piece);
    if (text !== "") yield Buffer.from(text);
  }
  const text = decode();
  if (text !== "") yield Buffer.from(text);
}

/** Takes one chunk after the other, and at last nothing. */
type Decode = (chunk?: Uint8Array) => string;

function decoderOf(name: string, written: string): Decode {
  // For the web both are windows-1252; Java means what it says.
  if (/^(iso-?8859-1|latin-?1)$/.test(name))
    return (chunk) => (chunk ? asBuffer(chunk).toString("latin1") : "");
  if (/^(us-)?ascii$/.test(name)) {
    return (chunk) =>
      chunk
        ? asBuffer(chunk)
            .toString("latin1")
            .replace(/[\x80-\xff]/g, "\uFFFD")
        : "";
  }
  if (name === "utf-16") return utf16();
  if (/^utf-?32(be|le)?$/.test(name)) return utf32Decoder(name.endsWith("le"));
  const table = ibmTable(name);
  if (table !== undefined) return (chunk) => Array.from(chunk ?? [], (byte) => table[byte]).join("");
  const encoding = webEncoding(name);
  if (encoding === undefined) throw new TaskError("unknown_charset", `The charset ${written} is not known.`);
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  return (chunk) => decoder.decode(chunk, { stream: chunk !== undefined });
}

/** Plain "UTF-16" says by its first two bytes which end comes first; without them the big one, as in Java. */
function utf16(): Decode {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let head: Buffer = Buffer.alloc(0);
  return (chunk) => {
    if (decoder) return decoder.decode(chunk, { stream: chunk !== undefined });
    head = Buffer.concat([head, chunk ?? Buffer.alloc(0)]);
    if (head.length < 2 && chunk) return "";
    decoder = new TextDecoder(head[0] === 0xff && head[1] === 0xfe ? "utf-16le" : "utf-16be");
    return decoder.decode(head, { stream: chunk !== undefined });
  };
}

/** Where the last character that is all there ends. */
function completeEnd(chunk: Buffer): number {
  const last = chunk.length - 1;
  for (let at = last; at >= 0 && at > last - 3; at--) {
    const byte = chunk[at] as number;
    if (byte < 0x80) return chunk.length;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return at + length > chunk.length ? at : chunk.length;
  }
  return chunk.length;
}

function repaired(chunk: Buffer): Buffer {
  return Buffer.from(new TextDecoder("utf-8", { ignoreBOM: true }).decode(chunk));
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

async function* empty(): AsyncGenerator<Uint8Array> {}
