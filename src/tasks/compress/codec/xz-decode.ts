import { crc32 } from "node:zlib";
import { type ByteSource, byteSource, DamagedData, nextByte, takeBytes } from "./byte-source.ts";
import { append, type History, isPieceReady, newHistory, takePiece } from "./history.ts";
import { decode, LARGEST_DICTIONARY, readProperties, startDecoder, tooLarge } from "./lzma-decode.ts";
import { type LzmaModel, newModel, resetModel } from "./lzma-model.ts";
import { LZMA2, XZ_END, XZ_MAGIC, xzCheck } from "./xz-format.ts";

/** Undoes XZ streams, one behind the other, with zeros between them or not. */
export async function* unxz(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = byteSource(stream);
  for (let isFirst = true; ; isFirst = false) {
    while (!isFirst && (await source.fill(4)) >= 4 && source.buffer.readUInt32LE(source.at) === 0)
      source.at += 4;
    if ((await source.fill(12)) === 0 && !isFirst) return;
    const head = source.buffer.subarray(source.at, Math.min(source.end, source.at + 12));
    if (head.length < 12 || !head.subarray(0, 6).equals(XZ_MAGIC))
      throw new DamagedData("Input is not in the XZ format");
    if (crc32(head.subarray(6, 8)) !== head.readUInt32LE(8) || head[6] !== 0) throw damaged("header");
    const kind = head[7] as number;
    source.at += 12;
    yield* blocks(source, kind);
  }
}

async function* blocks(source: ByteSource, kind: number): AsyncGenerator<Uint8Array> {
  for (;;) {
    const size = (await takeBytes(source, 1))[0] as number;
    if (size === 0) break;
    const header = Buffer.concat([Buffer.of(size), await takeBytes(source, 4 * size + 3)]);
    const history = newHistory(readBlockHeader(header));
    const check = xzCheck(kind);
    const counted = { bytes: 0 };
    for await (const piece of lzma2(source, history, counted)) {
      check.update(piece);
      yield piece;
    }
    await takeBytes(source, (4 - (counted.bytes % 4)) % 4);
    if (!(await takeBytes(source, check.size)).equals(check.digest()))
      throw new DamagedData("the checksum is wrong");
  }
  await skipIndex(source);
}

/** The size of the dictionary of a block. */
function readBlockHeader(header: Buffer): number {
  const end = header.length - 4;
  if (crc32(header.subarray(0, end)) !== header.readUInt32LE(end)) throw damaged("header of a block");
  const flags = header[1] as number;
  if ((flags & 3) !== 0) throw new DamagedData("it has filters that are not supported");
  let at = 2;
  for (const isThere of [flags & 0x40, flags & 0x80]) {
    if (!isThere) continue;
    while ((header[at++] as number) >= 0x80) if (at >= end) throw damaged("header of a block");
  }
  if (header[at] !== LZMA2 || header[at + 1] !== 1)
    throw new DamagedData("it has filters that are not supported");
  const code = header[at + 2] as number;
  const size = code >= 40 ? 0xffffffff : (2 | (code & 1)) * 2 ** (11 + (code >> 1));
  if (size > LARGEST_DICTIONARY) throw tooLarge(size);
  return size;
}

interface State {
  model: LzmaModel | undefined;
  isDictionaryNeeded: boolean;
  progress: { written: number };
}

// The largest chunk, with what stands before it.
const LARGEST_CHUNK = 64 * 1024 + 6;

async function* lzma2(
  source: ByteSource,
  history: History,
  counted: { bytes: number },
): AsyncGenerator<Uint8Array> {
  const state: State = { model: undefined, isDictionaryNeeded: true, progress: { written: 0 } };
  for (;;) {
    await source.fill(LARGEST_CHUNK);
    // The source may move what it has when it is filled, but not while a chunk is read.
    const from = source.at;
    const control = nextByte(source);
    if (control === 0) {
      counted.bytes += 1;
      break;
    }
    if (control === 1 || control >= 0xe0) state.isDictionaryNeeded = false;
    if (state.isDictionaryNeeded || (control > 2 && control < 0x80)) throw damaged("chunk");
    if (control === 1 || control >= 0xe0) state.progress.written = 0;
    if (control < 0x80) {
      const size = two(source) + 1;
      if (source.end - source.at < size) throw new DamagedData("it ends too early");
      append(history, source.buffer.subarray(source.at, source.at + size));
      state.progress.written += size;
      source.at += size;
      if (isPieceReady(history)) yield takePiece(history);
    } else yield* coded(source, history, state, control);
    counted.bytes += source.at - from;
  }
  yield takePiece(history);
}

function* coded(source: ByteSource, history: History, state: State, control: number): Generator<Uint8Array> {
  const size = ((control & 0x1f) << 16) + two(source) + 1;
  const length = two(source) + 1;
  if (control >= 0xc0) {
    const { lc, lp, pb } = readProperties(nextByte(source));
    if (lc + lp > 4) throw damaged("chunk");
    state.model = newModel(lc, lp, pb);
  } else if (control >= 0xa0 && state.model) resetModel(state.model);
  const { model, progress } = state;
  if (!model) throw damaged("chunk");
  const end = source.at + length;
  if (source.end < end) throw new DamagedData("it ends too early");
  const chunk: ByteSource = { ...source, end, isDone: true };
  const decoder = startDecoder(chunk);
  const most = progress.written + size;
  while (progress.written < most) {
    if (decode(decoder, model, history, progress, most)) throw damaged("chunk");
    if (isPieceReady(history)) yield takePiece(history);
  }
  if (chunk.at !== end) throw damaged("chunk");
  source.at = end;
}

function two(source: ByteSource): number {
  return (nextByte(source) << 8) | nextByte(source);
}

/** The index tells where blocks begin, which nobody needs who reads them all. */
async function skipIndex(source: ByteSource): Promise<void> {
  let size = 1;
  const number = async () => {
    let value = 0;
    for (let index = 0; index < 9; index++) {
      const byte = (await takeBytes(source, 1))[0] as number;
      size++;
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return value;
    }
    throw damaged("index");
  };
  for (let left = await number(); left > 0; left--) {
    await number();
    await number();
  }
  await takeBytes(source, ((4 - (size % 4)) % 4) + 4);
  const footer = await takeBytes(source, 12);
  if (crc32(footer.subarray(4, 10)) !== footer.readUInt32LE() || !footer.subarray(10).equals(XZ_END)) {
    throw damaged("end of a stream");
  }
}

function damaged(what: string): DamagedData {
  return new DamagedData(`the ${what} is damaged`);
}
