import type { Readable } from "node:stream";
import { pipeline } from "node:stream";
import { promisify } from "node:util";
import { crc32, createInflateRaw } from "node:zlib";
import {
  type Entry,
  fromRandomAccessReader,
  getFileNameLowLevel,
  type LocalFileHeader,
  open,
  type ZipFile,
} from "yauzl";
import { TaskError } from "../task-type.ts";
import {
  type ArchiveEntry,
  type ArchiveLimits,
  assertCount,
  entryGuard,
  isFolder,
  refuseEntry,
  rephrased,
  unreadable,
} from "./archive-entry.ts";
import { bytesBeforeZip, LaterReader } from "./zip-start.ts";

/** The files of a ZIP archive on disk, one after the other. */
export async function* zipEntries(path: string, limits: ArchiveLimits): AsyncGenerator<ArchiveEntry> {
  const guard = entryGuard(limits);
  const zip = await openZip(path).catch((error: unknown) => {
    throw rephrase(error);
  });
  try {
    assertCount(zip.entryCount, limits);
    for await (const entry of centralDirectory(zip)) {
      const name = guard.name(entryName(entry));
      assertReadable(entry, name);
      await assertSameName(zip, entry, name);
      if (isFolder(name)) continue;
      const content = guard.content(rephrased(inflated(zip, entry, name), rephrase));
      yield { name, size: entry.uncompressedSize, content };
    }
  } catch (error) {
    throw rephrase(error);
  } finally {
    zip.close();
  }
}

/** The library's errors have no code, those of node:zlib one that begins with Z_; others are not about the archive. */
function rephrase(error: unknown): unknown {
  if (error instanceof TaskError || !(error instanceof Error)) return error;
  if ("code" in error && !String(error.code).startsWith("Z_")) return error;
  return unreadable("ZIP", error);
}

// Names stay bytes, so that what we say about a bad one is ours and not the library's.
const OPTIONS = {
  lazyEntries: true,
  autoClose: false,
  decodeStrings: false,
  validateEntrySizes: true,
} as const;

async function openZip(path: string): Promise<ZipFile> {
  const { before, size } = await bytesBeforeZip(path);
  return await new Promise((resolve, reject) => {
    const opened = (error: Error | null, zip: ZipFile) => {
      if (error) return reject(error);
      // Errors while an entry is asked for are heard there; another one, as of closing, must not end the process.
      resolve(zip.on("error", () => undefined));
    };
    if (before === 0) open(path, OPTIONS, opened);
    else fromRandomAccessReader(new LaterReader(path, before), size - before, OPTIONS, opened);
  });
}

async function* centralDirectory(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const asked = Promise.withResolvers<Entry | undefined>();
    zip.once("error", asked.reject).once("end", asked.resolve).once("entry", asked.resolve);
    zip.readEntry();
    const entry = await asked.promise;
    zip.off("error", asked.reject).off("end", asked.resolve).off("entry", asked.resolve);
    if (entry === undefined) return;
    yield entry;
  }
}

function entryName(entry: Entry): string {
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
}

const UNIX = 3;
const STORED = 0;
const DEFLATED = 8;

function assertReadable(entry: Entry, name: string): void {
  // The upper half of the attributes is the mode of a Unix file, whose upper four bits are its type.
  const type = entry.versionMadeBy >>> 8 === UNIX ? (entry.externalFileAttributes >>> 28) & 0xf : 0;
  if (type === 0xa) refuseEntry(name, "symbolic link");
  if (type !== 0 && type !== 0x8 && type !== 0x4) refuseEntry(name, "device");
  if (entry.isEncrypted())
    throw new TaskError("archive_encrypted", `The archive entry ${name} is encrypted.`);
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    throw new TaskError(
      "archive_method",
      `The archive entry ${name} is compressed with method ${entry.compressionMethod}; only stored and deflated entries are read.`,
    );
  }
}

/** Programs differ in which of its two names they believe, so an entry with two names is meant to deceive one. */
async function assertSameName(zip: ZipFile, entry: Entry, name: string): Promise<void> {
  const read = promisify<Entry, object, LocalFileHeader>(zip.readLocalFileHeader.bind(zip) as never);
  const local = await read(entry, { minimal: false });
  if (entry.fileNameRaw.equals(local.fileName)) return;
  throw new TaskError(
    "archive_invalid",
    `The archive entry ${name} has another name in front of its content.`,
  );
}

// The library would inflate in pieces of 16 KiB, a trip through the thread pool for each.
const INFLATE_PIECE = 256 * 1024;

async function* inflated(zip: ZipFile, entry: Entry, name: string): AsyncGenerator<Uint8Array> {
  const raw = await rawContent(zip, entry);
  const isDeflated = entry.compressionMethod === DEFLATED;
  const stream = isDeflated
    ? pipeline(raw, createInflateRaw({ chunkSize: INFLATE_PIECE }), () => undefined)
    : raw;
  let size = 0;
  let checksum = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    size += piece.length;
    checksum = crc32(piece, checksum);
    if (size > entry.uncompressedSize) break;
    yield piece;
  }
  if (size === entry.uncompressedSize && checksum === entry.crc32) return;
  throw new TaskError(
    "archive_invalid",
    `The archive entry ${name} is damaged: its size or checksum is wrong.`,
  );
}

function rawContent(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    const options = { decodeFileData: false };
    zip.openReadStream(entry, options, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
}
