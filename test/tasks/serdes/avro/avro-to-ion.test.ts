import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { crc32, deflateRawSync, zstdCompressSync } from "node:zlib";
import avro from "avsc";
import { bzip2 } from "../../../../src/tasks/compress/codec/bzip2-encode.ts";
import { encodeSnappy } from "../../../../src/tasks/compress/codec/snappy.ts";
import { xz } from "../../../../src/tasks/compress/codec/xz-encode.ts";
import { avroToIon } from "../../../../src/tasks/serdes/avro/avro-to-ion.ts";
import { pieces } from "../../task-context.ts";
import { converted } from "../convert.ts";

const long = avro.Type.forSchema("long");
const sync = Buffer.alloc(16, 7);

function container(schema: object, codec: string, blocks: { count: number; data: Buffer }[]): Buffer {
  const metadata = avro.Type.forSchema({ type: "map", values: "bytes" }).toBuffer({
    "avro.schema": Buffer.from(JSON.stringify(schema)),
    "avro.codec": Buffer.from(codec),
  });
  const parts = blocks.map(({ count, data }) =>
    Buffer.concat([long.toBuffer(count), long.toBuffer(data.length), data, sync]),
  );
  return Buffer.concat([Buffer.from("Obj\x01"), metadata, sync, ...parts]);
}

const schema = {
  type: "record",
  name: "R",
  fields: [
    { name: "t", type: "string" },
    { name: "e", type: ["null", { type: "enum", name: "E", symbols: ["A", "B"] }] },
  ],
};
const type = avro.Type.forSchema(schema as avro.Schema, { wrapUnions: "always" });
const data = Buffer.concat([
  type.toBuffer({ t: "x".repeat(300), e: { E: "B" } }),
  type.toBuffer({ t: "y", e: null }),
]);
const ion = `{t:"${"x".repeat(300)}",e:"B"}\n{t:"y",e:null}\n`;

async function gathered(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(stream));
}

function snappy(bytes: Buffer): Buffer {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(bytes));
  return Buffer.concat([encodeSnappy(bytes), checksum]);
}

describe("io.kestra.plugin.serdes.avro.AvroToIon", () => {
  const codecs: [codec: string, compress: (bytes: Buffer) => Buffer | Promise<Buffer>][] = [
    ["null", (bytes) => bytes],
    ["deflate", (bytes) => deflateRawSync(bytes)],
    ["zstandard", (bytes) => zstdCompressSync(bytes)],
    ["snappy", snappy],
    ["bzip2", (bytes) => gathered(bzip2(pieces(bytes)))],
    ["xz", (bytes) => gathered(xz(pieces(bytes)))],
  ];
  for (const [codec, compress] of codecs) {
    it(`reads ${codec}`, async () => {
      const block = { count: 2, data: await compress(data) };
      const { text, size } = await converted(avroToIon, container(schema, codec, [block, block]));
      assert.equal(text, ion + ion);
      assert.equal(size, 4);
    });
  }

  const dated = {
    type: "record",
    name: "D",
    fields: [{ name: "d", type: { type: "int", logicalType: "time-millis" } }],
  };
  const times = [1, -1, 2].map((d) =>
    avro.Type.forSchema({ type: "record", name: "D", fields: [{ name: "d", type: "int" }] }).toBuffer({ d }),
  );
  const bad = container(dated, "null", [{ count: 3, data: Buffer.concat(times) }]);

  it("ends with the first bad record, or leaves it out", async () => {
    await assert.rejects(converted(avroToIon, bad), /^TaskError: Bad Avro record encountered: record 2: /);
    const { text, lines, size } = await converted(avroToIon, bad, { onBadLines: "WARN" });
    assert.equal(text, '{d:LocalTime::"00:00:00.001"}\n{d:LocalTime::"00:00:00.002"}\n');
    assert.equal(size, 2);
    assert.match(lines.join(), /WARN Bad Avro record encountered: record 2/);
    assert.deepEqual((await converted(avroToIon, bad, { onBadLines: "SKIP" })).lines, []);
  });

  const whole = container(schema, "null", [{ count: 2, data }]);
  const refused: [what: string, bytes: Buffer, message: RegExp][] = [
    ["nothing", Buffer.alloc(0), /the file is empty/],
    ["something else", Buffer.from("not avro at all"), /does not begin as an Avro file does/],
    ["a file that is cut off", whole.subarray(0, -20), /ends in the middle of a block/],
    [
      "a block that lies about its records",
      container(schema, "null", [{ count: 3, data }]),
      /fewer records than it says/,
    ],
    [
      "a block that is no such compression",
      container(schema, "deflate", [{ count: 2, data }]),
      /a block is damaged/,
    ],
    [
      "a codec that nobody knows",
      container(schema, "lzo", [{ count: 2, data }]),
      /compressed with lzo; null, deflate/,
    ],
  ];
  for (const [what, bytes, message] of refused) {
    it(`refuses ${what}`, () => assert.rejects(converted(avroToIon, bytes), message));
  }
});
