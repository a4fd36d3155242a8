import { type ByteSource, byteSource, DamagedData, nextByte } from "./byte-source.ts";
import { BLOCK_MARK, bzip2Crc, END_MARK, GROUP_SIZE, RUN_B } from "./bzip2-bits.ts";

/** Undoes bzip2, block by block; several files one behind the other are one. */
export async function* bunzip2(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = byteSource(stream);
  for (let isFirst = true; ; isFirst = false) {
    const size = await source.fill(4);
    if (size === 0 && !isFirst) return;
    const head = source.buffer.toString("latin1", source.at, source.at + Math.min(4, size));
    const level = /^BZh([1-9])$/.exec(head)?.[1];
    if (level === undefined) throw new DamagedData("Stream is not in the BZip2 format");
    source.at += 4;
    yield* blocks(source, Number(level) * 100_000);
  }
}

// The longest code has 20 bits; selectors and tables come on top.
const LARGEST_BLOCK = 900_000 * 2.5 + 64 * 1024;

interface Bits {
  source: ByteSource;
  value: number;
  count: number;
}

async function* blocks(source: ByteSource, blockSize: number): AsyncGenerator<Uint8Array> {
  const bits: Bits = { source, value: 0, count: 0 };
  let total = 0;
  for (;;) {
    await source.fill(LARGEST_BLOCK);
    const mark = [read(bits, 24), read(bits, 24)];
    if (mark[0] === END_MARK[0] && mark[1] === END_MARK[1]) break;
    if (mark[0] !== BLOCK_MARK[0] || mark[1] !== BLOCK_MARK[1]) throw new DamagedData("a block is missing");
    const wanted = read32(bits);
    let crc = -1;
    for (const piece of pieces(readBlock(bits, blockSize))) {
      crc = bzip2Crc(crc, piece, 0, piece.length);
      yield piece;
    }
    if (~crc !== wanted) throw new DamagedData("the checksum of a block is wrong");
    total = ((total << 1) | (total >>> 31)) ^ wanted;
  }
  if (read32(bits) !== total) throw new DamagedData("the checksum is wrong");
}

function read(bits: Bits, count: number): number {
  while (bits.count < count) {
    bits.value = ((bits.value << 8) | nextByte(bits.source)) >>> 0;
    bits.count += 8;
  }
  bits.count -= count;
  const value = (bits.value >>> bits.count) & ((1 << count) - 1);
  bits.value &= (1 << bits.count) - 1;
  return value;
}

function read32(bits: Bits): number {
  return (read(bits, 16) << 16) | read(bits, 16);
}

interface Block {
  /** The bytes in the lower eight bits; above them the way to the next. */
  data: Uint32Array;
  size: number;
  start: number;
}

function readBlock(bits: Bits, blockSize: number): Block {
  if (read(bits, 1)) throw new DamagedData("it is in the old, randomised form");
  const start = read(bits, 24);
  const alphabet = readAlphabet(bits);
  const groups = read(bits, 3);
  const selectors = readSelectors(bits, groups);
  const codes = Array.from({ length: groups }, () => readCode(bits, alphabet.length + 2));
  const { data, size, counts } = readSymbols(bits, alphabet, selectors, codes, blockSize);
  if (start >= size) throw new DamagedData("a block begins outside of itself");
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = counts[byte] as number;
    counts[byte] = sum;
    sum += count;
  }
  for (let index = 0; index < size; index++) {
    const byte = (data[index] as number) & 0xff;
    const to = counts[byte] as number;
    counts[byte] = to + 1;
    data[to] = ((data[to] as number) & 0xff) | (index << 8);
  }
  return { data, size, start };
}

function readAlphabet(bits: Bits): number[] {
  const used = read(bits, 16);
  const alphabet: number[] = [];
  for (let row = 0; row < 16; row++) {
    if (!(used & (0x8000 >> row))) continue;
    const columns = read(bits, 16);
    for (let column = 0; column < 16; column++) {
      if (columns & (0x8000 >> column)) alphabet.push(16 * row + column);
    }
  }
  if (alphabet.length === 0) throw new DamagedData("a block has no bytes");
  return alphabet;
}

function readSelectors(bits: Bits, groups: number): Uint8Array {
  const count = read(bits, 15);
  if (groups < 2 || groups > 6 || count === 0) throw new DamagedData("a block has no codes");
  const order = [0, 1, 2, 3, 4, 5];
  return Uint8Array.from({ length: count }, () => {
    let index = 0;
    while (read(bits, 1))
      if (++index >= groups) throw new DamagedData("a block names a code that it has not");
    const [chosen] = order.splice(index, 1) as [number];
    order.unshift(chosen);
    return chosen;
  });
}

const LONGEST_CODE = 20;

interface Code {
  /** For each length, the first code that is longer, and where its symbols begin. */
  limit: Int32Array;
  offset: Int32Array;
  symbols: Uint16Array;
}

function readCode(bits: Bits, size: number): Code {
  const lengths = new Uint8Array(size);
  let length = read(bits, 5);
  for (let symbol = 0; symbol < size; symbol++) {
    for (;;) {
      if (length < 1 || length > LONGEST_CODE) throw new DamagedData("a code is too long");
      if (!read(bits, 1)) break;
      length += read(bits, 1) ? -1 : 1;
    }
    lengths[symbol] = length;
  }
  const code: Code = {
    limit: new Int32Array(LONGEST_CODE + 2),
    offset: new Int32Array(LONGEST_CODE + 2),
    symbols: new Uint16Array(size),
  };
  let first = 0;
  let index = 0;
  for (let bitCount = 1; bitCount <= LONGEST_CODE; bitCount++) {
    code.offset[bitCount] = index - first;
    for (let symbol = 0; symbol < size; symbol++)
      if (lengths[symbol] === bitCount) code.symbols[index++] = symbol;
    first = index - (code.offset[bitCount] as number);
    code.limit[bitCount] = first;
    first <<= 1;
  }
  return code;
}

function readSymbol(bits: Bits, { limit, offset, symbols }: Code): number {
  let code = 0;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    code = (code << 1) | read(bits, 1);
    if (code >= (limit[length] as number)) continue;
    const symbol = symbols[code + (offset[length] as number)];
    if (symbol !== undefined) return symbol;
  }
  throw new DamagedData("there is a code that stands for nothing");
}

function readSymbols(
  bits: Bits,
  alphabet: number[],
  selectors: Uint8Array,
  codes: Code[],
  blockSize: number,
) {
  const data = new Uint32Array(blockSize);
  const counts = new Uint32Array(256);
  const recent = Uint8Array.from(alphabet);
  const end = alphabet.length + 1;
  let size = 0;
  let run = 0;
  let runBit = 1;
  const put = (byte: number, times: number) => {
    if (size + times > blockSize) throw new DamagedData("a block is too long");
    data.fill(byte, size, size + times);
    counts[byte] = (counts[byte] as number) + times;
    size += times;
  };
  for (let group = 0; ; group++) {
    const code = codes[selectors[group] as number];
    if (code === undefined) throw new DamagedData("a block has too few codes");
    for (let index = 0; index < GROUP_SIZE; index++) {
      const symbol = readSymbol(bits, code);
      if (symbol <= RUN_B) {
        run += runBit << symbol;
        if (run > blockSize) throw new DamagedData("a block is too long");
        runBit <<= 1;
        continue;
      }
      if (run > 0) put(recent[0] as number, run);
      run = 0;
      runBit = 1;
      if (symbol === end) return { data, size, counts };
      const byte = recent[symbol - 1] as number;
      recent.copyWithin(1, 0, symbol - 1);
      recent[0] = byte;
      put(byte, 1);
    }
  }
}

// A run of bytes in a block may stand for fifty times as many.
const PIECE = 256 * 1024;

/** The bytes of a block in their order; four alike are followed by how many more there are. */
function* pieces({ data, size, start }: Block): Generator<Uint8Array> {
  let out = Buffer.allocUnsafeSlow(PIECE);
  let at = 0;
  let next = (data[start] as number) >>> 8;
  let last = -1;
  let alike = 0;
  for (let index = 0; index < size; index++) {
    const entry = data[next] as number;
    next = entry >>> 8;
    const byte = entry & 0xff;
    if (alike === 4) {
      out.fill(last, at, at + byte);
      at += byte;
      alike = 0;
      last = -1;
    } else {
      alike = byte === last ? alike + 1 : 1;
      last = byte;
      out[at++] = byte;
    }
    if (at < PIECE - 256) continue;
    yield out.subarray(0, at);
    out = Buffer.allocUnsafeSlow(PIECE);
    at = 0;
  }
  if (at > 0) yield out.subarray(0, at);
}
