import { TaskError } from "../task-type.ts";

/** What an archive may hold. Archives come from elsewhere, so they are not believed. */
export interface ArchiveLimits {
  /** How many entries. */
  entries: number;
  /** How many bytes, inflated, over all entries. */
  bytes: number;
}

/** A file in an archive. Its content must be read, or left, before the next entry is asked for. */
export interface ArchiveEntry {
  /** The name as it stands in the archive, but for steps up. */
  name: string;
  /** How many bytes it says it has, where it says so before they come. */
  size?: number;
  content: AsyncIterable<Uint8Array>;
}

/** Checks the entries of one archive as they come: their names, how many they are, how much they inflate to. */
export function entryGuard(limits: ArchiveLimits) {
  const names = new Set<string>();
  let entries = 0;
  let bytes = 0;
  return {
    /** Takes the name of every entry, folders included, and gives the one to go by. */
    name(written: string): string {
      const name = safeName(written);
      entries += 1;
      assertCount(entries, limits);
      if (names.has(name))
        throw new TaskError("archive_duplicate", `The archive has two entries named ${name}.`);
      names.add(name);
      return name;
    },
    /** Passes the content of an entry on, counted as it inflates: headers can lie. */
    async *content(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const piece of source) {
        bytes += piece.length;
        if (bytes > limits.bytes) {
          throw new TaskError(
            "archive_too_large",
            `The archive inflates to more than ${limits.bytes} bytes. Raise \`maxBytes\` to take it.`,
          );
        }
        yield piece;
      }
    },
  };
}

/** Gives the errors of a stream other words. */
export async function* rephrased(
  source: AsyncIterable<Uint8Array>,
  rephrase: (error: unknown) => unknown | Promise<unknown>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch (error) {
    throw await rephrase(error);
  }
}

/** Refuses an entry that is neither a file nor a folder. */
export function refuseEntry(name: string, kind: string): never {
  throw new TaskError(
    "archive_entry_refused",
    `The archive entry ${name} is a ${kind}; only files and folders are read.`,
  );
}

/**
 * A name that leads out of the folder where somebody may unpack it, today or later, is an attack. Archives made on Windows
 * may have backslashes between their folders, so these lead as far as slashes.
 */
function safeName(written: string): string {
  const name = withoutStepsUp(written);
  const isPath = name !== undefined && name !== "" && !name.includes("\0");
  if (isPath && !/^[\\/]|^[a-z]:/i.test(written) && !/^[a-z]:/i.test(name)) return name;
  const shown = written.replaceAll("\0", "\\0");
  throw new TaskError("path_traversal", `Path traversal attempt detected in archive entry: ${shown}`);
}

/** A name with `..` in it as the one that it leads to, if that is inside; others stay as they are. */
function withoutStepsUp(name: string): string | undefined {
  const steps = name.split(/[\\/]/);
  if (!steps.includes("..")) return name;
  const path: string[] = [];
  for (const step of steps) {
    if (step === "" || step === ".") continue;
    if (step !== "..") path.push(step);
    else if (path.pop() === undefined) return undefined;
  }
  if (isFolder(name)) return `${path.join("/") || "."}/`;
  return path.length === 0 ? undefined : path.join("/");
}

/** Whether a name is that of a folder. */
export function isFolder(name: string): boolean {
  return /[\\/]$/.test(name);
}

/** What a library says of an archive, as the end of a sentence of ours. */
export function unreadable(format: string, cause: Error): TaskError {
  const message = cause.message.replace(/[^.!?]$/, "$&.");
  return new TaskError("archive_invalid", `The ${format} archive cannot be read: ${message}`, { cause });
}

/** Refuses an archive with more entries than it may have. */
export function assertCount(entries: number, limits: ArchiveLimits): void {
  if (entries <= limits.entries) return;
  const message = `The archive has more than ${limits.entries} entries. Raise \`maxEntries\` to take it.`;
  throw new TaskError("archive_too_large", message);
}
