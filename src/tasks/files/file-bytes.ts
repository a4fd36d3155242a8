import { createReadStream } from "node:fs";

const PIECE = 1024 * 1024;

/**
 * The bytes of a file on disk, opened when they are asked for. A stream that is opened before tells what goes wrong until then to nobody,
 * which ends the process.
 */
export async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path, { highWaterMark: PIECE }) as AsyncIterable<Buffer>;
}
