import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { archiveDecompress } from "../../../src/tasks/compress/archive-decompress.ts";
import { aTaskContext, runTask } from "../task-context.ts";
import { assertNothingStored, contents, tarOf, unpack } from "./unpack.ts";
import { type ZipItem, zipOf } from "./zip-writer.ts";

describe("io.kestra.plugin.compress.ArchiveDecompress", () => {
  it("stores each file of a ZIP archive under its name in the archive, and no folders", async () => {
    await using context = await aTaskContext();
    const csv = "ride_id,rideable_type\n".repeat(50_000);
    const archive = zipOf(
      { name: "202406-divvy-tripdata.csv", data: csv },
      { name: "__MACOSX/", mode: 0o040755 },
      { name: "__MACOSX/._202406 divvy.csv", data: "mac", isStored: true },
    );

    const files = await unpack(context, archive);

    assert.deepEqual(Object.keys(files).sort(), ["202406-divvy-tripdata.csv", "__MACOSX/._202406 divvy.csv"]);
    assert.match(files["__MACOSX/._202406 divvy.csv"] ?? "", /-\._202406_divvy\.csv$/);
    assert.equal((await contents(context, files))["202406-divvy-tripdata.csv"], csv);
    assert.equal((await context.filesLeft()).length, 3);
  });

  it("takes names that Windows made", async () => {
    await using context = await aTaskContext();
    const zip = zipOf({ name: "dir\\" }, { name: "dir\\a.csv", data: "x" });
    assert.deepEqual(await contents(context, await unpack(context, zip)), { "dir\\a.csv": "x" });
  });

  it("reads a ZIP archive behind the program that unpacks it", async () => {
    await using context = await aTaskContext();
    const archive = zipOf(
      { name: "a.txt", data: "a".repeat(100) },
      { name: "b.txt", data: "b", isStored: true },
    );
    for (const front of ["x", "MZ".repeat(50_000)]) {
      const from = await context.give("setup.exe", Buffer.concat([Buffer.from(front), archive]));
      const { files } = await runTask(archiveDecompress, { from, algorithm: "ZIP" }, context);
      assert.deepEqual(Object.keys(files), ["a.txt", "b.txt"]);
      assert.equal((await context.take(files["a.txt"] ?? "")).toString(), "a".repeat(100));
      assert.equal((await context.take(files["b.txt"] ?? "")).toString(), "b");
    }
  });

  it("reads JAR as ZIP", async () => {
    await using context = await aTaskContext();
    const files = await unpack(context, zipOf({ name: "META-INF/MANIFEST.MF", data: "x" }), {
      algorithm: "JAR",
    });
    assert.deepEqual(await contents(context, files), { "META-INF/MANIFEST.MF": "x" });
  });

  it("reads TAR, with long names and empty files", async () => {
    await using context = await aTaskContext();
    const long = `./${"folder/".repeat(30)}file.csv`;
    const archive = await tarOf(
      { name: "./", type: "directory" },
      { name: long, data: "a,b\n" },
      { name: "empty", data: "" },
      { name: "last", data: "z".repeat(100_000) },
    );

    const files = await unpack(context, archive, { algorithm: "TAR" });

    assert.deepEqual(await contents(context, files), {
      [long]: "a,b\n",
      empty: "",
      last: "z".repeat(100_000),
    });
  });

  const compressions = {
    GZIP: gzipSync,
    BROTLI: brotliCompressSync,
    DEFLATE: deflateSync,
    ZSTD: zstdCompressSync,
  };
  for (const [compression, compress] of Object.entries(compressions)) {
    it(`undoes ${compression} around an archive`, async () => {
      await using context = await aTaskContext();
      const tar = compress(await tarOf({ name: "a.csv", data: "in tar" }));
      const zip = compress(zipOf({ name: "a.csv", data: "in zip" }));

      const fromTar = await unpack(context, tar, { algorithm: "TAR", compression });
      const fromZip = await unpack(context, zip, { compression });

      assert.deepEqual(await contents(context, fromTar), { "a.csv": "in tar" });
      assert.deepEqual(await contents(context, fromZip), { "a.csv": "in zip" });
    });

    it(`says so when the file is not ${compression}`, async () => {
      await using context = await aTaskContext();
      const tar = Buffer.alloc(4096, "not compressed at all");
      const refused = { reason: "not_compressed", message: new RegExp(`not ${compression}`) };
      await assert.rejects(unpack(context, tar, { algorithm: "TAR", compression }), refused);
      await assert.rejects(unpack(context, tar, { compression }), refused);
      await assertNothingStored(context);
    });
  }

  it("names what it cannot read and what it can", async () => {
    await using context = await aTaskContext();
    const refused = (properties: object, message: RegExp) =>
      assert.rejects(unpack(context, zipOf(), properties), { reason: "invalid_properties", message });

    await refused({ algorithm: "ARJ" }, /ARJ is not supported: ZIP, JAR, TAR, AR, CPIO can be read/);
    await refused({ compression: "RAR" }, /Expected one of BROTLI, BZIP2, /);
    await refused({ algorithm: "RAR" }, /Expected one of ZIP, JAR, TAR/);
    await refused({ from: "https://example.test/a.zip" }, /URI of a stored file/);
  });

  for (const [written, name] of [
    ["a/../b.txt", "b.txt"],
    ["./a/b/../../c/./b.txt", "c/b.txt"],
    ["a\\..\\b.txt", "b.txt"],
    ["./b.txt", "./b.txt"],
  ] as const)
    it(`stores ${written} as ${name}`, async () => {
      await using context = await aTaskContext();
      const items = [{ name: written, data: "x" }];
      for (const [algorithm, archive] of [
        ["ZIP", zipOf({ name: "a/../" }, ...items)],
        ["TAR", await tarOf(...items)],
      ])
        assert.deepEqual(await contents(context, await unpack(context, archive as Buffer, { algorithm })), {
          [name]: "x",
        });
      const twice = zipOf({ name, data: "y" }, ...items);
      await assert.rejects(unpack(context, twice), { reason: "archive_duplicate" });
    });

  for (const name of [
    "../evil",
    "a/../../evil",
    "/etc/passwd",
    "C:/evil",
    "..\\evil",
    "\\evil",
    "a\0b",
    "a/..",
    "a/../..",
    "a\\..\\..\\evil",
    "a/../C:/evil",
  ]) {
    it(`refuses the name ${JSON.stringify(name)}`, async () => {
      await using context = await aTaskContext();
      const refused = {
        reason: "path_traversal",
        message: /^Path traversal attempt detected in archive entry: /,
      };
      await assert.rejects(unpack(context, zipOf({ name: "good", data: "x" }, { name })), refused);
      await assertNothingStored(context);
      if (name.includes("\0")) return; // TAR ends a name there
      const tar = await tarOf({ name: "good", data: "x" }, { name });
      await assert.rejects(unpack(context, tar, { algorithm: "TAR" }), refused);
      await assertNothingStored(context);
    });
  }

  const hostile: [string, ZipItem, { reason: string; message?: RegExp }][] = [
    [
      "a symbolic link",
      { name: "link", mode: 0o120777 },
      { reason: "archive_entry_refused", message: /symbolic link/ },
    ],
    ["a device", { name: "dev", mode: 0o060600 }, { reason: "archive_entry_refused", message: /device/ }],
    ["a name that comes twice", { name: "good", data: "y" }, { reason: "archive_duplicate" }],
    [
      "an entry with two names",
      { name: "a", localName: "b" },
      { reason: "archive_invalid", message: /another name/ },
    ],
    ["an encrypted entry", { name: "a", flags: 1 }, { reason: "archive_encrypted" }],
    [
      "a method that it does not know",
      { name: "a", method: 12 },
      { reason: "archive_method", message: /method 12/ },
    ],
    [
      "a wrong checksum",
      { name: "a", data: "abc", crc: 1 },
      { reason: "archive_invalid", message: /damaged/ },
    ],
    [
      "more than the header says",
      { name: "a", data: "abc", size: 2 },
      { reason: "archive_invalid", message: /damaged/ },
    ],
    [
      "less than the header says",
      { name: "a", data: "abc", size: 9 },
      { reason: "archive_invalid", message: /damaged/ },
    ],
    [
      "content that does not inflate",
      { name: "a", data: "\xff\xff\xff", isStored: true, method: 8 },
      { reason: "archive_invalid", message: /cannot be read/ },
    ],
  ];
  for (const [what, item, refusal] of hostile) {
    it(`refuses ${what} in a ZIP archive, and keeps nothing`, async () => {
      await using context = await aTaskContext();
      await assert.rejects(unpack(context, zipOf({ name: "good", data: "x" }, item)), refusal);
      await assertNothingStored(context);
    });
  }

  for (const type of ["symlink", "link", "character-device", "fifo"] as const) {
    it(`refuses a ${type} in a TAR archive, and keeps nothing`, async () => {
      await using context = await aTaskContext();
      const tar = await tarOf({ name: "good", data: "x" }, { name: "bad", type, linkname: "/etc/passwd" });
      await assert.rejects(unpack(context, tar, { algorithm: "TAR" }), { reason: "archive_entry_refused" });
      await assertNothingStored(context);
    });
  }

  it("refuses what is no archive, or half of one", async () => {
    await using context = await aTaskContext();
    const half = (archive: Buffer) => archive.subarray(0, archive.length / 2);
    const noise = randomBytes(10_000).toString("hex");
    const refused = { reason: "archive_invalid" };

    await assert.rejects(unpack(context, Buffer.from("no zip")), refused);
    await assert.rejects(unpack(context, half(zipOf({ name: "a", data: noise }))), refused);
    await assert.rejects(unpack(context, Buffer.alloc(1024, "no tar"), { algorithm: "TAR" }), refused);
    const tar = half(await tarOf({ name: "a", data: noise }));
    await assert.rejects(unpack(context, tar, { algorithm: "TAR" }), refused);
    await assertNothingStored(context);
  });

  it("stops at the caps, counting what really comes out", async () => {
    await using context = await aTaskContext();
    const bomb = zipOf({ name: "good", data: "x" }, { name: "zeros", data: Buffer.alloc(5_000_000) });
    const refused = { reason: "archive_too_large" };

    await assert.rejects(unpack(context, bomb, { maxBytes: 1_000_000 }), refused);
    await assert.rejects(unpack(context, bomb, { maxEntries: 1 }), refused);
    await assertNothingStored(context);
    await assert.rejects(unpack(context, zipOf({ name: "a" }, { name: "../b" }), { maxEntries: 1 }), refused);
    assert.equal(Object.keys(await unpack(context, bomb, { maxBytes: 5_000_001, maxEntries: 2 })).length, 2);
  });

  it("stops when the attempt is killed, and keeps nothing", async () => {
    const archives = {
      ZIP: zipOf({ name: "first", data: "x" }, { name: "second", data: randomBytes(3_000_000) }),
      TAR: await tarOf({ name: "first", data: "x" }, { name: "second", data: "y".repeat(3_000_000) }),
    };
    for (const [algorithm, archive] of Object.entries(archives)) {
      const kill = new AbortController();
      await using context = await aTaskContext({ signal: kill.signal });
      const { debug } = context.log;
      context.log.debug = (message) => {
        debug(message);
        if (message.startsWith("Unpacked 'first'")) setImmediate(() => kill.abort(new Error("killed")));
      };

      await assert.rejects(unpack(context, archive, { algorithm }), { message: "killed" });
      await assertNothingStored(context);
    }
  });

  it("says so when there is no such archive", async () => {
    await using context = await aTaskContext();
    const from = "kestra:///company/team/nothing.zip";
    await assert.rejects(runTask(archiveDecompress, { from, algorithm: "ZIP" }, context), {
      reason: "file_not_found",
    });
  });
});
