import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { archiveCompress } from "../../../src/tasks/compress/archive-compress.ts";
import { archiveDecompress } from "../../../src/tasks/compress/archive-decompress.ts";
import { aTaskContext, runTask, type TestContext } from "../task-context.ts";

async function stored(
  context: TestContext,
  files: Record<string, Uint8Array>,
): Promise<Record<string, string>> {
  const given = Object.entries(files).map(async ([name, bytes]) => [name, await context.give("data", bytes)]);
  return Object.fromEntries(await Promise.all(given));
}

async function unpacked(
  context: TestContext,
  uri: string,
  properties: object,
): Promise<Record<string, string>> {
  const { files } = await runTask(archiveDecompress, { from: uri, ...properties }, context);
  const read = Object.entries(files).map(async ([name, file]) => [
    name,
    (await context.take(file)).toString("hex"),
  ]);
  return Object.fromEntries(await Promise.all(read));
}

function shown(files: Record<string, Uint8Array>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString("hex")]),
  );
}

const long = `${"folder/".repeat(20)}a file with a long name.txt`;
const name = fc
  .stringMatching(/^[a-zé][a-z0-9 .é_-]{0,24}(\/[a-z][a-z0-9]{0,20}){0,2}$/)
  .filter((one) => !/ $/.test(one));

describe("io.kestra.plugin.compress.ArchiveCompress", () => {
  for (const algorithm of ["ZIP", "JAR", "TAR", "AR", "CPIO"]) {
    it(`packs files into ${algorithm} that come back`, () =>
      fc.assert(
        fc.asyncProperty(
          fc.dictionary(name, fc.uint8Array({ maxLength: 2000 }), { maxKeys: 5 }),
          async (files) => {
            await using context = await aTaskContext();
            const all = { ...files, [long]: Buffer.alloc(100_001, "x"), empty: Buffer.alloc(0) };
            const from = await stored(context, all);
            const { uri } = await runTask(archiveCompress, { from, algorithm }, context);
            assert.deepEqual(await unpacked(context, uri, { algorithm }), shown(all));
          },
        ),
        { numRuns: 8 },
      ));
  }

  const files = { "1.txt": Buffer.from("1"), "folder/subfolder/1.txt": Buffer.from("22") };

  for (const compression of [
    "BZIP2",
    "DEFLATE",
    "GZIP",
    "LZ4BLOCK",
    "LZ4FRAME",
    "LZMA",
    "SNAPPYFRAME",
    "XZ",
    "ZSTD",
  ]) {
    it(`compresses a TAR archive with ${compression}`, async () => {
      await using context = await aTaskContext();
      const given = { algorithm: "TAR", compression };
      const { uri } = await runTask(
        archiveCompress,
        { from: await stored(context, files), ...given },
        context,
      );
      assert.deepEqual(await unpacked(context, uri, given), shown(files));
    });
  }

  it("takes the files as JSON text, as a list, and from an Ion file", async () => {
    await using context = await aTaskContext();
    const map = await stored(context, files);
    const list = Object.entries(map).map(([name, uri]) => ({ [name]: uri }));
    const lines = list.map((one) => `${JSON.stringify(one)}\n`).join("");
    for (const from of [
      JSON.stringify(map),
      JSON.stringify(list),
      list,
      await context.give("l.ion", Buffer.from(lines)),
    ]) {
      const { uri } = await runTask(archiveCompress, { from, algorithm: "ZIP" }, context);
      assert.deepEqual(await unpacked(context, uri, { algorithm: "ZIP" }), shown(files));
    }
  });

  it("goes by the name that one with steps up leads to", async () => {
    await using context = await aTaskContext();
    const [uri] = Object.values(await stored(context, { a: Buffer.from("x") }));
    const packed = await runTask(archiveCompress, { from: { "a/../b": uri }, algorithm: "ZIP" }, context);
    assert.deepEqual(
      await unpacked(context, packed.uri, { algorithm: "ZIP" }),
      shown({ b: Buffer.from("x") }),
    );
  });

  const refused: [what: string, from: unknown, message: RegExp][] = [
    ["files from elsewhere", { a: "http://example.test/a" }, /Scheme not supported: http/],
    ["what is no URI", { a: "a.txt" }, /"a.txt" is not the URI of a stored file/],
    ["names that lead out", { "../a": "kestra:///a" }, /Path traversal attempt/],
    ["what is no map", '["a"]', /Expected a map of names/],
    ["JSON that is none", "{", /Expected JSON/],
    ["files that are not there", { a: "kestra:///a/b" }, /There is no file/],
  ];
  for (const [what, from, message] of refused) {
    it(`refuses ${what}, and stores nothing`, async () => {
      await using context = await aTaskContext();
      for (const algorithm of ["ZIP", "TAR", "CPIO"]) {
        await assert.rejects(runTask(archiveCompress, { from, algorithm }, context), message);
      }
      assert.deepEqual(await context.filesLeft(), []);
    });
  }
});

describe("archives of other programs", () => {
  it("AR with the long names of GNU", async () => {
    await using context = await aTaskContext();
    const header = (name: string, size: number) =>
      `${name.padEnd(16)}${"0".padEnd(12)}${"0".padEnd(6)}${"0".padEnd(6)}${"644".padEnd(8)}${String(size).padEnd(10)}\`\n`;
    const table = "a very long name for a file.o/\n\n";
    const archive = `!<arch>\n${header("//", table.length)}${table}${header("/0", 3)}abc\n${header("b.o/", 2)}de`;
    const uri = await context.give("lib.a", Buffer.from(archive));
    assert.deepEqual(await unpacked(context, uri, { algorithm: "AR" }), {
      "a very long name for a file.o": Buffer.from("abc").toString("hex"),
      "b.o": Buffer.from("de").toString("hex"),
    });
  });

  it("CPIO in the portable form, without what is no file", async () => {
    await using context = await aTaskContext();
    const entry = (name: string, mode: number, data: string) => {
      const octal = (value: number, size: number) => value.toString(8).padStart(size, "0");
      const fields = `${octal(1, 6)}${octal(1, 6)}${octal(mode, 6)}${octal(0, 24)}${octal(0, 11)}`;
      return `070707${fields}${octal(name.length + 1, 6)}${octal(data.length, 11)}${name}\0${data}`;
    };
    const folder = entry("d", 0o040755, "");
    const archive = folder + entry("d/a.txt", 0o100644, "hello") + entry("TRAILER!!!", 0, "");
    const uri = await context.give("a.cpio", Buffer.from(archive));
    assert.deepEqual(await unpacked(context, uri, { algorithm: "CPIO" }), {
      "d/a.txt": Buffer.from("hello").toString("hex"),
    });
    const link = await context.give("b.cpio", Buffer.from(entry("l", 0o120777, "/etc/passwd")));
    await assert.rejects(unpacked(context, link, { algorithm: "CPIO" }), /is a symbolic link/);
  });

  for (const [algorithm, message] of [
    ["AR", /Invalid header/],
    ["CPIO", /Unknown magic \[this i\]/],
  ] as const) {
    it(`refuses what is no ${algorithm}`, async () => {
      await using context = await aTaskContext();
      const uri = await context.give("a", Buffer.from("this is no archive of any kind"));
      await assert.rejects(unpacked(context, uri, { algorithm }), message);
    });
  }
});
