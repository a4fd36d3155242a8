import { type ByteSource, byteSource, DamagedData } from "./byte-source.ts";
import { copyBack, type History, isPieceReady, makeRoom, newHistory, takePiece } from "./history.ts";
import * as m from "./lzma-model.ts";

/** The longest thing that is coded at once takes fewer bytes. */
const LARGEST_SYMBOL = 48;
/** What a dictionary may take of the memory. */
export const LARGEST_DICTIONARY = 128 * 1024 * 1024;

/** A range decoder over the bytes of a source. */
export interface RangeDecoder {
  source: ByteSource;
  range: number;
  code: number;
}

/** Undoes LZMA as it stands in a file of its own (`.lzma`). */
export async function* unlzma(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = byteSource(stream);
  if ((await source.fill(18)) < 18) throw new DamagedData("it is too short");
  const head = source.buffer.subarray(source.at, source.at + 13);
  const { lc, lp, pb } = readProperties(head[0] as number);
  const dictionary = head.readUInt32LE(1);
  if (dictionary > LARGEST_DICTIONARY) throw tooLarge(dictionary);
  const isSized = head.readBigUInt64LE(5) !== 0xffffffffffffffffn;
  const size = isSized ? Number(head.readBigUInt64LE(5)) : Infinity;
  source.at += 13;
  const model = m.newModel(lc, lp, pb);
  const history = newHistory(Math.max(4096, dictionary));
  const decoder = startDecoder(source);
  const progress = { written: 0 };
  for (;;) {
    await source.fill(64 * 1024);
    const isEnded = decode(decoder, model, history, progress, size);
    yield takePiece(history);
    if (isEnded || progress.written >= size) return;
  }
}

/** The error for what would take more memory than there is. */
export function tooLarge(dictionary: number): DamagedData {
  return new DamagedData(
    `it needs ${Math.ceil(dictionary / 1024 ** 2)} MiB; ${LARGEST_DICTIONARY / 1024 ** 2} are the most`,
  );
}

/** The three numbers in the first byte. */
export function readProperties(byte: number): { lc: number; lp: number; pb: number } {
  if (byte >= 225) throw new DamagedData("Input is not in the LZMA format");
  return { lc: byte % 9, lp: Math.floor(byte / 9) % 5, pb: Math.floor(byte / 45) };
}

/** Begins to decode. */
export function startDecoder(source: ByteSource): RangeDecoder {
  const { buffer, at } = source;
  if (source.end - at < 5 || buffer[at] !== 0) throw new DamagedData("Input is not in the LZMA format");
  source.at += 5;
  return { source, range: 0xffffffff, code: buffer.readUInt32BE(at + 1) };
}

/**
 * Decodes until there is a piece to hand on, the source runs low, or `most` bytes are written in all. Gives whether the
 * mark of the end was there.
 */
export function decode(
  decoder: RangeDecoder,
  model: m.LzmaModel,
  history: History,
  progress: { written: number },
  most: number,
): boolean {
  const { source } = decoder;
  const { probabilities } = model;
  const positionMask = (1 << model.pb) - 1;
  const end = source.isDone ? source.end : source.end - LARGEST_SYMBOL;
  while (progress.written < most && source.at <= end && !isPieceReady(history)) {
    const position = progress.written & positionMask;
    const { state } = model;
    if (bit(decoder, probabilities, m.IS_MATCH + (state << 4) + position) === 0) {
      readLiteral(decoder, model, history, progress.written);
      progress.written++;
      continue;
    }
    const length = readMatch(decoder, model, position, history);
    if (length === END_MARK) return true;
    if (length > most - progress.written) throw new DamagedData("it is longer than it says");
    copyBack(history, model.reps[0] + 1, length);
    progress.written += length;
  }
  return false;
}

const END_MARK = -1;

/** Sets the distance of a copy and gives its length. */
function readMatch(decoder: RangeDecoder, model: m.LzmaModel, position: number, history: History): number {
  const { probabilities: p, state, reps } = model;
  if (bit(decoder, p, m.IS_REP + state) === 0) {
    const length = readLength(decoder, p, m.LENGTH, position);
    const distance = readDistance(decoder, p, length);
    model.state = state < 7 ? 7 : 10;
    if (distance === 0xffffffff) return END_MARK;
    model.reps = [distance, reps[0], reps[1], reps[2]];
    return length + m.LEAST_LENGTH;
  }
  if (history.at === 0) throw new DamagedData("it refers to what is not there");
  if (bit(decoder, p, m.IS_REP_0 + state) === 0) {
    if (bit(decoder, p, m.IS_REP_0_LONG + (state << 4) + position) === 0) {
      model.state = state < 7 ? 9 : 11;
      return 1;
    }
  } else if (bit(decoder, p, m.IS_REP_1 + state) === 0) model.reps = [reps[1], reps[0], reps[2], reps[3]];
  else if (bit(decoder, p, m.IS_REP_2 + state) === 0) model.reps = [reps[2], reps[0], reps[1], reps[3]];
  else model.reps = [reps[3], reps[0], reps[1], reps[2]];
  model.state = state < 7 ? 8 : 11;
  return readLength(decoder, p, m.REP_LENGTH, position) + m.LEAST_LENGTH;
}

function readLiteral(decoder: RangeDecoder, model: m.LzmaModel, history: History, position: number) {
  const { probabilities: p, state } = model;
  makeRoom(history, 1);
  const { buffer, at } = history;
  const place = m.literalPlace(model, position, at > 0 ? (buffer[at - 1] as number) : 0);
  let symbol = 1;
  if (state >= 7) {
    if (model.reps[0] >= at) throw new DamagedData("it refers to what is not there");
    let match = buffer[at - model.reps[0] - 1] as number;
    while (symbol < 0x100) {
      const expected = (match >> 7) & 1;
      match <<= 1;
      const actual = bit(decoder, p, place + ((1 + expected) << 8) + symbol);
      symbol = (symbol << 1) | actual;
      if (actual !== expected) break;
    }
  }
  while (symbol < 0x100) symbol = (symbol << 1) | bit(decoder, p, place + symbol);
  buffer[at] = symbol & 0xff;
  history.at++;
  model.state = m.afterLiteral(state);
}

function readLength(decoder: RangeDecoder, p: Uint16Array, place: number, position: number): number {
  if (bit(decoder, p, place + m.LONGER) === 0)
    return tree(decoder, p, place + m.SHORT_TREE + (position << 3), 3);
  if (bit(decoder, p, place + m.LONGEST) === 0) {
    return 8 + tree(decoder, p, place + m.MIDDLE_TREE + (position << 3), 3);
  }
  return 16 + tree(decoder, p, place + m.LONG_TREE, 8);
}

function readDistance(decoder: RangeDecoder, p: Uint16Array, length: number): number {
  const slot = tree(decoder, p, m.SLOT + (Math.min(length, 3) << 6), 6);
  if (slot < m.FIRST_SPECIAL) return slot;
  const count = (slot >> 1) - 1;
  const base = ((2 | (slot & 1)) << count) >>> 0;
  if (slot < m.FIRST_ALIGNED) return base + reverse(decoder, p, m.SPECIAL + base - slot, count);
  let direct = 0;
  for (let index = count - 4; index > 0; index--) direct = direct * 2 + directBit(decoder);
  return base + direct * 16 + reverse(decoder, p, m.ALIGN, 4);
}

function tree(decoder: RangeDecoder, p: Uint16Array, place: number, count: number): number {
  let symbol = 1;
  for (let index = 0; index < count; index++) symbol = (symbol << 1) | bit(decoder, p, place + symbol);
  return symbol - (1 << count);
}

function reverse(decoder: RangeDecoder, p: Uint16Array, place: number, count: number): number {
  let symbol = 1;
  let value = 0;
  for (let index = 0; index < count; index++) {
    const one = bit(decoder, p, place + symbol);
    symbol = (symbol << 1) | one;
    value |= one << index;
  }
  return value;
}

function bit(decoder: RangeDecoder, p: Uint16Array, place: number): 0 | 1 {
  const probability = p[place] as number;
  const bound = (decoder.range >>> 11) * probability;
  let value: 0 | 1 = 0;
  if (decoder.code < bound) {
    decoder.range = bound;
    p[place] = probability + ((2048 - probability) >> 5);
  } else {
    decoder.range -= bound;
    decoder.code -= bound;
    p[place] = probability - (probability >> 5);
    value = 1;
  }
  if (decoder.range < 0x1000000) normalize(decoder);
  return value;
}

function directBit(decoder: RangeDecoder): 0 | 1 {
  decoder.range >>>= 1;
  const value = decoder.code >= decoder.range ? 1 : 0;
  if (value) decoder.code -= decoder.range;
  if (decoder.range < 0x1000000) normalize(decoder);
  return value;
}

function normalize(decoder: RangeDecoder) {
  const { source } = decoder;
  if (source.at >= source.end) throw new DamagedData("it ends too early");
  decoder.range = (decoder.range << 8) >>> 0;
  decoder.code = ((decoder.code << 8) | (source.buffer[source.at++] as number)) >>> 0;
}
