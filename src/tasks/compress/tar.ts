import { pipeline, Readable } from "node:stream";
import { extract } from "tar-stream";
import { TaskError } from "../task-type.ts";
import {
  type ArchiveEntry,
  type ArchiveLimits,
  entryGuard,
  refuseEntry,
  rephrased,
} from "./archive-entry.ts";

/** The files of a TAR archive as it streams by. */
export async function* tarEntries(
  source: AsyncIterable<Uint8Array>,
  limits: ArchiveLimits,
): AsyncGenerator<ArchiveEntry> {
  const guard = entryGuard(limits);
  const archive = extract();
  // Errors of the source reach whoever reads the entries.
  pipeline(Readable.from(source, { objectMode: false }), archive, () => undefined);
  try {
    for await (const entry of archive) {
      const { name, type } = entry.header;
      guard.name(name);
      if (type === "directory") entry.resume();
      else if (type === "file" || type === "contiguous-file")
        yield { name, content: guard.content(rephrased(entry as AsyncIterable<Buffer>, rephrase)) };
      else refuseEntry(name, KINDS[type ?? ""] ?? "special entry");
    }
  } catch (error) {
    throw rephrase(error);
  } finally {
    archive.destroy();
  }
}

const KINDS: Record<string, string | undefined> = {
  link: "hard link",
  symlink: "symbolic link",
  "character-device": "device",
  "block-device": "device",
  fifo: "named pipe",
};

/** The library's errors are known by their words alone. */
function rephrase(error: unknown): unknown {
  if (
    !(error instanceof Error) ||
    !/^(Invalid tar header|Unexpected end of data|Header exceeds)/.test(error.message)
  ) {
    return error;
  }
  return new TaskError("archive_invalid", `The TAR archive cannot be read: ${error.message}.`, {
    cause: error,
  });
}
