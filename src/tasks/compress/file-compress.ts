import { z } from "zod";
import { withProgress } from "../byte-progress.ts";
import { fileUri } from "../property.ts";
import { defineTaskType } from "../task-type.ts";
import { type Compression, compressed, writableCompressionProperty } from "./compression.ts";

/** What programs expect behind the name of a file. */
export const EXTENSIONS: Record<Compression, string> = {
  BROTLI: "br",
  BZIP2: "bz2",
  DEFLATE: "zz",
  DEFLATE64: "deflate64",
  GZIP: "gz",
  LZ4BLOCK: "lz4block",
  LZ4FRAME: "lz4",
  LZMA: "lzma",
  SNAPPY: "snappy",
  SNAPPYFRAME: "sz",
  XZ: "xz",
  Z: "Z",
  ZSTD: "zst",
};

/** `io.kestra.plugin.compress.FileCompress` */
export const fileCompress = defineTaskType({
  type: "io.kestra.plugin.compress.FileCompress",
  title: "Compress a file",
  description:
    "Stores a stored file anew, compressed. Bytes stream through, so the size of the file does not matter.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the file." }),
    compression: writableCompressionProperty().meta({ description: "How it is compressed." }),
  }),
  outputs: z.object({ uri: z.string().meta({ description: "The URI of the compressed file." }) }),
  isHeavy: true,
  examples: [{ title: "Compress with gzip", yaml: 'from: "{{ outputs.convert.uri }}"\ncompression: GZIP' }],
  async run({ properties: { from, compression }, context }) {
    const { storage, signal, place } = context;
    const { name, size } = await storage.stat(from);
    const source = withProgress(storage.get(from, signal), context, "Compressing", size);
    const file = { ...place, name: `${name}.${EXTENSIONS[compression]}` };
    const { uri } = await storage.put(file, compressed(source, compression), signal);
    return { outputs: { uri } };
  },
});
