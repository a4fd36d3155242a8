import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { RepriseError } from "../base/errors.ts";
import { abortable, chunksOf } from "./byte-stream.ts";
import { newFileUri } from "./file-uri.ts";
import type { ByteRange, FilePlace, Storage } from "./storage.ts";

/**
 * Keeps files in a folder, each where its URI says. It knows no attempts, so it refuses nobody;
 * a file that a dying process leaves half written ends in ` part` and is never read.
 */
export function createDirectoryStorage(root: string): Storage {
  return {
    put: (place, content, signal) => put(root, place, content, signal),
    get: (uri, signal, range) => abortable(get(root, uri, range), signal),
    async stat(uri) {
      const { size } = await find(root, uri);
      // The id and its dash take 37 characters.
      return { uri, name: basename(pathOf(root, uri)).slice(37), size };
    },
    async remove(uri) {
      await rm(pathOf(root, uri), { force: true });
    },
  };
}

const BLOCK_SIZE = 1024 * 1024;
// A blank, because no name has one.
const PART = " part";

async function put(root: string, place: FilePlace, content: AsyncIterable<Uint8Array>, signal?: AbortSignal) {
  signal?.throwIfAborted();
  const uri = newFileUri(place, randomUUID());
  const path = pathOf(root, uri);
  const part = path + PART;
  await mkdir(dirname(path), { recursive: true });
  let size = 0;
  try {
    await using file = await open(part, "wx", 0o600);
    for await (const block of chunksOf(abortable(content, signal), BLOCK_SIZE)) {
      await file.writeFile(block);
      size += block.length;
    }
    await file.sync();
    await rename(part, path);
    return { uri, size };
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function* get(root: string, uri: string, range: ByteRange = {}): AsyncGenerator<Uint8Array> {
  const { size } = await find(root, uri);
  const start = Math.max(0, range.start ?? 0);
  const end = Math.min(size, range.end ?? Infinity);
  if (start >= end) return;
  // The stream counts its end in.
  yield* createReadStream(pathOf(root, uri), { start, end: end - 1, highWaterMark: BLOCK_SIZE });
}

async function find(root: string, uri: string): Promise<{ size: number }> {
  const found = await stat(pathOf(root, uri)).catch(() => undefined);
  if (!found?.isFile()) throw noSuchFile(uri);
  return found;
}

/** Where a URI stands in the folder. Whatever could lead out of it is no URI of ours. */
function pathOf(root: string, uri: string): string {
  if (!uri.startsWith("kestra:///")) throw noSuchFile(uri);
  const segments = uri.slice("kestra:///".length).split("/").map(decodeSegment);
  if (segments.some((segment) => /^\.*$|[/\\\0\s]/.test(segment))) throw noSuchFile(uri);
  return join(root, ...segments);
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "";
  }
}

function noSuchFile(uri: string): RepriseError {
  return new RepriseError("RP404", "file_not_found", `There is no file ${uri}.`, {
    hint: "It may have been purged.",
  });
}
