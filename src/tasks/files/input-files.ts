import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { writeJson } from "../../base/json.ts";
import { shorten } from "../../base/shorten.ts";
import type { Storage } from "../../storage/storage.ts";
import { TaskError } from "../task-type.ts";
import { leavesDirectory, pathInside } from "./inside.ts";

/** What writing input files needs. */
export interface FilesContext {
  storage: Storage;
  signal: AbortSignal;
}

/**
 * Writes files into a directory, each from its content or from the URI of a stored file. One whose content is null is left out where a
 * flow wrote a map; what is there already is written anew.
 */
export async function writeInputFiles(
  directory: string,
  files: Readonly<Record<string, unknown>>,
  context: FilesContext,
): Promise<void> {
  for (const [name, given] of Object.entries(files)) {
    if (given === null || given === undefined) continue;
    await writeInside(directory, name, contentOf(given, context));
  }
}

// A link that stands there is not followed.
const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

/** Writes one file into a directory, with the folders above it. */
export async function writeInside(
  directory: string,
  name: string,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  const path = await pathInside(directory, name);
  await using file = await open(path, FLAGS, 0o600).catch((error: NodeJS.ErrnoException) => {
    throw ["ELOOP", "EISDIR", "ENXIO"].includes(error.code ?? "") ? leavesDirectory(name) : error;
  });
  for await (const piece of content) await file.writeFile(piece);
}

async function* contentOf(given: unknown, { storage, signal }: FilesContext): AsyncGenerator<Uint8Array> {
  const text = typeof given === "object" ? writeJson(given) : String(given);
  if (/^kestra:\/\/\/\S+$/.test(text)) yield* storage.get(text, signal);
  else if (/^(?:nsfile|file):\/\//.test(text)) {
    throw new TaskError(
      "not_supported",
      `Files cannot be read from \`${shorten(text, 200)}\`: only \`kestra:///…\` is supported.`,
    );
  } else yield Buffer.from(text);
}
