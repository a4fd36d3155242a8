import { once } from "node:events";
import { pack } from "tar-stream";
import type { ArchiveFile } from "./archive-file.ts";

/** Writes a TAR archive; long names and large sizes are written as POSIX says. */
export async function* tarArchive(files: AsyncIterable<ArchiveFile>): AsyncGenerator<Uint8Array> {
  const archive = pack();
  const filling = fill(archive, files).catch((error) => archive.destroy(error));
  try {
    yield* archive as AsyncIterable<Buffer>;
  } finally {
    archive.destroy();
    await filling;
  }
}

async function fill(archive: ReturnType<typeof pack>, files: AsyncIterable<ArchiveFile>): Promise<void> {
  for await (const { name, size, content } of files) {
    const ended = Promise.withResolvers<undefined>();
    const entry = archive.entry({ name, size, mtime: new Date() }, (error) =>
      error ? ended.reject(error) : ended.resolve(undefined),
    );
    ended.promise.catch(() => undefined);
    // It is told above; an error that nobody listens to ends the process.
    entry.on("error", () => undefined);
    for await (const piece of content) {
      // Whoever gives it may use it again.
      if (!entry.write(Buffer.from(piece))) await Promise.race([once(entry, "drain"), ended.promise]);
    }
    entry.end(undefined);
    await ended.promise;
  }
  archive.finalize();
}
