import { z } from "zod";
import { withProgress } from "../byte-progress.ts";
import { fileUri, int } from "../property.ts";
import { defineTaskType, TaskError } from "../task-type.ts";
import { compressionProperty, decompressed } from "./compression.ts";
import { EXTENSIONS } from "./file-compress.ts";

/** `io.kestra.plugin.compress.FileDecompress` */
export const fileDecompress = defineTaskType({
  type: "io.kestra.plugin.compress.FileDecompress",
  title: "Decompress a file",
  description:
    "Stores the content of a compressed file. A file that inflates to more than the limit is refused, and then nothing is stored.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the compressed file." }),
    compression: compressionProperty().meta({ description: "How it is compressed." }),
    maxBytes: int({ min: 1 })
      .default(64 * 1024 ** 3)
      .meta({ description: "How many bytes it may inflate to. Not in Kestra." }),
  }),
  outputs: z.object({ uri: z.string().meta({ description: "The URI of the content." }) }),
  isHeavy: true,
  examples: [{ title: "Undo gzip", yaml: 'from: "{{ outputs.download.uri }}"\ncompression: GZIP' }],
  async run({ properties: { from, compression, maxBytes }, context }) {
    const { storage, signal, place } = context;
    const { name, size } = await storage.stat(from);
    const source = withProgress(storage.get(from, signal), context, "Decompressing", size);
    const extension = `.${EXTENSIONS[compression]}`;
    const isNamedSo = name.length > extension.length && name.toLowerCase().endsWith(extension.toLowerCase());
    const file = { ...place, name: isNamedSo ? name.slice(0, -extension.length) : name };
    const { uri } = await storage.put(file, limited(decompressed(source, compression), maxBytes), signal);
    return { outputs: { uri } };
  },
});

async function* limited(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of source) {
    bytes += piece.length;
    if (bytes > maxBytes) {
      const message = `The file inflates to more than ${maxBytes} bytes. Raise \`maxBytes\` to take it.`;
      throw new TaskError("file_too_large", message);
    }
    yield piece;
  }
}
