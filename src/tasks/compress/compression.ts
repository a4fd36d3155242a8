import { pipeline, Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import { oneOf } from "../property.ts";
import { TaskError } from "../task-type.ts";

const OPEN = {
  BROTLI: createBrotliDecompress,
  DEFLATE: createInflate,
  GZIP: createGunzip,
  ZSTD: createZstdDecompress,
} satisfies Record<string, (options: { chunkSize: number }) => Transform>;

/** A way in which a whole file can be compressed. */
export type Compression = keyof typeof OPEN;

const POSSIBLE = Object.keys(OPEN) as Compression[];
const REFUSED = ["BZIP2", "DEFLATE64", "LZ4BLOCK", "LZ4FRAME", "LZMA", "SNAPPY", "SNAPPYFRAME", "XZ", "Z"];

/** A property that names a compression. */
export function compressionProperty() {
  return oneOf(POSSIBLE, { words: REFUSED, why: `${POSSIBLE.join(", ")} can be read` });
}

// Sixteen times the default: fewer trips through the thread pool.
const PIECE = 256 * 1024;

/** Undoes a compression as the bytes stream by. */
export async function* decompressed(source: AsyncIterable<Uint8Array>, compression: Compression | undefined) {
  if (compression === undefined) return yield* source;
  const stream = pipeline(
    Readable.from(source, { objectMode: false }),
    OPEN[compression]({ chunkSize: PIECE }),
    () => undefined,
  );
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (error) {
    // The codes of node:zlib: Z_DATA_ERROR, ERR_BROTLI_…, ZSTD_error_….
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!/^(Z_|ERR__?ERROR|ERR_BROTLI|ERR_ZSTD|ZSTD_)/.test(code)) throw error;
    throw new TaskError(
      "not_compressed",
      `The file is not ${compression}, or damaged: ${(error as Error).message}.`,
      {
        cause: error,
      },
    );
  }
}
