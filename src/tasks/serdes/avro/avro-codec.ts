import { promisify } from "node:util";
import { crc32, inflateRaw, zstdDecompress } from "node:zlib";
import { DamagedData } from "../../compress/codec/byte-source.ts";
import { bunzip2 } from "../../compress/codec/bzip2-decode.ts";
import type { Transcode } from "../../compress/codec/codecs.ts";
import { uncompressed } from "../../compress/codec/snappy-stream.ts";
import { unxz } from "../../compress/codec/xz-decode.ts";
import { TaskError } from "../../task-type.ts";

const inflate = promisify(inflateRaw);
const unzstd = promisify(zstdDecompress);

/** Undoes the compression of one block of an Avro file. */
export async function decompressBlock(codec: string, data: Buffer, maxOutputLength: number): Promise<Buffer> {
  try {
    switch (codec) {
      case "null":
        return data;
      case "deflate":
        return await inflate(data, { maxOutputLength });
      case "zstandard":
        return await unzstd(data, { maxOutputLength });
      case "snappy":
        return unsnappied(data, maxOutputLength);
      case "bzip2":
        return await gathered(bunzip2, data, maxOutputLength);
      case "xz":
        return await gathered(unxz, data, maxOutputLength);
    }
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new TaskError("avro_invalid", `Failed to read Avro record: a block is damaged: ${problem}.`, {
      cause,
    });
  }
  throw new TaskError(
    "avro_codec",
    `The Avro file is compressed with ${codec}; null, deflate, snappy, bzip2, xz and zstandard can be read.`,
  );
}

/** Behind a block of Snappy stands the checksum of its content. */
function unsnappied(data: Buffer, maxOutputLength: number): Buffer {
  if (data.length < 4) throw new DamagedData("it is too short");
  const content = uncompressed(data.subarray(0, -4), maxOutputLength);
  if (crc32(content) !== data.readUInt32BE(data.length - 4)) throw new DamagedData("the checksum is wrong");
  return content;
}

async function gathered(decode: Transcode, data: Buffer, maxOutputLength: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of decode(one(data))) {
    size += piece.length;
    if (size > maxOutputLength) throw new DamagedData(`it inflates to more than ${maxOutputLength} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function* one(data: Buffer): AsyncGenerator<Buffer> {
  yield data;
}
