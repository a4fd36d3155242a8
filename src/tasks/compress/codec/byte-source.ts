import { TaskError } from "../../task-type.ts";

/** A stream of bytes for a decoder that works in memory: what is there lies in `buffer` from `at` to `end`. */
export interface ByteSource {
  buffer: Buffer;
  at: number;
  end: number;
  /** Whether nothing comes behind `end`. */
  isDone: boolean;
  /** Gets at least so many bytes, or all that are left, and tells how many there are. */
  fill(size: number): Promise<number>;
}

/** Makes a stream one that can be looked into. */
export function byteSource(stream: AsyncIterable<Uint8Array>): ByteSource {
  const iterator = stream[Symbol.asyncIterator]();
  const source: ByteSource = { buffer: Buffer.alloc(0), at: 0, end: 0, isDone: false, fill };
  return source;

  async function fill(size: number): Promise<number> {
    while (source.end - source.at < size && !source.isDone) {
      const { value, done } = await iterator.next();
      if (done) source.isDone = true;
      else append(value);
    }
    return source.end - source.at;
  }

  function append(piece: Uint8Array) {
    const left = source.end - source.at;
    if (source.end + piece.length > source.buffer.length) {
      const larger = Math.max(left + piece.length, Math.min(2 * left, left + 4 * 1024 * 1024));
      const target = larger > source.buffer.length ? Buffer.allocUnsafeSlow(larger) : source.buffer;
      source.buffer.copy(target, 0, source.at, source.end);
      source.buffer = target;
      source.at = 0;
      source.end = left;
    }
    source.buffer.set(piece, source.end);
    source.end += piece.length;
  }
}

/** The next byte. */
export function nextByte(source: ByteSource): number {
  if (source.at >= source.end) throw new DamagedData("it ends too early");
  return source.buffer[source.at++] as number;
}

/** So many bytes, copied. */
export async function takeBytes(source: ByteSource, size: number): Promise<Buffer> {
  if ((await source.fill(size)) < size) throw new DamagedData("it ends too early");
  const bytes = Buffer.from(source.buffer.subarray(source.at, source.at + size));
  source.at += size;
  return bytes;
}

/** Data that is not in the format that it should be in. */
export class DamagedData extends Error {}

/** The error of the task for it. */
export function notCompressed(compression: string, cause: Error): TaskError {
  const problem = cause.message.replace(/\.$/, "");
  return new TaskError("not_compressed", `The file is not ${compression}, or damaged: ${problem}.`, {
    cause,
  });
}
