import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type EncodeText, encoderOf, outputCharset } from "../../../src/tasks/serdes/charset/encode-text.ts";
import { utf8Chunks } from "../../../src/tasks/serdes/charset/utf8-chunks.ts";
import { csvToIon } from "../../../src/tasks/serdes/csv/csv-to-ion.ts";
import { ionToCsv } from "../../../src/tasks/serdes/csv/ion-to-csv.ts";
import { pieces } from "../task-context.ts";
import { converted } from "./convert.ts";

async function read(bytes: Uint8Array, charset: string, size = bytes.length): Promise<string> {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size));
  return Buffer.concat(await Array.fromAsync(utf8Chunks(pieces(...parts), charset))).toString();
}

// Written down by other programs.
const known: [charset: string, text: string, hex: string][] = [
  ["Shift_JIS", "日本語ｱA", "93fa967b8ceab141"],
  ["MS932", "①∵", "874081e6"],
  ["EUC-JP", "日本語", "c6fccbdcb8ec"],
  ["Big5", "中文十", "a4a4a4e5a451"],
  ["GBK", "中文", "d6d0cec4"],
  ["GB18030", "中ሴ😀", "d6d08133bc349439fc36"],
  ["EUC-KR", "한국", "c7d1b1b9"],
  ["windows-1251", "Привет", "cff0e8e2e5f2"],
  ["Cp1252", "é€", "e980"],
  ["ISO8859_15", "€", "a4"],
  ["IBM850", "éø", "829b"],
  ["Cp437", "ß", "e1"],
  ["IBM00858", "€", "d5"],
  ["IBM037", "A1\nz[", "c1f115a9ba"],
  ["IBM500", "[", "4a"],
  ["IBM273", "Ä", "4a"],
  ["UTF-32", "A😀", "000000410001f600"],
  ["UTF-32LE", "A", "41000000"],
];

const encoders = new Map<string, EncodeText>();

/** An encoder that takes time to prepare. Those of UTF-16 begin anew each time, with a mark. */
function cached(charset: string): EncodeText {
  const encode = (charset !== "UTF-16" && encoders.get(charset)) || encoderOf(charset);
  encoders.set(charset, encode);
  return encode;
}

describe("a charset", () => {
  for (const [charset, text, hex] of known) {
    it(`is written and read: ${charset}`, async () => {
      assert.equal(encoderOf(charset)(text).toString("hex"), hex);
      assert.equal(await read(Buffer.from(hex, "hex"), charset), text);
    });
  }

  it("has a question mark for what it does not have", () => {
    for (const [charset, hex] of [
      ["Shift_JIS", "3f"],
      ["IBM037", "6f"],
      ["Big5", "3f"],
    ] as const)
      assert.equal(encoderOf(charset)("😀").toString("hex"), hex);
  });

  it("gives what can be written back, in pieces of any size", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...known.map(([charset]) => charset), "UTF-16", "UTF-32BE", "KOI8-R", "ISO-8859-7"),
        fc.string({ unit: "binary", maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        async (charset, text, size) => {
          const bytes = cached(charset)(`x${text}`);
          const given = await read(bytes, charset, size);
          // What was no question mark and became one is lost; the rest is there.
          assert.equal(Array.from(given).length, Array.from(text).length + 1);
          assert.deepEqual(cached(charset)(given), bytes);
        },
      ),
      { numRuns: 60 },
    ));

  it("may mark which end of UTF-32 comes first", async () => {
    assert.equal(await read(Buffer.from("fffe000041000000", "hex"), "UTF-32"), "A");
    assert.equal(await read(Buffer.from("0000feff00000041", "hex"), "UTF-32"), "A");
    assert.equal(await read(Buffer.from("00110000000000", "hex"), "UTF-32"), "\uFFFD\uFFFD");
  });

  it("is taken by tasks that write and that read", async () => {
    for (const charset of ["Shift_JIS", "UTF-32", "IBM037"]) {
      const { bytes } = await converted(ionToCsv, '{a:"x"}\n', { charset });
      assert.equal((await converted(csvToIon, bytes, { charset })).text, '{"a":"x"}\n');
    }
  });

  it("is refused for writing by words that say so", () => {
    for (const charset of ["ISO-2022-JP", "no-such-charset"])
      assert.match(
        String(outputCharset().safeParse(charset).error?.message),
        /a charset that can be written, such as/,
      );
  });
});
