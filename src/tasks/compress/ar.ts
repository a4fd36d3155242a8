import { type ArchiveEntry, type ArchiveLimits, entryGuard, rephrased } from "./archive-entry.ts";
import type { ArchiveFile } from "./archive-file.ts";
import { type ByteSource, byteSource, DamagedData, takeBytes } from "./codec/byte-source.ts";
import { archiveError, sizedContent } from "./sized-content.ts";

const MAGIC = "!<arch>\n";
const HEADER_SIZE = 60;
const HEADER_END = "`\n";
const LONGEST_PLAIN_NAME = 15;
const LARGEST_TABLE = 16 * 1024 * 1024;

/** The files of an AR archive as it streams by, with the long names of GNU and of BSD. */
export async function* arEntries(
  stream: AsyncIterable<Uint8Array>,
  limits: ArchiveLimits,
): AsyncGenerator<ArchiveEntry> {
  const guard = entryGuard(limits);
  const explain = (error: unknown) => archiveError("AR", error);
  const source = byteSource(stream);
  try {
    const magic = (await takeBytes(source, MAGIC.length)).toString("latin1");
    if (magic !== MAGIC) throw new DamagedData(`Invalid header ${JSON.stringify(magic)}`);
    let table = "";
    while ((await source.fill(2)) > 1) {
      const { name: written, size } = await readHeader(source);
      if (written === "//") {
        table = (await tableOf(source, size)).toString();
        continue;
      }
      const { name, rest } = await nameOf(source, written, size, table);
      const entry = sizedContent(source, rest);
      // The table of symbols that linkers make is no file.
      if (written !== "/" && written !== "/SYM64/" && !name.startsWith("__.SYMDEF")) {
        yield {
          name: guard.name(name),
          size: rest,
          content: guard.content(rephrased(entry.content, explain)),
        };
      }
      await entry.end(source.isDone && source.at >= source.end ? 0 : size % 2);
    }
  } catch (error) {
    throw explain(error);
  }
}

async function readHeader(source: ByteSource): Promise<{ name: string; size: number }> {
  const bytes = await takeBytes(source, HEADER_SIZE);
  const header = bytes.toString("latin1");
  const size = Number(header.slice(48, 58).trim() || "x");
  if (!header.endsWith(HEADER_END) || !Number.isSafeInteger(size) || size < 0) {
    throw new DamagedData("a header is damaged");
  }
  return { name: bytes.subarray(0, 16).toString().trimEnd(), size };
}

async function tableOf(source: ByteSource, size: number): Promise<Buffer> {
  if (size > LARGEST_TABLE) throw new DamagedData("its table of names is too large");
  const table = await takeBytes(source, size);
  if (size % 2 === 1) await takeBytes(source, 1);
  return table;
}

async function nameOf(source: ByteSource, written: string, size: number, table: string) {
  const bsd = /^#1\/(\d{1,5})$/.exec(written)?.[1];
  if (bsd !== undefined) {
    const length = Number(bsd);
    if (length > size) throw new DamagedData("a name is longer than its entry");
    const name = (await takeBytes(source, length)).toString().replace(/(?<!\0)\0+$/, "");
    return { name, rest: size - length };
  }
  const place = /^\/(\d+)$/.exec(written)?.[1];
  if (place === undefined) return { name: written.replace(/\/$/, ""), rest: size };
  const name = table.slice(Number(place)).split(/\/?\n/, 1)[0] ?? "";
  return { name, rest: size };
}

/** Writes an AR archive. Names that do not fit into their sixteen bytes are written as BSD does. */
export async function* arArchive(files: AsyncIterable<ArchiveFile>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(MAGIC);
  for await (const { name, size, content } of files) {
    const bytes = Buffer.from(name);
    const isPlain = bytes.length <= LONGEST_PLAIN_NAME && !/[\s/]/.test(name) && !name.startsWith("#1");
    const inside = isPlain ? Buffer.alloc(0) : bytes;
    const shown = isPlain ? name : `#1/${bytes.length}`;
    const total = size + inside.length;
    const seconds = Math.floor(Date.now() / 1000);
    const header = [
      padTo(shown, isPlain ? bytes.length : shown.length, 16),
      String(seconds).padEnd(12),
      "0".padEnd(6),
      "0".padEnd(6),
      "100644".padEnd(8),
      String(total).padEnd(10),
      HEADER_END,
    ].join("");
    yield Buffer.concat([Buffer.from(header), inside]);
    yield* content;
    if (total % 2 === 1) yield Buffer.from("\n");
  }
}

function padTo(text: string, length: number, width: number): string {
  return text + " ".repeat(Math.max(0, width - length));
}
