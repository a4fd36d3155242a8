import { pipeline, Readable } from "node:stream";
import { extract } from "tar-stream";
import { TaskError } from "../task-type.ts";
import {
  type ArchiveEntry,
  type ArchiveLimits,
  entryGuard,
  refuseEntry,
  rephrased,
  unreadable,
} from "./archive-entry.ts";

/** The files of a TAR archive as it streams by. */
export async function* tarEntries(
  source: AsyncIterable<Uint8Array>,
  limits: ArchiveLimits,
): AsyncGenerator<ArchiveEntry> {
  const guard = entryGuard(limits);
  const archive = extract();
  const ended = new Promise<Error | null | undefined>((resolve) => {
    pipeline(Readable.from(source, { objectMode: false }), archive, resolve);
  });
  const explain = async (error: unknown) => {
    if (error instanceof TaskError) return error;
    // Whoever reads an entry hears only that the stream was destroyed; why is known where it ended.
    archive.destroy();
    return rephrase((await ended) ?? error);
  };
  try {
    for await (const entry of archive) {
      const { type } = entry.header;
      const name = guard.name(entry.header.name);
      if (type === "directory") {
        entry.resume();
        continue;
      }
      if (type !== "file" && type !== "contiguous-file")
        refuseEntry(name, KINDS[type ?? ""] ?? "special entry");
      yield { name, content: guard.content(rephrased(entry as AsyncIterable<Buffer>, explain)) };
    }
  } catch (error) {
    throw await explain(error);
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

const LIBRARY_ERROR = /^(Invalid tar header|Unexpected end of data|Header exceeds)/;

/** The library's errors are known by their words alone. */
function rephrase(error: unknown): unknown {
  if (!(error instanceof Error) || !LIBRARY_ERROR.test(error.message)) return error;
  return unreadable("TAR", error);
}
