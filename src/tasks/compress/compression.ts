import { oneOf } from "../property.ts";
import { DamagedData, notCompressed } from "./codec/byte-source.ts";
import { CODECS, type Transcode } from "./codec/codecs.ts";

/** A way in which a whole file can be compressed. */
export type Compression = keyof typeof CODECS;

const ALL = Object.keys(CODECS) as Compression[];
const WRITABLE = ALL.filter((name) => "encode" in CODECS[name]);

/** A property that names a compression to undo. */
export function compressionProperty() {
  return oneOf(ALL);
}

/** A property that names a compression to apply. */
export function writableCompressionProperty() {
  const why = `Not implemented compression; ${WRITABLE.join(", ")} can be written`;
  return oneOf(WRITABLE, { words: ALL, why });
}

/** Undoes a compression as the bytes stream by. */
export function decompressed(
  source: AsyncIterable<Uint8Array>,
  compression: Compression | undefined,
): AsyncIterable<Uint8Array> {
  return compression === undefined ? source : transcoded(source, compression, CODECS[compression].decode);
}

/** Compresses as the bytes stream by. */
export function compressed(
  source: AsyncIterable<Uint8Array>,
  compression: Compression | undefined,
): AsyncIterable<Uint8Array> {
  if (compression === undefined) return source;
  const codec: { decode: Transcode; encode?: Transcode } = CODECS[compression];
  if (!codec.encode) throw new Error(`${compression} cannot be written`);
  return transcoded(source, compression, codec.encode);
}

async function* transcoded(
  source: AsyncIterable<Uint8Array>,
  compression: Compression,
  transcode: Transcode,
) {
  try {
    yield* transcode(source);
  } catch (error) {
    throw error instanceof DamagedData ? notCompressed(compression, error) : error;
  }
}
