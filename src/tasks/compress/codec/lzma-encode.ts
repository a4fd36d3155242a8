import { setImmediate } from "node:timers/promises";
import { byteSource } from "./byte-source.ts";
import * as m from "./lzma-model.ts";
import {
  bit,
  bitTree,
  directBits,
  finish,
  newRangeEncoder,
  type RangeEncoder,
  reverseTree,
  takeBytes,
} from "./range-encoder.ts";

/** The usual values: literals depend on the byte before, lengths on the place modulo four. */
export const LC = 3;
export const LP = 0;
export const PB = 2;
export const PROPERTIES = (PB * 5 + LP) * 9 + LC;
/** As far as copies reach; the stream is gone through in windows of this size, each of which forgets the ones before. */
export const WINDOW = 4 * 1024 * 1024;
// A few milliseconds of work; then others have their turn.
const SLICE = 64 * 1024;

/** Compresses as LZMA in a file of its own, with a mark at its end. */
export async function* lzma(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const head = Buffer.alloc(13, 0xff);
  head[0] = PROPERTIES;
  head.writeUInt32LE(WINDOW, 1);
  yield head;
  const source = byteSource(stream);
  const model = m.newModel(LC, LP, PB);
  const encoder = newRangeEncoder();
  const finder = newFinder();
  for (;;) {
    const size = Math.min(WINDOW, await source.fill(WINDOW));
    if (size === 0) break;
    const window = Buffer.from(source.buffer.subarray(source.at, source.at + size));
    source.at += size;
    startWindow(finder, window);
    for (let from = 0; from < size; from += SLICE) {
      encode(encoder, model, finder, Math.min(size, from + SLICE));
      yield takeBytes(encoder);
      await setImmediate();
    }
  }
  writeEnd(encoder, model, finder.position);
  finish(encoder);
  yield takeBytes(encoder);
}

const HASH_BITS = 16;
// How many places are looked at for a longer copy.
const TRIES = 12;
const LONGEST_MATCH = 273;

/** Finds what came before in the window. */
export interface Finder {
  window: Buffer;
  at: number;
  /** The window before: the state after a copy may still ask what stands there. */
  earlier: Buffer;
  /** Bytes encoded in all. */
  position: number;
  heads: Int32Array;
  previous: Int32Array;
}

export function newFinder(): Finder {
  return {
    window: Buffer.alloc(0),
    at: 0,
    earlier: Buffer.alloc(0),
    position: 0,
    heads: new Int32Array(1 << HASH_BITS),
    previous: new Int32Array(WINDOW),
  };
}

/** Begins with the next window. */
export function startWindow(finder: Finder, window: Buffer) {
  finder.earlier = finder.window;
  finder.window = window;
  finder.at = 0;
  finder.heads.fill(-1);
}

/** Encodes up to a place in the window. */
export function encode(encoder: RangeEncoder, model: m.LzmaModel, finder: Finder, to: number) {
  while (finder.at < to) {
    const most = Math.min(LONGEST_MATCH, to - finder.at);
    const rep = longestRep(finder, model, most);
    const match = longestMatch(finder, most);
    // A repeated distance costs less, so it may be a little shorter.
    const isRep = rep.length >= 2 && rep.length + 1 >= match.length;
    const length = isRep ? rep.length : match.length;
    if (isRep) writeRep(encoder, model, finder.position, rep.index, length);
    else if (length >= 4 || (length === 3 && match.distance < 4096)) {
      writeMatch(encoder, model, finder.position, match.distance - 1, length);
    } else {
      writeLiteral(encoder, model, finder);
      advance(finder, 1);
      continue;
    }
    advance(finder, length);
  }
}

function advance(finder: Finder, count: number) {
  const { window, heads, previous } = finder;
  for (let index = 0; index < count; index++) {
    const { at } = finder;
    if (at + 3 <= window.length) {
      const hash = hashAt(window, at);
      previous[at] = heads[hash] as number;
      heads[hash] = at;
    }
    finder.at++;
  }
  finder.position += count;
}

function hashAt(window: Buffer, at: number): number {
  const word =
    (window[at] as number) | ((window[at + 1] as number) << 8) | ((window[at + 2] as number) << 16);
  return Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
}

function longestRep({ window, at }: Finder, { reps }: m.LzmaModel, most: number) {
  const best = { index: 0, length: 0 };
  for (const [index, rep] of reps.entries()) {
    if (rep >= at) continue;
    const length = commonLength(window, at - rep - 1, at, most);
    if (length > best.length) Object.assign(best, { index, length });
  }
  return best;
}

function longestMatch({ window, at, heads, previous }: Finder, most: number) {
  const best = { distance: 0, length: 0 };
  if (at + 3 > window.length) return best;
  let place = heads[hashAt(window, at)] as number;
  for (let tries = TRIES; place >= 0 && tries > 0; tries--) {
    const length =
      window[place + best.length] === window[at + best.length] ? commonLength(window, place, at, most) : 0;
    if (length > best.length) {
      best.length = length;
      best.distance = at - place;
      if (length === most) break;
    }
    place = previous[place] as number;
  }
  return best;
}

function commonLength(window: Buffer, place: number, at: number, most: number): number {
  let length = 0;
  while (length < most && window[place + length] === window[at + length]) length++;
  return length;
}

function writeLiteral(encoder: RangeEncoder, model: m.LzmaModel, finder: Finder) {
  const { probabilities: p, state } = model;
  const { window, at, position } = finder;
  bit(encoder, p, m.IS_MATCH + (state << 4) + (position & 3), 0);
  const byte = window[at] as number;
  const place = m.literalPlace(model, position, byteBefore(finder, 1));
  let symbol = byte | 0x100;
  if (state < 7) {
    for (let context = 1; context < 0x100; ) {
      const one = (symbol >> 7) & 1;
      symbol <<= 1;
      bit(encoder, p, place + context, one);
      context = (context << 1) | one;
    }
  } else {
    let match = byteBefore(finder, model.reps[0] + 1);
    let offset = 0x100;
    while (symbol < 0x10000) {
      match <<= 1;
      bit(encoder, p, place + offset + (match & offset) + (symbol >> 8), (symbol >> 7) & 1);
      symbol <<= 1;
      offset &= ~(match ^ symbol);
    }
  }
  model.state = m.afterLiteral(state);
}

function byteBefore({ window, earlier, at }: Finder, distance: number): number {
  return (at >= distance ? window[at - distance] : earlier[earlier.length + at - distance]) ?? 0;
}

function writeRep(
  encoder: RangeEncoder,
  model: m.LzmaModel,
  position: number,
  index: number,
  length: number,
) {
  const { probabilities: p, state, reps } = model;
  bit(encoder, p, m.IS_MATCH + (state << 4) + (position & 3), 1);
  bit(encoder, p, m.IS_REP + state, 1);
  bit(encoder, p, m.IS_REP_0 + state, index === 0 ? 0 : 1);
  if (index === 0) bit(encoder, p, m.IS_REP_0_LONG + (state << 4) + (position & 3), 1);
  else {
    bit(encoder, p, m.IS_REP_1 + state, index === 1 ? 0 : 1);
    if (index > 1) bit(encoder, p, m.IS_REP_2 + state, index - 2);
  }
  const [distance] = reps.splice(index, 1) as [number];
  reps.unshift(distance);
  model.state = state < 7 ? 8 : 11;
  writeLength(encoder, p, m.REP_LENGTH, position & 3, length - m.LEAST_LENGTH);
}

function writeMatch(
  encoder: RangeEncoder,
  model: m.LzmaModel,
  position: number,
  distance: number,
  length: number,
) {
  const { probabilities: p, state, reps } = model;
  bit(encoder, p, m.IS_MATCH + (state << 4) + (position & 3), 1);
  bit(encoder, p, m.IS_REP + state, 0);
  model.state = state < 7 ? 7 : 10;
  writeLength(encoder, p, m.LENGTH, position & 3, length - m.LEAST_LENGTH);
  writeDistance(encoder, p, distance, length - m.LEAST_LENGTH);
  model.reps = [distance, reps[0], reps[1], reps[2]];
}

function writeEnd(encoder: RangeEncoder, model: m.LzmaModel, position: number) {
  writeMatch(encoder, model, position, 0xffffffff, m.LEAST_LENGTH);
}

function writeLength(encoder: RangeEncoder, p: Uint16Array, place: number, position: number, length: number) {
  bit(encoder, p, place + m.LONGER, length < 8 ? 0 : 1);
  if (length < 8) return bitTree(encoder, p, place + m.SHORT_TREE + (position << 3), 3, length);
  bit(encoder, p, place + m.LONGEST, length < 16 ? 0 : 1);
  if (length < 16) return bitTree(encoder, p, place + m.MIDDLE_TREE + (position << 3), 3, length - 8);
  bitTree(encoder, p, place + m.LONG_TREE, 8, length - 16);
}

function writeDistance(encoder: RangeEncoder, p: Uint16Array, distance: number, length: number) {
  const slot = slotOf(distance);
  bitTree(encoder, p, m.SLOT + (Math.min(length, 3) << 6), 6, slot);
  if (slot < m.FIRST_SPECIAL) return;
  const count = (slot >> 1) - 1;
  const base = ((2 | (slot & 1)) << count) >>> 0;
  const rest = distance - base;
  if (slot < m.FIRST_ALIGNED) return reverseTree(encoder, p, m.SPECIAL + base - slot, count, rest);
  directBits(encoder, count - 4, Math.floor(rest / 16));
  reverseTree(encoder, p, m.ALIGN, 4, rest % 16);
}

function slotOf(distance: number): number {
  if (distance < 4) return distance;
  const top = 31 - Math.clz32(distance);
  return 2 * top + ((distance >>> (top - 1)) & 1);
}
