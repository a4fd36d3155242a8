import assert from "node:assert/strict";
import { type Header, pack } from "tar-stream";
import { archiveDecompress } from "../../../src/tasks/compress/archive-decompress.ts";
import { runTask, type TestContext } from "../task-context.ts";

/** Unpacks an archive, by default a ZIP. */
export async function unpack(
  context: TestContext,
  archive: Buffer,
  properties: object = {},
): Promise<Record<string, string>> {
  const from = await context.give("archive", archive);
  const { files } = await runTask(archiveDecompress, { from, algorithm: "ZIP", ...properties }, context);
  return files;
}

/** The contents of unpacked files, by their names. */
export async function contents(
  context: TestContext,
  files: Record<string, string>,
): Promise<Record<string, string>> {
  const read = Object.entries(files).map(async ([name, uri]) => [name, (await context.take(uri)).toString()]);
  return Object.fromEntries(await Promise.all(read));
}

/** Only the archive itself may be left. */
export async function assertNothingStored(context: TestContext): Promise<void> {
  const left = await context.filesLeft();
  assert.deepEqual(
    left.filter((name) => !name.endsWith("-archive")),
    [],
  );
}

/** Writes a TAR archive. */
export async function tarOf(
  ...items: (Partial<Header> & { name: string; data?: string })[]
): Promise<Buffer> {
  const archive = pack();
  for (const { data, ...header } of items) archive.entry(header, data ?? "");
  archive.finalize();
  return Buffer.concat(await Array.fromAsync(archive as AsyncIterable<Buffer>));
}
