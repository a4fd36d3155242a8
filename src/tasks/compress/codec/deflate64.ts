import { type ByteSource, byteSource, DamagedData, nextByte, takeBytes } from "./byte-source.ts";
import { append, copyBack, type History, isPieceReady, makeRoom, newHistory, takePiece } from "./history.ts";

const REACH = 64 * 1024;
// The tables of a block take some three hundred bytes, a symbol eight.
const LARGEST_TABLES = 1024;
const LARGEST_SYMBOL = 16;
const END = 256;
const LONGEST_CODE = 15;

/** The least length and distance of each code, and how many bits follow. It differs from Deflate at the ends. */
const LENGTHS = withBase([...steps(8, 0), ...repeated([1, 2, 3, 4, 5], 4)], 3);
const DISTANCES = withBase([0, 0, ...repeated([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], 2)], 1);
LENGTHS.push({ base: 3, extra: 16 });

interface Code {
  counts: Uint16Array;
  symbols: Uint16Array;
}

interface Bits {
  source: ByteSource;
  value: number;
  count: number;
}

/** Undoes Deflate64, as some ZIP programs use it. */
export async function* inflate64(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const bits: Bits = { source: byteSource(stream), value: 0, count: 0 };
  const history = newHistory(REACH);
  for (let isLast = false; !isLast; ) {
    await bits.source.fill(LARGEST_TABLES);
    isLast = read(bits, 1) === 1;
    const kind = read(bits, 2);
    if (kind === 3) throw new DamagedData("a block is of an unknown kind");
    if (kind === 0) yield* stored(bits, history);
    else yield* coded(bits, history, kind === 1 ? FIXED : readCodes(bits));
  }
  yield takePiece(history);
}

async function* stored(bits: Bits, history: History): AsyncGenerator<Uint8Array> {
  const { source } = bits;
  read(bits, bits.count & 7);
  // What was read ahead is given back.
  source.at -= bits.count >> 3;
  bits.value = 0;
  bits.count = 0;
  const head = await takeBytes(source, 4);
  const size = head.readUInt16LE();
  if ((size ^ 0xffff) !== head.readUInt16LE(2)) throw new DamagedData("a block has no length");
  append(history, await takeBytes(source, size));
  if (isPieceReady(history)) yield takePiece(history);
}

async function* coded(bits: Bits, history: History, codes: [Code, Code]): AsyncGenerator<Uint8Array> {
  const { source } = bits;
  for (;;) {
    if (source.end - source.at < LARGEST_SYMBOL && !source.isDone) await source.fill(REACH);
    const symbol = readSymbol(bits, codes[0]);
    if (symbol < END) {
      makeRoom(history, 1);
      history.buffer[history.at++] = symbol;
    } else if (symbol === END) return;
    else copyBack(history, ...readCopy(bits, symbol, codes[1]));
    if (isPieceReady(history)) yield takePiece(history);
  }
}

function readCopy(bits: Bits, symbol: number, distances: Code): [distance: number, length: number] {
  const length = LENGTHS[symbol - END - 1];
  if (!length) throw new DamagedData("there is a code that stands for nothing");
  const size = length.base + read(bits, length.extra);
  const distance = DISTANCES[readSymbol(bits, distances)];
  if (!distance) throw new DamagedData("there is a code that stands for nothing");
  return [distance.base + read(bits, distance.extra), size];
}

function read(bits: Bits, count: number): number {
  while (bits.count < count) {
    bits.value |= nextByte(bits.source) << bits.count;
    bits.count += 8;
  }
  const value = bits.value & ((1 << count) - 1);
  bits.value >>>= count;
  bits.count -= count;
  return value;
}

function readSymbol(bits: Bits, { counts, symbols }: Code): number {
  let code = 0;
  let first = 0;
  let index = 0;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    code |= read(bits, 1);
    const count = counts[length] as number;
    if (code - first < count) return symbols[index + code - first] as number;
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  throw new DamagedData("there is a code that stands for nothing");
}

function codeOf(lengths: ArrayLike<number>): Code {
  const counts = new Uint16Array(LONGEST_CODE + 1);
  for (const length of Array.from(lengths)) if (length > 0) counts[length] = (counts[length] as number) + 1;
  const symbols: number[] = [];
  for (let length = 1; length <= LONGEST_CODE; length++) {
    for (let symbol = 0; symbol < lengths.length; symbol++)
      if (lengths[symbol] === length) symbols.push(symbol);
  }
  return { counts, symbols: Uint16Array.from(symbols) };
}

const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** The codes of a block, whose lengths are written in a code of their own. */
function readCodes(bits: Bits): [Code, Code] {
  const literals = read(bits, 5) + 257;
  const distances = read(bits, 5) + 1;
  const given = read(bits, 4) + 4;
  const own = new Uint8Array(19);
  for (const symbol of ORDER.slice(0, given)) own[symbol] = read(bits, 3);
  const code = codeOf(own);
  const lengths: number[] = [];
  while (lengths.length < literals + distances) {
    const symbol = readSymbol(bits, code);
    if (symbol < 16) lengths.push(symbol);
    else {
      const last = lengths.at(-1);
      if (symbol === 16 && last === undefined) throw new DamagedData("a code has no lengths");
      const times =
        symbol === 16 ? 3 + read(bits, 2) : symbol === 17 ? 3 + read(bits, 3) : 11 + read(bits, 7);
      lengths.push(...new Array<number>(times).fill(symbol === 16 ? (last as number) : 0));
    }
  }
  if (lengths.length > literals + distances) throw new DamagedData("a code has too many lengths");
  return [codeOf(lengths.slice(0, literals)), codeOf(lengths.slice(literals))];
}

const FIXED: [Code, Code] = [
  codeOf([...steps(144, 8), ...steps(112, 9), ...steps(24, 7), ...steps(8, 8)]),
  codeOf(steps(32, 5)),
];

function steps(count: number, value: number): number[] {
  return new Array<number>(count).fill(value);
}

function repeated(values: number[], times: number): number[] {
  return values.flatMap((value) => steps(times, value));
}

function withBase(extras: number[], first: number): { base: number; extra: number }[] {
  let base = first;
  return extras.map((extra) => {
    const code = { base, extra };
    base += 2 ** extra;
    return code;
  });
}
