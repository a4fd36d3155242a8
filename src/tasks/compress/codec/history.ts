import { DamagedData } from "./byte-source.ts";

/** What a decoder has written, as far back as it may copy from. */
export interface History {
  buffer: Buffer;
  at: number;
  /** How far it has been handed on. */
  taken: number;
  /** How far back copies reach. */
  readonly reach: number;
}

// Handed on in pieces of about this size.
const PIECE = 256 * 1024;

/** An empty history. It grows with what is written, so a small file takes little, whatever its header says. */
export function newHistory(reach: number): History {
  return { buffer: Buffer.allocUnsafeSlow(Math.min(reach, 64 * 1024) + PIECE), at: 0, taken: 0, reach };
}

/** Whether there is enough to hand on. */
export function isPieceReady(history: History): boolean {
  return history.at - history.taken >= PIECE;
}

/** What has not been handed on yet, copied. */
export function takePiece(history: History): Buffer {
  const piece = Buffer.from(history.buffer.subarray(history.taken, history.at));
  history.taken = history.at;
  return piece;
}

/** Makes room for so many bytes. */
export function makeRoom(history: History, size: number) {
  const { buffer, at, taken, reach } = history;
  if (at + size <= buffer.length) return;
  const from = Math.max(0, Math.min(taken, at - reach));
  const kept = at - from;
  const wanted = kept + size;
  // Half of it again, so that what is kept is not moved for every piece.
  const length = Math.max(wanted, Math.min(2 * buffer.length, reach + (reach >> 1) + PIECE));
  const target = wanted > buffer.length - (kept >> 1) ? Buffer.allocUnsafeSlow(length) : buffer;
  buffer.copy(target, 0, from, at);
  history.buffer = target;
  history.at = kept;
  history.taken = taken - from;
}

/** Copies from what was written; what is copied may reach into itself. */
export function copyBack(history: History, distance: number, length: number) {
  if (distance <= 0 || distance > history.at || distance > history.reach) {
    throw new DamagedData("it refers to what is not there");
  }
  makeRoom(history, length);
  const { buffer } = history;
  let { at } = history;
  if (distance >= length) buffer.copyWithin(at, at - distance, at - distance + length);
  else for (let index = 0; index < length; index++, at++) buffer[at] = buffer[at - distance] as number;
  history.at += length;
}

/** Adds bytes as they are. */
export function append(history: History, bytes: Uint8Array) {
  makeRoom(history, bytes.length);
  history.buffer.set(bytes, history.at);
  history.at += bytes.length;
}
