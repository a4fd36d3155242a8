import { setImmediate } from "node:timers/promises";
import { BLOCK_MARK, bzip2Crc, END_MARK, GROUP_SIZE, RUN_A, RUN_B } from "./bzip2-bits.ts";
import { codeLengths } from "./code-lengths.ts";
import { sortRotations } from "./sort-rotations.ts";

// A third of the largest block: sorting one takes a tenth of a second, in which nobody else has a turn.
const LEVEL = 3;
const BLOCK_SIZE = LEVEL * 100_000 - 19;

interface Bits {
  bytes: number[];
  value: number;
  count: number;
}

interface Block {
  bytes: Uint8Array;
  size: number;
  crc: number;
}

/** Compresses with bzip2. */
export async function* bzip2(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const bits: Bits = { bytes: [], value: 0, count: 0 };
  for (const character of `BZh${LEVEL}`) write(bits, 8, character.charCodeAt(0));
  const block: Block = { bytes: new Uint8Array(BLOCK_SIZE + 260), size: 0, crc: -1 };
  let total = 0;
  const finish = () => {
    total = ((total << 1) | (total >>> 31)) ^ ~block.crc;
    writeBlock(bits, block);
    block.size = 0;
    block.crc = -1;
    return takeBytes(bits);
  };
  const run = { byte: -1, length: 0 };
  for await (const piece of stream) {
    for (let from = 0; from < piece.length; ) {
      from = addTo(block, run, piece, from);
      if (block.size < BLOCK_SIZE) continue;
      endRun(block, run);
      yield finish();
      await setImmediate();
    }
  }
  endRun(block, run);
  if (block.size > 0) yield finish();
  for (const half of END_MARK) write(bits, 24, half);
  write32(bits, total);
  if (bits.count % 8 > 0) write(bits, 8 - (bits.count % 8), 0);
  yield takeBytes(bits);
}

interface Run {
  byte: number;
  length: number;
}

const LONGEST_RUN = 255;

/** Adds bytes until the block is full, and tells how far it came. */
function addTo(block: Block, run: Run, piece: Uint8Array, from: number): number {
  let at = from;
  while (at < piece.length && block.size < BLOCK_SIZE) {
    const byte = piece[at++] as number;
    if (byte === run.byte && run.length < LONGEST_RUN) run.length++;
    else {
      endRun(block, run);
      run.byte = byte;
      run.length = 1;
    }
  }
  block.crc = bzip2Crc(block.crc, piece, from, at);
  return at;
}

/** Four bytes alike are followed by how many more there are. */
function endRun(block: Block, run: Run) {
  const { bytes } = block;
  for (let index = 0; index < Math.min(4, run.length); index++) bytes[block.size++] = run.byte;
  if (run.length >= 4) bytes[block.size++] = run.length - 4;
  run.byte = -1;
  run.length = 0;
}

function write(bits: Bits, count: number, value: number) {
  bits.value = (bits.value << count) | value;
  bits.count += count;
  while (bits.count >= 8) {
    bits.count -= 8;
    bits.bytes.push((bits.value >>> bits.count) & 0xff);
  }
  bits.value &= (1 << bits.count) - 1;
}

function write32(bits: Bits, value: number) {
  write(bits, 16, value >>> 16);
  write(bits, 16, value & 0xffff);
}

function takeBytes(bits: Bits): Buffer {
  const bytes = Buffer.from(bits.bytes);
  bits.bytes = [];
  return bytes;
}

function writeBlock(bits: Bits, { bytes, size, crc }: Block) {
  const { last, start } = sortRotations(bytes, size);
  for (const half of BLOCK_MARK) write(bits, 24, half);
  write32(bits, ~crc);
  write(bits, 1, 0);
  write(bits, 24, start);
  const isUsed = new Uint8Array(256);
  for (let index = 0; index < size; index++) isUsed[bytes[index] as number] = 1;
  writeAlphabet(bits, isUsed);
  const alphabet = Array.from(isUsed.keys()).filter((byte) => isUsed[byte]);
  const symbols = symbolsOf(last, alphabet);
  const frequencies = new Array<number>(alphabet.length + 2).fill(0);
  for (const symbol of symbols) frequencies[symbol] = (frequencies[symbol] as number) + 1;
  const lengths = codeLengths(frequencies, 17);
  // The format wants two codes at least; one that fits all symbols is enough, so it stands there twice.
  const selectors = Math.ceil(symbols.length / GROUP_SIZE);
  write(bits, 3, 2);
  write(bits, 15, selectors);
  for (let index = 0; index < selectors; index++) write(bits, 1, 0);
  for (let times = 0; times < 2; times++) writeCode(bits, lengths);
  const codes = codesOf(lengths);
  for (const symbol of symbols) write(bits, lengths[symbol] as number, codes[symbol] as number);
}

function writeAlphabet(bits: Bits, isUsed: Uint8Array) {
  const rows = Array.from({ length: 16 }, (_, row) => isUsed.subarray(16 * row, 16 * row + 16));
  for (const row of rows) write(bits, 1, row.includes(1) ? 1 : 0);
  for (const row of rows) if (row.includes(1)) for (const column of row) write(bits, 1, column);
}

/** Bytes become how long ago they were there last, and runs of the last one numbers of two digits. */
function symbolsOf(last: Uint8Array, alphabet: number[]): Uint16Array {
  const symbols = new Uint16Array(last.length + 1);
  const recent = Uint8Array.from(alphabet);
  let size = 0;
  let run = 0;
  const endRun = () => {
    for (; run > 0; run = (run - 1) >> 1) symbols[size++] = run % 2 === 1 ? RUN_A : RUN_B;
  };
  for (const byte of last) {
    const index = recent.indexOf(byte);
    if (index === 0) {
      run++;
      continue;
    }
    endRun();
    recent.copyWithin(1, 0, index);
    recent[0] = byte;
    symbols[size++] = index + 1;
  }
  endRun();
  symbols[size++] = alphabet.length + 1;
  return symbols.subarray(0, size);
}

function writeCode(bits: Bits, lengths: number[]) {
  let current = lengths[0] as number;
  write(bits, 5, current);
  for (const length of lengths) {
    for (; current < length; current++) write(bits, 2, 2);
    for (; current > length; current--) write(bits, 2, 3);
    write(bits, 1, 0);
  }
}

/** Shorter codes first, and those of one length in the order of their symbols. */
function codesOf(lengths: number[]): number[] {
  const codes = new Array<number>(lengths.length).fill(0);
  let code = 0;
  for (let length = 1; length <= 20; length++) {
    for (const [symbol, own] of lengths.entries()) if (own === length) codes[symbol] = code++;
    code <<= 1;
  }
  return codes;
}
