import { unreadable } from "./archive-entry.ts";
import { type ByteSource, DamagedData } from "./codec/byte-source.ts";

/** So many bytes of a source, as a stream. What is not read of it is left out by `end`. */
export function sizedContent(source: ByteSource, size: number) {
  let left = size;
  return {
    content: content(),
    /** Moves behind the content, and so many bytes further. */
    async end(padding: number): Promise<void> {
      for await (const _ of content());
      left = padding;
      for await (const _ of content());
    },
  };

  async function* content(): AsyncGenerator<Uint8Array> {
    while (left > 0) {
      const there = Math.min(left, await source.fill(1));
      if (there === 0) throw new DamagedData("it ends in the middle of an entry");
      const piece = source.buffer.subarray(source.at, source.at + there);
      source.at += there;
      left -= there;
      yield piece;
    }
  }
}

/** Says in the words of archives what a reader has found. */
export function archiveError(format: string, error: unknown): unknown {
  return error instanceof DamagedData ? unreadable(format, error) : error;
}
