import { Readable } from "node:stream";
import { ZipFile } from "yazl";
import type { TaskContext } from "../task-type.ts";
import type { ArchivePlan } from "./archive-file.ts";

/** Writes a ZIP archive. Each file is opened when it is its turn. */
export async function* zipArchive(
  plan: ArchivePlan,
  { storage, signal }: TaskContext,
): AsyncGenerator<Uint8Array> {
  const archive = new ZipFile();
  const output = archive.outputStream as Readable;
  archive.on("error", (error: Error) => output.destroy(error));
  for (const [name, uri] of plan) {
    const { size } = await storage.stat(uri);
    archive.addReadStreamLazy(name, { size, mtime: new Date(), mode: 0o100644 }, (callback) => {
      callback(null, Readable.from(storage.get(uri, signal), { objectMode: false }));
    });
  }
  archive.end();
  try {
    yield* output as AsyncIterable<Buffer>;
  } finally {
    output.destroy();
  }
}
