import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { type Compression, compressed, decompressed } from "../../../src/tasks/compress/compression.ts";
import { fileCompress } from "../../../src/tasks/compress/file-compress.ts";
import { fileDecompress } from "../../../src/tasks/compress/file-decompress.ts";
import { aTaskContext, pieces, runTask } from "../task-context.ts";

const WRITABLE = [
  "BROTLI",
  "BZIP2",
  "DEFLATE",
  "GZIP",
  "LZ4BLOCK",
  "LZ4FRAME",
  "LZMA",
  "SNAPPYFRAME",
  "XZ",
  "ZSTD",
] as const satisfies Compression[];

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(stream, (piece) => Buffer.from(piece)));
}

/** The same bytes in pieces of one size, as they may come from anywhere. */
async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

function noise(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = 1;
  for (let at = 0; at < size; at++) {
    state = Math.imul(state, 1664525) + 1013904223;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

const text = Buffer.from(
  Array.from(
    { length: 60_000 },
    (_, index) => `${index},ride ${index % 97},${(index * 7919) % 10_007}\n`,
  ).join(""),
);
// Longer than every window and block, with copies across their bounds.
const mixed = Buffer.concat([
  noise(70_000),
  text,
  noise(70_000),
  text,
  Buffer.alloc(600_000, 7),
  noise(300_000),
]);
const large = Buffer.concat([mixed, text]);

for (const compression of WRITABLE) {
  describe(`${compression} there and back`, () => {
    it("gives small things back", () =>
      fc.assert(
        fc.asyncProperty(
          fc.oneof(
            fc.uint8Array({ maxLength: 200 }),
            fc.string({ maxLength: 4, minLength: 1 }).map((one) => Buffer.from(one.repeat(900))),
          ),
          fc.integer({ min: 1, max: 50 }),
          async (bytes, size) => {
            const small = await bytesOf(compressed(cut(bytes, size), compression));
            assert.deepEqual(await bytesOf(decompressed(cut(small, size), compression)), Buffer.from(bytes));
          },
        ),
        { numRuns: 25 },
      ));

    it("gives large things back, smaller on the way", async () => {
      const small = await bytesOf(compressed(cut(large, 100_000), compression));
      assert.ok(small.length < large.length * 0.7, `${small.length} of ${large.length}`);
      assert.ok((await bytesOf(decompressed(cut(small, 77_777), compression))).equals(large));
    });

    it("refuses what is cut off or is something else", async () => {
      const small = await bytesOf(compressed(cut(text, 100_000), compression));
      const half = small.subarray(0, small.length >> 1);
      const isOpen = compression === "LZ4BLOCK";
      if (!isOpen)
        await assert.rejects(bytesOf(decompressed(pieces(half), compression)), { reason: "not_compressed" });
      if (!isOpen)
        await assert.rejects(
          bytesOf(decompressed(pieces("this is no such thing, certainly not"), compression)),
          { reason: "not_compressed" },
        );
    });

    it("never hangs or crashes over damaged data", () =>
      fc.assert(
        fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (at, change) => {
          const small = await bytesOf(compressed(pieces(text.subarray(0, 3000)), compression));
          small[at % small.length] = (small[at % small.length] as number) ^ change;
          await bytesOf(decompressed(pieces(small), compression)).catch((error) =>
            assert.equal(error.reason, "not_compressed", String(error)),
          );
        }),
        { numRuns: 40 },
      ));
  });
}

/** Programs that may be there; where one is not, others have to do. */
const PROGRAMS: [compression: Compression, command: string, args: string[]][] = [
  ["BZIP2", "bzip2", ["-c"]],
  ["XZ", "xz", ["-c"]],
  ["LZMA", "xz", ["-c", "--format=lzma"]],
  ["LZ4FRAME", "lz4", ["-c", "-q"]],
  ["GZIP", "gzip", ["-c"]],
  ["ZSTD", "zstd", ["-c", "-q"]],
];

function hasProgram(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

for (const [compression, command, args] of PROGRAMS) {
  describe(`${compression} and the program ${command}`, {
    skip: !hasProgram(command) && `${command} is not there`,
  }, () => {
    const run = (more: string[], input: Buffer) =>
      execFileSync(command, [...args, ...more], { input, maxBuffer: 1e9, stdio: ["pipe", "pipe", "ignore"] });

    for (const [what, bytes] of [
      ["nothing", Buffer.alloc(0)],
      ["a byte", Buffer.from("1")],
      ["much", large],
    ] as const) {
      it(`understand each other over ${what}`, async () => {
        assert.ok((await bytesOf(decompressed(cut(run([], bytes), 50_000), compression))).equals(bytes));
        assert.ok(run(["-d"], await bytesOf(compressed(cut(bytes, 50_000), compression))).equals(bytes));
      });
    }

    it("read several one behind the other", async () => {
      const both = Buffer.concat([run([], text), run([], mixed)]);
      if (compression === "LZMA") return;
      assert.ok(
        (await bytesOf(decompressed(cut(both, 50_000), compression))).equals(Buffer.concat([text, mixed])),
      );
    });
  });
}

describe("compressions that are only read", () => {
  it("read Z", async () => {
    assert.equal(String(await bytesOf(decompressed(pieces(Buffer.from("1f9d903100", "hex")), "Z"))), "1");
  });
  it("read Snappy without a frame", async () => {
    // "ab", and eight more from two back.
    const block = Buffer.from([10, 1 << 2, 0x61, 0x62, 1 | ((8 - 4) << 2), 2]);
    assert.equal(String(await bytesOf(decompressed(cut(block, 1), "SNAPPY"))), "ababababab");
  });
  it("read Deflate64, which is Deflate where it does not reach far", async () => {
    const near = text.subarray(0, 20_000);
    assert.ok((await bytesOf(decompressed(cut(deflateRawSync(near), 33), "DEFLATE64"))).equals(near));
    assert.ok(
      (await bytesOf(decompressed(pieces(deflateRawSync(near, { level: 0 })), "DEFLATE64"))).equals(near),
    );
    assert.ok(
      (await bytesOf(decompressed(pieces(deflateRawSync(near, { strategy: 4 })), "DEFLATE64"))).equals(near),
    );
  });
});

describe("io.kestra.plugin.compress.FileCompress and FileDecompress", () => {
  it("compress a file and undo it", async () => {
    await using context = await aTaskContext();
    const from = await context.give("rides.csv", text);
    const { uri } = await runTask(fileCompress, { from, compression: "GZIP" }, context);
    assert.match(uri, /rides\.csv\.gz$/);
    const back = await runTask(fileDecompress, { from: uri, compression: "GZIP" }, context);
    assert.match(back.uri, /rides\.csv$/);
    assert.ok((await context.take(back.uri)).equals(text));
  });

  it("refuse what cannot be written, by name", async () => {
    await using context = await aTaskContext();
    for (const compression of ["Z", "SNAPPY", "DEFLATE64"]) {
      await assert.rejects(
        runTask(fileCompress, { from: "kestra:///a", compression }, context),
        /is not supported: Not implemented/,
      );
    }
  });

  it("refuse a bomb, and store nothing", async () => {
    await using context = await aTaskContext();
    const from = await context.give(
      "bomb.xz",
      await bytesOf(compressed(pieces(Buffer.alloc(3_000_000)), "XZ")),
    );
    const before = await context.filesLeft();
    const bomb = runTask(fileDecompress, { from, compression: "XZ", maxBytes: 1_000_000 }, context);
    await assert.rejects(bomb, { reason: "file_too_large" });
    assert.deepEqual(await context.filesLeft(), before);
  });
});
