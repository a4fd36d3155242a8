import { constants } from "node:fs";
import { open, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { TaskContext } from "../task-type.ts";
import { fileMatcher } from "./glob.ts";
import { leavesDirectory } from "./inside.ts";

/** Stores the files of a directory that patterns mean, and gives their URIs by their names in it. */
export async function storeOutputFiles(
  directory: string,
  patterns: readonly string[],
  context: Pick<TaskContext, "storage" | "place" | "signal">,
): Promise<Record<string, string>> {
  const { storage, place, signal } = context;
  const files: [string, string][] = [];
  try {
    for (const name of await filesMatching(directory, patterns)) {
      const { uri } = await storage.put({ ...place, name }, contentOf(directory, name), signal);
      files.push([name, uri]);
    }
  } catch (error) {
    // No output names what came before the fault. Where this fails, it goes with its attempt.
    for (const [, uri] of files) await storage.remove(uri).catch(() => undefined);
    throw signal.aborted ? signal.reason : error;
  }
  return Object.fromEntries(files);
}

/** The names of the files of a directory that patterns mean, in order. A link counts as a file, and is not followed while looking. */
export async function filesMatching(directory: string, patterns: readonly string[]): Promise<string[]> {
  if (patterns.length === 0) return [];
  const matches = fileMatcher(directory, patterns);
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter(matches)
    .sort();
}

/** The bytes of a file in a directory. A link is followed to what is in the directory too, and refused otherwise. */
export async function* contentOf(directory: string, name: string): AsyncGenerator<Uint8Array> {
  const root = await realpath(directory);
  const path = await realpath(join(directory, name)).catch(() => undefined);
  if (path === undefined || !path.startsWith(`${root}/`)) throw leavesDirectory(name);
  // Without waiting for the other end of what only looks like a file.
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if (!(await file.stat()).isFile()) throw leavesDirectory(name);
  yield* file.createReadStream({ autoClose: false, highWaterMark: 256 * 1024 });
}
