import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { callOne, type Database } from "../db/call.ts";
import { isDatabaseAway } from "../db/sql-error.ts";
import { zipEntries } from "../tasks/compress/zip.ts";
import { zipStream } from "../tasks/compress/zip-stream.ts";
import { writeInside } from "../tasks/files/input-files.ts";
import { contentOf, filesMatching } from "../tasks/files/output-files.ts";
import type { TaskContext } from "../tasks/task-type.ts";

/** What a WorkingDirectory keeps for the executions to come. */
export interface DirectoryCache {
  /** Patterns of the files to keep. */
  patterns: readonly string[];
  /** How old a kept archive may be. */
  ttlMs: number | undefined;
}

// It was made here, of what was here; it is looked at all the same, as any archive is.
const LIMITS = { entries: 1_000_000, bytes: 64 * 1024 ** 3 };

/** What files of a directory looked like, by name: whether one was written since is seen by that. */
export type Stamps = ReadonlyMap<string, string>;

/** Puts what an earlier execution has kept into a directory, and tells what that looks like there. */
export async function restoreCache(
  db: Database,
  cache: DirectoryCache,
  directory: string,
  context: TaskContext,
): Promise<Stamps> {
  return await unlessInTheWay(context, "restored", new Map(), async () => {
    const uri = await callOne(db, "reprise_engine.find_directory_cache", {
      attempt_id: context.place.attemptId,
      ttl_ms: cache.ttlMs ?? null,
    });
    if (uri === null) return new Map();
    // All of it or nothing: it may be replaced while it is read.
    const archive = join(await context.tempDir(), "cache.zip");
    await pipeline(context.storage.get(uri, context.signal), createWriteStream(archive, { mode: 0o600 }));
    const names: string[] = [];
    for await (const { name, content } of zipEntries(archive, LIMITS)) {
      await writeInside(directory, name, content);
      names.push(name);
    }
    context.log.debug(`Restored ${countOf(names)} from the cache.`);
    return await stampsOf(directory, names);
  });
}

/** Keeps the files that the patterns mean, unless they look as what was restored. */
export async function saveCache(
  db: Database,
  cache: DirectoryCache,
  directory: string,
  restored: Stamps,
  context: TaskContext,
): Promise<void> {
  await unlessInTheWay(context, "kept", undefined, async () => {
    const stamps = await stampsOf(directory, await filesMatching(directory, cache.patterns));
    const isSame =
      stamps.size === restored.size && [...stamps].every(([name, stamp]) => restored.get(name) === stamp);
    if (stamps.size === 0 || isSame) return;
    const names = [...stamps.keys()];
    const file = { ...context.place, name: "cache.zip" };
    const { uri } = await context.storage.put(file, archiveOf(directory, names), context.signal);
    await callOne(db, "reprise_engine.keep_directory_cache", { attempt_id: context.place.attemptId, uri });
    context.log.debug(`Kept ${countOf(names)} in the cache.`);
  });
}

/** A folder that a link leads to has none: only files are kept. */
async function stampsOf(directory: string, names: readonly string[]): Promise<Stamps> {
  const stamps = new Map<string, string>();
  for (const name of names) {
    const found = await stat(join(directory, name)).catch(() => undefined);
    if (found?.isFile()) stamps.set(name, `${found.mtimeMs} ${found.size}`);
  }
  return stamps;
}

function countOf(names: readonly string[]): string {
  return names.length === 1 ? "1 file" : `${names.length} files`;
}

/** Not compressed: the storage does that. */
function archiveOf(directory: string, names: readonly string[]): AsyncIterable<Uint8Array> {
  const options = { compress: false };
  return zipStream(names.map((name) => ({ name, content: () => contentOf(directory, name), options })));
}

/** A cache only saves time: what goes wrong with it is told, and no task fails for it. */
async function unlessInTheWay<T>(
  { log, signal }: TaskContext,
  what: string,
  otherwise: T,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted || isDatabaseAway(error)) throw error;
    log.warn(`The cache could not be ${what}: ${error instanceof Error ? error.message : String(error)}`);
    return otherwise;
  }
}
