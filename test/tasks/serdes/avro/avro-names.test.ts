import assert from "node:assert/strict";
import { describe, it } from "node:test";
import avro from "avsc";
import fc from "fast-check";
import { avscName, isAvroName, trueName } from "../../../../src/tasks/serdes/avro/avro-name.ts";
import { avroToIon } from "../../../../src/tasks/serdes/avro/avro-to-ion.ts";
import { inferAvroSchemaFromIon } from "../../../../src/tasks/serdes/avro/infer-avro-schema.ts";
import { ionToAvro } from "../../../../src/tasks/serdes/avro/ion-to-avro.ts";
import { csvToIon } from "../../../../src/tasks/serdes/csv/csv-to-ion.ts";
import { ionText } from "../../../../src/tasks/serdes/ion/write-ion.ts";
import { ionToParquet } from "../../../../src/tasks/serdes/parquet/ion-to-parquet.ts";
import { parquetToIon } from "../../../../src/tasks/serdes/parquet/parquet-to-ion.ts";
import { converted } from "../convert.ts";

const ways = [
  ["Avro", ionToAvro, avroToIon],
  ["Parquet", ionToParquet, parquetToIon],
] as const;

const record = (fields: unknown[], name = "Row") => ({
  type: "record",
  name,
  namespace: "société.données",
  fields,
});

// Types of every kind that has a name, used and used again by it, and defaults with such names.
const schema = record([
  { name: "prénom", type: ["null", "string"], default: null, aliases: ["prénom usuel"] },
  { name: "Größe", type: "int", default: 3 },
  {
    name: "ž",
    type: { type: "enum", name: "Énumération", symbols: ["a", "ž", "ࠀ", "__proto__"], default: "ž" },
  },
  { name: "encore", type: ["null", "Énumération"] },
  {
    name: "日本",
    type: ["null", record([{ name: "東京", type: "string", default: "" }], "型")],
    default: null,
  },
  { name: "liste", type: { type: "array", items: "société.données.型" } },
  { name: "clé", type: ["null", { type: "fixed", name: "Clé", size: 2 }] },
]);

const row = [
  {
    ...{ prénom: "Zoé", Größe: 3n, ž: "ž", encore: "ࠀ", 日本: { 東京: "x" } },
    ...{ liste: [{ 東京: "y" }, { 東京: "z" }], clé: Buffer.from("é") },
  },
  { prénom: null, Größe: 4n, ž: "a", encore: "a", 日本: null, liste: [], clé: Buffer.from("ok") },
]
  .map((one) => `${ionText(one)}\n`)
  .join("");

describe("names with letters beyond ASCII", () => {
  for (const [what, there, back] of ways) {
    it(`are written and read in ${what}`, async () => {
      const file = await converted(there, row, { schema: JSON.stringify(schema) });
      assert.ok(file.bytes.includes("prénom") && file.bytes.includes("東京"));
      assert.equal((await converted(back, file.bytes)).text, row);
    });

    it(`are found in the header of a CSV for ${what}`, async () => {
      const rows = await converted(csvToIon, "prénom,größe,名前\nZoé,3,x\n");
      const sameRow = `${ionText({ prénom: "Zoé", größe: "3", 名前: "x" })}\n`;
      const file = await converted(there, rows.bytes);
      assert.equal((await converted(back, file.bytes)).text, sameRow);
    });

    it(`are refused in ${what} where Java refuses them`, async () => {
      const given = JSON.stringify(record([{ name: "prix unitaire", type: "int" }]));
      await assert.rejects(
        converted(there, row, { schema: given }),
        /field 1 of the record `Row` is called "prix unitaire", and a name is made of letters, digits and `_`/,
      );
    });
  }

  for (const [how, value] of [
    ["that SQL converts", "1"],
    ["that the converter reads", 1n],
  ])
    it(`may differ in upper and lower case only, in rows ${how}`, async () => {
      const text = `${ionText({ É: value, é: value })}\n`;
      const file = await converted(ionToParquet, text);
      assert.equal((await converted(parquetToIon, file.bytes)).text, text);
    });

  it("stand in the schema of a Parquet file", async () => {
    const { bytes } = await converted(ionToParquet, row, { schema: JSON.stringify(schema) });
    assert.ok(bytes.includes(JSON.stringify(schema)));
  });

  it("stand in a schema that is inferred", async () => {
    const { text } = await converted(inferAvroSchemaFromIon, row);
    const { fields } = JSON.parse(text) as { fields: { name: string }[] };
    assert.deepEqual(
      fields.map(({ name }) => name),
      schema.fields.map((field) => (field as { name: string }).name),
    );
  });

  it("find fields by their aliases", async () => {
    const { bytes } = await converted(ionToAvro, "{'prénom usuel':\"Zoé\"}", {
      schema: JSON.stringify(record([schema.fields[0]])),
    });
    assert.equal((await converted(avroToIon, bytes)).text, `${ionText({ prénom: "Zoé" })}\n`);
  });

  it("are named in errors as they are", async () => {
    const refused = async (type: unknown, message: RegExp) =>
      assert.rejects(
        converted(ionToAvro, row, { schema: JSON.stringify(record([{ name: "é", type }])) }),
        message,
      );
    await refused("Größe", /there is no type `.*Größe`/);
    await refused({ type: "enum", name: "E", symbols: ["ž", "ž"] }, /the enum `E` has the symbol `ž` twice/);
    await refused({ type: "enum", name: "E", symbols: ["a b"] }, /symbol 1 of the enum `E` is called "a b"/);
    await refused({ type: "fixed", name: "1é", size: 2 }, /field `é` of the record `Row` is called "1é"/);
    await refused(
      { type: "enum", name: "E", symbols: ["ž"] },
      /Invalid enum value, found .*, expected \[ž\]/,
    );
  });
});

describe("avscName", () => {
  it("is a name that avsc takes, of which there is one true name", () =>
    fc.assert(
      fc.property(aName, (name) => {
        assert.ok(isAvroName(name));
        const taken = avscName(name);
        avro.Type.forSchema({ type: "enum", name: taken, symbols: [taken] });
        assert.notEqual(taken, "__proto__");
        assert.equal(trueName(taken), name);
      }),
    ));

  it("keeps what stands before a dot apart", () => assert.equal(avscName("a.é.b"), "a.__c3a9.b"));
});

const aName = fc.oneof(
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/),
  fc.stringMatching(/^_{0,3}[a-f0-9é]{0,6}$/).filter((name) => /^\D/.test(name)),
  fc.constantFrom("__proto__", "__", "ž", "ࠀ", "__c3a9", "__x", "é٣", "日本"),
);
