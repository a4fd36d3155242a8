import { DamagedData } from "./byte-source.ts";
import { findMatches } from "./find-matches.ts";
import { append, copyBack, type History } from "./history.ts";

/** Decodes the elements of a Snappy block behind its length, up to `end`; gives how far it came. */
export function decodeElements(block: Uint8Array, from: number, end: number, history: History): number {
  let at = from;
  const little = (size: number) => {
    let value = 0;
    for (let index = 0; index < size; index++) value += ((block[at++] ?? 0) as number) * 2 ** (8 * index);
    return value;
  };
  while (at < end) {
    const start = at;
    const tag = block[at++] as number;
    const kind = tag & 3;
    if (kind === 0) {
      const code = tag >> 2;
      const length = (code < 60 ? code : little(code - 59)) + 1;
      if (at + length > end) return start;
      append(history, block.subarray(at, at + length));
      at += length;
      continue;
    }
    const size = kind === 1 ? 1 : kind === 2 ? 2 : 4;
    if (at + size > end) return start;
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const distance = kind === 1 ? ((tag >> 5) << 8) | little(1) : little(size);
    copyBack(history, distance, length);
  }
  return at;
}

/** The number at the beginning of a block: how long its content is. */
export function readLength(block: Uint8Array): { length: number; at: number } {
  let length = 0;
  for (let at = 0; at < 5; at++) {
    const byte = block[at];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return { length, at: at + 1 };
  }
  throw new DamagedData("it has no length");
}

/** Encodes a block of 64 KiB at most. */
export function encodeSnappy(bytes: Buffer): Buffer {
  const parts: Buffer[] = [lengthOf(bytes.length)];
  const anchor = findMatches(bytes, 0, bytes.length, (from, to, distance, length) => {
    parts.push(literal(bytes.subarray(from, to)));
    for (let left = length; left > 0; left -= 64) {
      parts.push(Buffer.of(2 | ((Math.min(64, left) - 1) << 2), distance & 0xff, distance >> 8));
    }
  });
  parts.push(literal(bytes.subarray(anchor)));
  return Buffer.concat(parts);
}

function lengthOf(length: number): Buffer {
  const bytes: number[] = [];
  let left = length;
  for (; left >= 0x80; left >>>= 7) bytes.push((left & 0x7f) | 0x80);
  return Buffer.from([...bytes, left]);
}

function literal(bytes: Buffer): Buffer {
  const length = bytes.length - 1;
  if (length < 0) return bytes;
  const head = length < 60 ? [length << 2] : [61 << 2, length & 0xff, length >> 8];
  return Buffer.concat([Buffer.from(head), bytes]);
}
