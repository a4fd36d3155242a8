import { promisify } from "node:util";
import { inflateRaw, zstdDecompress } from "node:zlib";
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
    }
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new TaskError("avro_invalid", `Failed to read Avro record: a block is damaged: ${problem}.`, {
      cause,
    });
  }
  throw new TaskError(
    "avro_codec",
    `The Avro file is compressed with ${codec}; null, deflate and zstandard can be read.`,
  );
}
