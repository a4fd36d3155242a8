import { setImmediate } from "node:timers/promises";
import { type ByteSource, byteSource, DamagedData, takeBytes } from "./byte-source.ts";
import { append, type History, newHistory, takePiece } from "./history.ts";
import { decodeLz4Block, encodeLz4Block, LZ4_REACH } from "./lz4-block.ts";
import { xxHash32 } from "./xxhash.ts";

const MAGIC = 0x184d2204;
// Sixteen numbers mark frames that readers pass over.
const SKIPPED = 0x184d2a50;
/** The sizes of blocks, by their code. */
const BLOCK_SIZES = [0, 0, 0, 0, 64 * 1024, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024];
const STORED = 0x80000000;
const WRITTEN_SIZE = 6;
// Version 1, blocks that do not refer to each other, a checksum of the content.
const WRITTEN_FLAGS = 0x64;

/** Compresses as an LZ4 frame. */
export async function* lz4Frame(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const descriptor = Buffer.of(WRITTEN_FLAGS, WRITTEN_SIZE << 4);
  yield Buffer.concat([number(MAGIC), descriptor, Buffer.of((hashOf(descriptor) >> 8) & 0xff)]);
  const source = byteSource(stream);
  const hash = xxHash32();
  const blockSize = BLOCK_SIZES[WRITTEN_SIZE] as number;
  for (;;) {
    const size = Math.min(blockSize, await source.fill(blockSize));
    if (size === 0) break;
    const bytes = Buffer.from(source.buffer.subarray(source.at, source.at + size));
    source.at += size;
    hash.update(bytes);
    const block = encodeLz4Block(bytes);
    yield block.length < size
      ? Buffer.concat([number(block.length), block])
      : Buffer.concat([number(size + STORED), bytes]);
    await setImmediate();
  }
  yield Buffer.concat([number(0), number(hash.digest())]);
}

/** Undoes LZ4 frames, one behind the other. */
export async function* unlz4Frame(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = byteSource(stream);
  for (let isFirst = true; ; isFirst = false) {
    if ((await source.fill(4)) === 0 && !isFirst) return;
    const magic = source.end - source.at < 4 ? 0 : (await takeBytes(source, 4)).readUInt32LE();
    if (magic >>> 4 === SKIPPED >>> 4) {
      await skip(source, (await takeBytes(source, 4)).readUInt32LE());
      continue;
    }
    if (magic !== MAGIC) throw new DamagedData("Not a LZ4 frame stream");
    yield* frame(source);
  }
}

async function* frame(source: ByteSource): AsyncGenerator<Uint8Array> {
  const { flags, blockSize } = await readDescriptor(source);
  const history = newHistory(LZ4_REACH + blockSize);
  const hash = xxHash32();
  const areLinked = (flags & 0x20) === 0;
  for (;;) {
    const size = (await takeBytes(source, 4)).readUInt32LE();
    if (size === 0) break;
    const length = size & 0x7fffffff;
    if (length > blockSize) throw new DamagedData("a block is larger than it may be");
    const block = await takeBytes(source, length);
    if (flags & 0x10 && (await takeBytes(source, 4)).readUInt32LE() !== hashOf(block)) {
      throw new DamagedData("the checksum of a block is wrong");
    }
    if (!areLinked) forget(history);
    if (size >= STORED) append(history, block);
    else decodeLz4Block(block, history);
    const piece = takePiece(history);
    if (piece.length > blockSize) throw new DamagedData("a block is larger than it may be");
    hash.update(piece);
    yield piece;
    await setImmediate();
  }
  if (flags & 0x04 && (await takeBytes(source, 4)).readUInt32LE() !== hash.digest()) {
    throw new DamagedData("the checksum is wrong");
  }
}

/** Blocks that stand alone begin with an empty history. */
function forget(history: History) {
  history.at = 0;
  history.taken = 0;
}

async function readDescriptor(source: ByteSource): Promise<{ flags: number; blockSize: number }> {
  const [flags = 0, code = 0] = await takeBytes(source, 2);
  const sizes = (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0);
  const rest = await takeBytes(source, sizes);
  const descriptor = Buffer.concat([Buffer.of(flags, code), rest]);
  const check = (await takeBytes(source, 1))[0];
  const blockSize = BLOCK_SIZES[(code >> 4) & 7] ?? 0;
  if (flags >> 6 !== 1 || blockSize === 0 || check !== ((hashOf(descriptor) >> 8) & 0xff)) {
    throw new DamagedData("the header of a frame is damaged");
  }
  if (flags & 0x01) throw new DamagedData("it needs a dictionary");
  return { flags, blockSize };
}

async function skip(source: ByteSource, size: number): Promise<void> {
  for (let left = size; left > 0; ) {
    const there = Math.min(left, await source.fill(1));
    if (there === 0) throw new DamagedData("it ends too early");
    source.at += there;
    left -= there;
  }
}

function hashOf(bytes: Uint8Array): number {
  const hash = xxHash32();
  hash.update(bytes);
  return hash.digest();
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
