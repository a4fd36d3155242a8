import {
  type ArchiveEntry,
  type ArchiveLimits,
  entryGuard,
  refuseEntry,
  rephrased,
} from "./archive-entry.ts";
import type { ArchiveFile } from "./archive-file.ts";
import { type ByteSource, byteSource, DamagedData, takeBytes } from "./codec/byte-source.ts";
import { archiveError, sizedContent } from "./sized-content.ts";

const TRAILER = "TRAILER!!!";
const LONGEST_NAME = 64 * 1024;
const FILE = 0o10;
const FOLDER = 0o4;
const KINDS: Record<number, string> = {
  1: "named pipe",
  2: "device",
  6: "device",
  10: "symbolic link",
  12: "socket",
};

interface Header {
  mode: number;
  size: number;
  nameSize: number;
  /** Names and contents end at a multiple of this. */
  alignment: 1 | 2 | 4;
  /** The bytes in front of the name. */
  length: number;
}

/** The files of a CPIO archive as it streams by: the new form (with a checksum or without), the portable, the binary one. */
export async function* cpioEntries(
  stream: AsyncIterable<Uint8Array>,
  limits: ArchiveLimits,
): AsyncGenerator<ArchiveEntry> {
  const guard = entryGuard(limits);
  const explain = (error: unknown) => archiveError("CPIO", error);
  const source = byteSource(stream);
  try {
    for (;;) {
      const header = await readHeader(source);
      if (header.nameSize < 1 || header.nameSize > LONGEST_NAME) throw new DamagedData("a name is too long");
      const written = (await takeBytes(source, header.nameSize)).toString().replace(/\0.*$/s, "");
      await takeBytes(source, padding(header.length + header.nameSize, header.alignment));
      if (written === TRAILER) return;
      const entry = sizedContent(source, header.size);
      const kind = header.mode >> 12;
      const name = guard.name(written);
      if (kind !== FILE && kind !== FOLDER && kind !== 0) refuseEntry(name, KINDS[kind] ?? "special entry");
      if (kind !== FOLDER) {
        yield { name, size: header.size, content: guard.content(rephrased(entry.content, explain)) };
      }
      await entry.end(padding(header.size, header.alignment));
    }
  } catch (error) {
    throw explain(error);
  }
}

function padding(size: number, alignment: number): number {
  return (alignment - (size % alignment)) % alignment;
}

async function readHeader(source: ByteSource): Promise<Header> {
  const magic = await takeBytes(source, 6);
  const text = magic.toString("latin1");
  if (text === "070701" || text === "070702") {
    const fields = await takeBytes(source, 104);
    const field = (index: number) => numberOf(fields.toString("latin1", 8 * index, 8 * index + 8), 16);
    return { mode: field(1), size: field(6), nameSize: field(11), alignment: 4, length: 110 };
  }
  if (text === "070707") {
    const fields = (await takeBytes(source, 70)).toString("latin1");
    const field = (from: number, size: number) => numberOf(fields.slice(from, from + size), 8);
    return { mode: field(12, 6), size: field(59, 11), nameSize: field(53, 6), alignment: 1, length: 76 };
  }
  const isLittle = magic[0] === 0xc7 && magic[1] === 0x71;
  if (!isLittle && !(magic[0] === 0x71 && magic[1] === 0xc7)) {
    throw new DamagedData(`Unknown magic [${text}]. Occurred at byte: 6`);
  }
  const bytes = Buffer.concat([magic, await takeBytes(source, 20)]);
  const field = (at: number) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  return {
    mode: field(6),
    size: field(22) * 65_536 + field(24),
    nameSize: field(20),
    alignment: 2,
    length: 26,
  };
}

function numberOf(text: string, radix: number): number {
  const value = Number.parseInt(text, radix);
  if (!/^[0-9a-fA-F]+$/.test(text) || Number.isNaN(value)) throw new DamagedData("a header is damaged");
  return value;
}

/** Writes a CPIO archive in the new form. */
export async function* cpioArchive(files: AsyncIterable<ArchiveFile>): AsyncGenerator<Uint8Array> {
  let number = 1;
  for await (const { name, size, content } of files) {
    if (size > 0xffffffff) throw new DamagedData(`${name} has more than 4 GiB, which CPIO cannot hold`);
    yield header(name, number++, 0o100644, size);
    yield* content;
    yield Buffer.alloc(padding(size, 4));
  }
  yield header(TRAILER, 0, 0, 0);
}

function header(name: string, inode: number, mode: number, size: number): Buffer {
  const bytes = Buffer.from(`${name}\0`);
  const seconds = mode === 0 ? 0 : Math.floor(Date.now() / 1000);
  const fields = [inode, mode, 0, 0, 1, seconds, size, 0, 0, 0, 0, bytes.length, 0];
  const text = `070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}`;
  const filled = Buffer.alloc(padding(text.length + bytes.length, 4));
  return Buffer.concat([Buffer.from(text), bytes, filled]);
}
