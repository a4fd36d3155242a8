import { type ByteSource, byteSource, DamagedData, nextByte } from "./byte-source.ts";
import { findMatches } from "./find-matches.ts";
import { append, copyBack, type History, isPieceReady, newHistory, takePiece } from "./history.ts";

/** As far as copies reach back. */
export const LZ4_REACH = 65_536;
// A block ends with so many bytes that are no copy, and no copy begins in its last twelve.
const LAST_LITERALS = 5;
const LAST_MATCH = 12;

/** Decodes one block in memory. */
export function decodeLz4Block(block: Buffer, history: History) {
  const end = block.length;
  let at = 0;
  const more = (start: number) => {
    let length = start;
    if (start < 15) return length;
    for (;;) {
      const byte = block[at++];
      if (byte === undefined) throw new DamagedData("a block ends too early");
      length += byte;
      if (byte < 255) return length;
    }
  };
  while (at < end) {
    const token = block[at++] as number;
    const literals = more(token >> 4);
    if (at + literals > end) throw new DamagedData("a block ends too early");
    append(history, block.subarray(at, at + literals));
    at += literals;
    if (at >= end) return;
    const distance = (block[at] as number) | ((block[at + 1] ?? 0) << 8);
    at += 2;
    copyBack(history, distance, more(token & 15) + 4);
  }
}

/** Encodes one block in memory. */
export function encodeLz4Block(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  const anchor = encodeSequences(bytes, parts);
  parts.push(lastLiterals(bytes.subarray(anchor)));
  return Buffer.concat(parts);
}

function encodeSequences(bytes: Buffer, parts: Buffer[]): number {
  // Matches may begin before the last twelve bytes and end before the last five.
  const to = Math.max(0, bytes.length - LAST_LITERALS);
  if (bytes.length <= LAST_MATCH) return 0;
  return findMatches(
    bytes,
    0,
    Math.max(0, Math.min(to, bytes.length - LAST_MATCH + 4)),
    (from, at, distance, length) => {
      const literals = bytes.subarray(from, at);
      const rest = length - 4;
      const token = (Math.min(15, literals.length) << 4) | Math.min(15, rest);
      parts.push(
        Buffer.from([token, ...lengthBytes(literals.length)]),
        literals,
        Buffer.from([distance & 0xff, distance >> 8, ...lengthBytes(rest)]),
      );
    },
  );
}

function lengthBytes(length: number): number[] {
  if (length < 15) return [];
  const bytes = new Array<number>(Math.floor((length - 15) / 255)).fill(255);
  return [...bytes, (length - 15) % 255];
}

function lastLiterals(literals: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([Math.min(15, literals.length) << 4]),
    Buffer.from(lengthBytes(literals.length)),
    literals,
  ]);
}

// Bytes that do not repeat have to be together, since their number comes first.
const MOST_LITERALS = 64 * 1024 * 1024;
const PIECE = 4 * 1024 * 1024;

/** Compresses as one LZ4 block without a frame. */
export async function* lz4Block(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = byteSource(stream);
  let left: Buffer = Buffer.alloc(0);
  for (let size = await source.fill(PIECE); size > 0; size = await source.fill(PIECE)) {
    const bytes = Buffer.concat([left, source.buffer.subarray(source.at, source.at + size)]);
    source.at += size;
    const parts: Buffer[] = [];
    const anchor = encodeSequences(bytes, parts);
    if (parts.length > 0) yield Buffer.concat(parts);
    left = bytes.subarray(anchor);
    if (left.length > MOST_LITERALS) {
      throw new DamagedData(`more than ${MOST_LITERALS} bytes do not repeat; LZ4FRAME takes them`);
    }
  }
  yield lastLiterals(left);
}

/** Undoes `lz4Block`. */
export async function* unlz4Block(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = byteSource(stream);
  const history = newHistory(LZ4_REACH);
  // To wait costs more than to copy a few bytes, so it is done only where something is missing.
  while (source.at < source.end || (await source.fill(1)) > 0) {
    const token = nextByte(source);
    const literals = token >> 4;
    for (let left = literals < 15 ? literals : await fullLength(source, literals); left > 0; ) {
      const size = Math.min(left, source.end - source.at || (await source.fill(1)));
      if (size === 0) throw new DamagedData("it ends too early");
      for (const part of parts(source.buffer.subarray(source.at, source.at + size))) {
        append(history, part);
        if (isPieceReady(history)) yield takePiece(history);
      }
      source.at += size;
      left -= size;
    }
    if (source.end - source.at < 2 && (await source.fill(2)) === 0) break;
    const distance = nextByte(source) | (nextByte(source) << 8);
    const copied = token & 15;
    for (let left = 4 + (copied < 15 ? copied : await fullLength(source, copied)); left > 0; ) {
      const size = Math.min(left, LZ4_REACH);
      copyBack(history, distance, size);
      left -= size;
      if (isPieceReady(history)) yield takePiece(history);
    }
  }
  yield takePiece(history);
}

function* parts(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += LZ4_REACH) yield bytes.subarray(from, from + LZ4_REACH);
}

async function fullLength(source: ByteSource, start: number): Promise<number> {
  let length = start;
  if (start < 15) return length;
  for (;;) {
    if (source.at === source.end) await source.fill(1);
    const byte = nextByte(source);
    length += byte;
    if (byte < 255) return length;
  }
}
