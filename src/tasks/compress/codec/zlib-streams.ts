import { pipeline, Readable, type Transform } from "node:stream";
import {
  constants,
  createBrotliCompress,
  createBrotliDecompress,
  createDeflate,
  createGunzip,
  createGzip,
  createInflate,
  createZstdCompress,
  createZstdDecompress,
} from "node:zlib";
import { DamagedData } from "./byte-source.ts";
import { zstdFrames } from "./zstd-frames.ts";

// Sixteen times the default: fewer trips through the thread pool.
const chunkSize = 256 * 1024;
// Brotli's own default takes minutes for what this does in seconds.
const BROTLI_QUALITY = 5;

export const unbrotli = through(() => createBrotliDecompress({ chunkSize }));
export const inflate = through(() => createInflate({ chunkSize }));
export const gunzip = through(() => createGunzip({ chunkSize }));
export const gzip = through(() => createGzip({ chunkSize }));
export const deflate = through(() => createDeflate({ chunkSize }));
export const zstd = through(() => createZstdCompress({ chunkSize }));
export const brotli = through(() =>
  createBrotliCompress({ chunkSize, params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
);

// The codes of node:zlib: Z_DATA_ERROR, ERR_BROTLI_…, ZSTD_error_….
const ZLIB_CODE = /^(Z_|ERR__?ERROR|ERR_BROTLI|ERR_ZSTD|ZSTD_)/;

function through(open: () => Transform) {
  return async function* transcode(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const stream = pipeline(Readable.from(source, { objectMode: false }), open(), () => undefined);
    try {
      yield* stream as AsyncIterable<Uint8Array>;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (!ZLIB_CODE.test(code)) throw error;
      throw new DamagedData((error as Error).message, { cause: error });
    }
  };
}

const unzstdFrames = through(() => createZstdDecompress({ chunkSize }));

/** Undoes Zstandard; several frames one behind the other are one. */
export function unzstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  return unzstdFrames(zstdFrames(source));
}
