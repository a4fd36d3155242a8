import { type ByteSource, byteSource, DamagedData } from "./byte-source.ts";

const MAGIC = 0xfd2fb528;
// Sixteen numbers mark frames that readers pass over.
const SKIPPED = 0x184d2a50;
const LARGEST_HEADER = 18;

/**
 * Cuts a stream where its frames end. Node's decoder leaves out what stands behind the end of a frame in the same
 * piece, so a file of several frames, which some programs make, would lose all but the first.
 */
export async function* zstdFrames(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = byteSource(stream);
  for (let isFirst = true; (await source.fill(LARGEST_HEADER)) > 0 || isFirst; isFirst = false) {
    if (source.end - source.at < 8) throw new DamagedData("it is too short");
    const magic = source.buffer.readUInt32LE(source.at);
    if (magic >>> 4 === SKIPPED >>> 4) {
      for await (const _ of bytes(source, 8 + source.buffer.readUInt32LE(source.at + 4)));
      continue;
    }
    if (magic !== MAGIC) throw new DamagedData("it does not begin as a frame does");
    const flags = source.buffer[source.at + 4] as number;
    yield* bytes(source, 5 + headerSize(flags));
    let isLast = false;
    while (!isLast) {
      if ((await source.fill(3)) < 3) throw new DamagedData("it ends too early");
      const header = source.buffer.readUIntLE(source.at, 3);
      isLast = (header & 1) === 1;
      const isRun = ((header >> 1) & 3) === 1;
      const end = 3 + (isRun ? 1 : header >> 3);
      yield* bytes(source, end + (isLast && flags & 0x04 ? 4 : 0));
    }
  }
}

/** The bytes behind the flags: the size of the window, the number of the dictionary, the size of the content. */
function headerSize(flags: number): number {
  const isSingle = (flags & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][flags & 3] ?? 0;
  const content = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  return (isSingle ? 0 : 1) + dictionary + content;
}

async function* bytes(source: ByteSource, size: number): AsyncGenerator<Uint8Array> {
  for (let left = size; left > 0; ) {
    const there = Math.min(left, await source.fill(1));
    if (there === 0) throw new DamagedData("it ends too early");
    // A copy, because the source may use its buffer again before the decoder has read it.
    const piece = Buffer.from(source.buffer.subarray(source.at, source.at + there));
    source.at += there;
    left -= there;
    yield piece;
  }
}
