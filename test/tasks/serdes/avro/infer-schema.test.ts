import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseAvroSchema } from "../../../../src/tasks/serdes/avro/avro-schema.ts";
import { inferAvroSchema } from "../../../../src/tasks/serdes/avro/infer-schema.ts";
import { ionRows } from "../../../../src/tasks/serdes/ion/ion-rows.ts";
import { pieces } from "../../task-context.ts";
import { avroOptions } from "./an-avro-schema.ts";

async function fieldsOf(ion: string, given: Record<string, unknown> = {}, rows = 100): Promise<unknown> {
  const text = await inferAvroSchema(ionRows(pieces(ion)), avroOptions(given), rows);
  parseAvroSchema(text);
  const schema = JSON.parse(text);
  assert.deepEqual(
    [schema.type, schema.name, schema.namespace],
    ["record", "root", "io.kestra.plugin.serdes.avro"],
  );
  return Object.fromEntries(
    schema.fields.map((field: { name: string; type: unknown }) => [field.name, field.type]),
  );
}

describe("inferAvroSchema", () => {
  const cases: [
    title: string,
    ion: string,
    types: unknown,
    given?: Record<string, unknown>,
    rows?: number,
  ][] = [
    [
      "lets every field be null",
      '{a:"x",b:1,c:1e0,d:true,e:null}',
      { a: ["null", "string"], b: ["null", "int"], c: ["null", "double"], d: ["null", "boolean"], e: "null" },
    ],
    ["tells longs from ints", "{a:2147483648}", { a: ["null", "long"] }],
    ["makes strings of decimals", "{a:1.5}", { a: ["null", "string"] }],
    [
      "knows bytes, dates and moments",
      "{a:{{aGk=}},b:2024-01-02,c:2024-01-02T03:04:05Z}",
      {
        a: ["null", "bytes"],
        b: ["null", { type: "int", logicalType: "date" }],
        c: ["null", { type: "long", logicalType: "local-timestamp-millis" }],
      },
    ],
    ["gathers the types that a field has", '{a:null}\n{a:1}\n{a:"x"}', { a: ["null", "int", "string"] }],
    ["gathers the fields that rows have", "{a:1}\n{b:2}", { a: ["null", "int"], b: ["null", "int"] }],
    ["reads so many rows only", '{a:1}\n{a:"x"}', { a: ["null", "int"] }, {}, 1],
    [
      "reads all rows with inferAllFields",
      '{a:1}\n{a:"x"}',
      { a: ["null", "int", "string"] },
      { inferAllFields: true },
      1,
    ],
    [
      "takes words for booleans and nulls with inferAllFields",
      '{a:"yes",b:"",c:"x"}\n{a:"NO",b:"NA",c:"no"}',
      { a: ["null", "boolean"], b: "null", c: ["null", "string", "boolean"] },
      { inferAllFields: true },
    ],
  ];
  for (const [title, ion, types, given, rows] of cases) {
    it(title, async () => assert.deepEqual(await fieldsOf(ion, given, rows), types));
  }

  it("goes into records and lists", async () => {
    assert.deepEqual(await fieldsOf('{a:{x:1},b:[1,"x"],c:[]}'), {
      a: [
        {
          type: "record",
          name: "a",
          namespace: "io.kestra.plugin.serdes.avro",
          fields: [{ name: "x", type: ["null", "int"], default: null }],
        },
        "null",
      ],
      b: [{ type: "array", items: ["null", "int", "string"] }, "null"],
      c: [{ type: "array", items: ["null", "string"] }, "null"],
    });
  });

  it("makes one field of rows that are lists", async () => {
    assert.deepEqual(await fieldsOf('["a","b"]'), { value: { type: "array", items: "string" } });
  });

  const refused: [what: string, ion: string, text: RegExp][] = [
    ["an empty file", "", /holds no records/],
    ["rows that are plain values", '"x"', /neither records nor lists/],
    ["rows of both kinds", "[1]\n{a:1}", /some of its rows are records and some are lists/],
    ["names that Avro does not take", "{'a b':1}", /"a b" cannot be the name of a field/],
  ];
  for (const [what, ion, text] of refused) {
    it(`refuses ${what}`, () => assert.rejects(fieldsOf(ion), text));
  }
});
