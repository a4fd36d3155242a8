import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { withProgress } from "../byte-progress.ts";
import { fileUri, int, oneOf } from "../property.ts";
import { defineTaskType, type TaskContext } from "../task-type.ts";
import { arEntries } from "./ar.ts";
import type { ArchiveEntry, ArchiveLimits } from "./archive-entry.ts";
import { type Compression, compressionProperty, decompressed } from "./compression.ts";
import { cpioEntries } from "./cpio.ts";
import { tarEntries } from "./tar.ts";
import { zipEntries } from "./zip.ts";

const ALGORITHMS = ["ZIP", "JAR", "TAR", "AR", "CPIO"] as const;
const REFUSED = { words: ["ARJ", "DUMP"], why: `${ALGORITHMS.join(", ")} can be read` };

/** `io.kestra.plugin.compress.ArchiveDecompress` */
export const archiveDecompress = defineTaskType({
  type: "io.kestra.plugin.compress.ArchiveDecompress",
  title: "Unpack an archive",
  description:
    "Stores each file of an archive as a file of its own. Archives are not believed: names that lead out of their folder, " +
    "links, devices, names that come twice and more than the limits allow are refused, and then nothing is stored. A name that " +
    "goes up and stays inside, such as `a/../b.txt`, is that of the file it leads to: `b.txt`.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the archive." }),
    algorithm: oneOf(ALGORITHMS, REFUSED).meta({ description: "The format of the archive." }),
    compression: compressionProperty()
      .optional()
      .meta({ description: "How the archive as a whole is compressed, for example GZIP for a `.tar.gz`." }),
    maxEntries: int({ min: 1 })
      .default(10_000)
      .meta({ description: "How many entries it may have. Not in Kestra." }),
    maxBytes: int({ min: 1 })
      .default(64 * 1024 ** 3)
      .meta({ description: "How many bytes it may inflate to. Not in Kestra." }),
  }),
  outputs: z.object({
    files: z.record(z.string(), z.string()).meta({
      description: "The URIs of the stored files, by their names in the archive.",
    }),
  }),
  isHeavy: true,
  examples: [
    { title: "Unpack a ZIP archive", yaml: 'from: "{{ outputs.download.uri }}"\nalgorithm: ZIP' },
    {
      title: "Unpack a .tar.gz",
      yaml: 'from: "{{ outputs.download.uri }}"\nalgorithm: TAR\ncompression: GZIP',
    },
  ],
  async run({ properties, context }) {
    const { algorithm, from, compression, maxEntries, maxBytes } = properties;
    const limits = { entries: maxEntries, bytes: maxBytes };
    const isZip = algorithm === "ZIP" || algorithm === "JAR";
    const bytes = await archive(from, compression, context, isZip ? "Fetching the archive" : "Unpacking");
    const entries = isZip ? zipOf(bytes, limits, context) : STREAMED[algorithm](bytes, limits);

    return { outputs: { files: await storeAll(entries, context) } };
  },
});

const STREAMED = { TAR: tarEntries, AR: arEntries, CPIO: cpioEntries };

async function archive(
  from: string,
  compression: Compression | undefined,
  context: TaskContext,
  what: string,
) {
  const { size } = await context.storage.stat(from);
  const source = withProgress(context.storage.get(from, context.signal), context, what, size);
  return decompressed(source, compression);
}

/** The directory of a ZIP archive is at its end, so it is put on disk first. */
async function* zipOf(
  source: AsyncIterable<Uint8Array>,
  limits: ArchiveLimits,
  context: TaskContext,
): AsyncGenerator<ArchiveEntry> {
  const path = join(await context.tempDir(), "archive");
  try {
    await pipeline(source, createWriteStream(path, { flags: "wx", mode: 0o600 }), { signal: context.signal });
    yield* zipEntries(path, limits);
  } finally {
    await rm(path, { force: true });
  }
}

async function storeAll(
  entries: AsyncIterable<ArchiveEntry>,
  context: TaskContext,
): Promise<Record<string, string>> {
  const { storage, place, signal } = context;
  const files: [string, string][] = [];
  try {
    for await (const { name, size: total, content } of entries) {
      const watched =
        total === undefined ? content : withProgress(content, context, `Unpacking ${name}`, total);

      const { uri, size } = await storage.put({ ...place, name }, watched, signal);
      files.push([name, uri]);
      context.metric({ type: "COUNTER", name: "count", value: 1 });
      context.metric({ type: "COUNTER", name: "size", value: size });
      context.log.debug(`Unpacked '${name}' with size '${size}'`);
    }
  } catch (error) {
    // What came before the fault is named by no output, so it would only lie about. Where this fails, it goes with its attempt.
    for (const [, uri] of files) await storage.remove(uri).catch(() => undefined);
    throw signal.aborted ? signal.reason : error;
  }
  return Object.fromEntries(files);
}
