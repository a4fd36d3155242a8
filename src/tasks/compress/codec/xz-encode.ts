import { setImmediate } from "node:timers/promises";
import { byteSource } from "./byte-source.ts";
import {
  encode,
  type Finder,
  LC,
  LP,
  newFinder,
  PB,
  PROPERTIES,
  startWindow,
  WINDOW,
} from "./lzma-encode.ts";
import { type LzmaModel, newModel, resetModel } from "./lzma-model.ts";
import { finish, newRangeEncoder, type RangeEncoder, takeBytes } from "./range-encoder.ts";
import {
  CHECK_CRC32,
  LZMA2,
  number32,
  padded,
  varint,
  withCrc,
  XZ_END,
  XZ_MAGIC,
  xzCheck,
} from "./xz-format.ts";

// Small enough that a chunk of bytes that do not repeat stays below the 64 KiB that it may have.
const CHUNK = 48 * 1024;
// 4 MiB, in the code of the format: two or three times a power of two.
const DICTIONARY_CODE = 20;
const STREAM_FLAGS = Buffer.of(0, CHECK_CRC32);

/** Compresses as one XZ stream of one block. */
export async function* xz(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield Buffer.concat([XZ_MAGIC, withCrc(STREAM_FLAGS)]);
  const head = withCrc(Buffer.of(2, 0, LZMA2, 1, DICTIONARY_CODE, 0, 0, 0));
  yield head;
  const check = xzCheck(CHECK_CRC32);
  let compressed = 0;
  let size = 0;
  for await (const chunk of chunks(stream, (bytes) => {
    check.update(bytes);
    size += bytes.length;
  })) {
    compressed += chunk.length;
    yield chunk;
    await setImmediate();
  }
  yield Buffer.concat([Buffer.alloc((4 - (compressed % 4)) % 4), check.digest()]);
  const record = Buffer.concat([varint(head.length + compressed + check.size), varint(size)]);
  // A stream without content has a block all the same: an empty one.
  const index = withCrc(padded(Buffer.concat([Buffer.of(0), varint(1), record])));
  yield index;
  const footer = Buffer.concat([number32(index.length / 4 - 1), STREAM_FLAGS]);
  yield Buffer.concat([number32Crc(footer), footer, XZ_END]);
}

function number32Crc(bytes: Buffer): Buffer {
  return withCrc(bytes).subarray(bytes.length);
}

async function* chunks(
  stream: AsyncIterable<Uint8Array>,
  onBytes: (bytes: Buffer) => void,
): AsyncGenerator<Buffer> {
  const source = byteSource(stream);
  const writer: ChunkWriter = {
    model: newModel(LC, LP, PB),
    encoder: newRangeEncoder(),
    finder: newFinder(),
    reset: 3,
    isFirst: true,
  };
  for (;;) {
    const size = Math.min(WINDOW, await source.fill(WINDOW));
    if (size === 0) break;
    const window = Buffer.from(source.buffer.subarray(source.at, source.at + size));
    source.at += size;
    onBytes(window);
    startWindow(writer.finder, window);
    for (let from = 0; from < size; from += CHUNK) yield writeChunk(writer, Math.min(size, from + CHUNK));
  }
  yield Buffer.of(0);
}

interface ChunkWriter {
  model: LzmaModel;
  encoder: RangeEncoder;
  finder: Finder;
  /** What the next chunk has to begin anew: nothing, the state, also the properties, also the dictionary. */
  reset: 0 | 1 | 2 | 3;
  isFirst: boolean;
}

function writeChunk(writer: ChunkWriter, to: number): Buffer {
  const { model, encoder, finder } = writer;
  const from = finder.at;
  encode(encoder, model, finder, to);
  finish(encoder);
  const coded = takeBytes(encoder);
  const size = to - from;
  const head = Buffer.alloc(3);
  head.writeUInt16BE((size - 1) & 0xffff, 1);
  if (coded.length >= size) {
    // What the model has learned from it, a reader will not know.
    resetModel(model);
    head[0] = writer.isFirst ? 1 : 2;
    writer.reset = writer.reset >= 2 ? 2 : 1;
    writer.isFirst = false;
    return Buffer.concat([head, finder.window.subarray(from, to)]);
  }
  head[0] = 0x80 | (writer.reset << 5) | ((size - 1) >> 16);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(coded.length - 1);
  const properties = writer.reset >= 2 ? Buffer.of(PROPERTIES) : Buffer.alloc(0);
  writer.reset = 0;
  writer.isFirst = false;
  return Buffer.concat([head, length, properties, coded]);
}
