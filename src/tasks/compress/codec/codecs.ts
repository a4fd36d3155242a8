import { bunzip2 } from "./bzip2-decode.ts";
import { bzip2 } from "./bzip2-encode.ts";
import { inflate64 } from "./deflate64.ts";
import { lz4Block, unlz4Block } from "./lz4-block.ts";
import { lz4Frame, unlz4Frame } from "./lz4-frame.ts";
import { unlzma } from "./lzma-decode.ts";
import { lzma } from "./lzma-encode.ts";
import { uncompressZ } from "./lzw.ts";
import { snappyFrame, unsnappy, unsnappyFrame } from "./snappy-stream.ts";
import { unxz } from "./xz-decode.ts";
import { xz } from "./xz-encode.ts";
import { brotli, deflate, gunzip, gzip, inflate, unbrotli, unzstd, zstd } from "./zlib-streams.ts";

/** A stream of bytes made of another. */
export type Transcode = (stream: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>;

/** Both ways of every compression; what Kestra only reads has no way back here either, save Brotli, which Node has. */
export const CODECS = {
  BROTLI: { decode: unbrotli, encode: brotli },
  BZIP2: { decode: bunzip2, encode: bzip2 },
  DEFLATE: { decode: inflate, encode: deflate },
  DEFLATE64: { decode: inflate64 },
  GZIP: { decode: gunzip, encode: gzip },
  LZ4BLOCK: { decode: unlz4Block, encode: lz4Block },
  LZ4FRAME: { decode: unlz4Frame, encode: lz4Frame },
  LZMA: { decode: unlzma, encode: lzma },
  SNAPPY: { decode: unsnappy },
  SNAPPYFRAME: { decode: unsnappyFrame, encode: snappyFrame },
  XZ: { decode: unxz, encode: xz },
  Z: { decode: uncompressZ },
  ZSTD: { decode: unzstd, encode: zstd },
} satisfies Record<string, { decode: Transcode; encode?: Transcode }>;
