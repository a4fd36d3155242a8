import { byteSource, DamagedData } from "./byte-source.ts";

const MAGIC = 0x1f9d;
const CLEAR = 256;
const PIECE = 256 * 1024;

/** Undoes `compress` (`.Z`). */
export async function* uncompressZ(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = byteSource(stream);
  if ((await source.fill(3)) < 3 || source.buffer.readUInt16BE(source.at) !== MAGIC) {
    throw new DamagedData("Input is not in .Z format");
  }
  const flags = source.buffer[source.at + 2] as number;
  source.at += 3;
  const mostBits = flags & 0x1f;
  const canClear = (flags & 0x80) !== 0;
  if (mostBits < 9 || mostBits > 16) throw new DamagedData(`its codes have ${mostBits} bits`);
  const words = newWords(1 << mostBits, canClear);
  let bits = 9;
  // Codes of one width come in groups of eight; the rest of a group is left out where the width changes.
  for (;;) {
    const there = await source.fill(bits);
    const count = Math.min(8, Math.floor((8 * there) / bits));
    if (count === 0) break;
    const group = source.buffer.subarray(source.at, source.at + bits);
    let isCleared = false;
    for (let index = 0; index < count && !isCleared; index++) {
      const code = readCode(group, index * bits, bits);
      isCleared = canClear && code === CLEAR;
      if (isCleared) clear(words, canClear);
      else readWord(words, code);
      if (words.next >= 1 << bits && bits < mostBits) break;
    }
    source.at += Math.min(bits, there);
    bits = isCleared ? 9 : words.next >= 1 << bits && bits < mostBits ? bits + 1 : bits;
    if (words.at >= PIECE) yield take(words);
  }
  yield take(words);
}

interface Words {
  /** The word before the last byte of each word, and that byte. */
  prefix: Uint16Array;
  last: Uint8Array;
  next: number;
  before: number;
  first: number;
  stack: Uint8Array;
  out: Buffer;
  at: number;
}

function newWords(size: number, canClear: boolean): Words {
  const words: Words = {
    prefix: new Uint16Array(size),
    last: new Uint8Array(size),
    next: 0,
    before: -1,
    first: 0,
    stack: new Uint8Array(size),
    // A word is as long as there are words, at most.
    out: Buffer.allocUnsafeSlow(PIECE + 9 * size),
    at: 0,
  };
  for (let byte = 0; byte < 256; byte++) words.last[byte] = byte;
  clear(words, canClear);
  return words;
}

function clear(words: Words, canClear: boolean) {
  words.next = canClear ? CLEAR + 1 : CLEAR;
  words.before = -1;
}

function readWord(words: Words, given: number) {
  const { prefix, last, stack } = words;
  if (given > words.next || (words.before < 0 && given > 255))
    throw new DamagedData("it has a code for nothing");
  let size = 0;
  let code = given;
  if (given === words.next) {
    // The word that is just being made: the one before, and its first byte again.
    if (words.before < 0) throw new DamagedData("it has a code for nothing");
    stack[size++] = words.first;
    code = words.before;
  }
  for (; code > 255; code = prefix[code] as number) stack[size++] = last[code] as number;
  stack[size++] = code;
  words.first = code;
  while (size > 0) words.out[words.at++] = stack[--size] as number;
  if (words.before >= 0 && words.next < prefix.length) {
    prefix[words.next] = words.before;
    last[words.next++] = words.first;
  }
  words.before = given;
}

function readCode(group: Uint8Array, at: number, bits: number): number {
  const byte = at >> 3;
  const value = (group[byte] ?? 0) | ((group[byte + 1] ?? 0) << 8) | ((group[byte + 2] ?? 0) << 16);
  return (value >> (at & 7)) & ((1 << bits) - 1);
}

function take(words: Words): Buffer {
  const piece = Buffer.from(words.out.subarray(0, words.at));
  words.at = 0;
  return piece;
}
