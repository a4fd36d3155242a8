import { setImmediate } from "node:timers/promises";
import { byteSource, DamagedData, takeBytes } from "./byte-source.ts";
import { isPieceReady, newHistory, takePiece } from "./history.ts";
import { decodeElements, encodeSnappy, readLength } from "./snappy.ts";

const BLOCK_SIZE = 64 * 1024;
const IDENTIFIER = Buffer.from([0xff, 6, 0, 0, ...Buffer.from("sNaPpY")]);
// Writers keep to blocks of 64 KiB, but nothing in the format says so.
const REACH = 4 * 1024 * 1024;
// A literal has its length before it, so it has to be together.
const LARGEST_LITERAL = 64 * 1024 * 1024;

/** Undoes Snappy without a frame. */
export async function* unsnappy(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = byteSource(stream);
  const size = await source.fill(5);
  const { length, at } = readLength(source.buffer.subarray(source.at, source.at + Math.min(5, size)));
  source.at += at;
  const history = newHistory(REACH);
  let written = 0;
  for (let wanted = BLOCK_SIZE; (await source.fill(wanted)) > 0; ) {
    const before = history.at;
    const there = source.end - source.at;
    const block = source.buffer.subarray(source.at, source.end);
    const taken = decodeElements(block, 0, Math.min(there, 4 * wanted), history);
    written += history.at - before;
    source.at += taken;
    if (isPieceReady(history)) yield takePiece(history);
    // An element that is not all there needs more than there was.
    if (taken === 0 && (source.isDone || wanted > LARGEST_LITERAL))
      throw new DamagedData("it ends too early");
    wanted = taken === 0 ? 2 * Math.max(wanted, there) : BLOCK_SIZE;
  }
  yield takePiece(history);
  if (written > length) throw new DamagedData("it is longer than it says");
}

/** Compresses in Snappy's frame. */
export async function* snappyFrame(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield IDENTIFIER;
  const source = byteSource(stream);
  for (;;) {
    const size = Math.min(BLOCK_SIZE, await source.fill(BLOCK_SIZE));
    if (size === 0) return;
    const bytes = Buffer.from(source.buffer.subarray(source.at, source.at + size));
    source.at += size;
    const block = encodeSnappy(bytes);
    const isShorter = block.length < size;
    const content = isShorter ? block : bytes;
    const head = Buffer.alloc(8);
    head[0] = isShorter ? 0 : 1;
    head.writeUIntLE(content.length + 4, 1, 3);
    head.writeUInt32LE(maskedCrc(bytes), 4);
    yield Buffer.concat([head, content]);
    await setImmediate();
  }
}

/** Undoes Snappy's frame. */
export async function* unsnappyFrame(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = byteSource(stream);
  for (let isFirst = true; isFirst || (await source.fill(1)) > 0; isFirst = false) {
    if (isFirst && (await source.fill(4)) < 4) throw new DamagedData("Not a framed Snappy stream");
    const head = await takeBytes(source, 4);
    const kind = head[0] as number;
    if (isFirst && kind !== 0xff) throw new DamagedData("Not a framed Snappy stream");
    const content = await takeBytes(source, head.readUIntLE(1, 3));
    if (kind === 0xff && !content.equals(IDENTIFIER.subarray(4))) {
      throw new DamagedData("Not a framed Snappy stream");
    }
    if (kind <= 1) yield chunk(kind, content);
    else if (kind < 0x80) throw new DamagedData(`a chunk is of the unknown kind ${kind}`);
    await setImmediate();
  }
}

function chunk(kind: number, content: Buffer): Buffer {
  if (content.length < 4) throw new DamagedData("a chunk is too short");
  const bytes = kind === 1 ? content.subarray(4) : uncompressed(content.subarray(4));
  if (maskedCrc(bytes) !== content.readUInt32LE()) throw new DamagedData("the checksum of a chunk is wrong");
  return bytes;
}

/** Undoes one block in memory, which says how long it is. */
export function uncompressed(block: Buffer, longest = BLOCK_SIZE): Buffer {
  const { length, at } = readLength(block);
  if (length > longest) throw new DamagedData("a block is longer than it may be");
  const history = newHistory(Math.max(1, length));
  const end = decodeElements(block, at, block.length, history);
  if (end !== block.length || history.at !== length)
    throw new DamagedData("a block is not as long as it says");
  return takePiece(history);
}

function maskedCrc(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CASTAGNOLI[(crc ^ byte) & 0xff] as number);
  const value = ~crc;
  return (((value >>> 15) | (value << 17)) + 0xa282ead8) >>> 0;
}

const CASTAGNOLI = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});
