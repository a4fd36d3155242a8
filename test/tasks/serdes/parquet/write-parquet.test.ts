import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { convertToParquet } from "./read-parquet.ts";

describe("writeParquet", () => {
  const f = (type: unknown) => [{ name: "f", type }];
  const values: [type: unknown, ion: string, value: unknown, given?: Record<string, unknown>][] = [
    ["string", '"a\\u0000é\\n"', "a\0é\n"],
    ["string", "12", "12"],
    ["int", '"-5"', -5],
    ["long", '"9223372036854775807"', "9223372036854775807"],
    ["float", '"0.1"', 0.10000000149011612],
    ["double", '"-0"', -0],
    ["double", "nan", "NaN"],
    ["double", '"1e999"', "Infinity"],
    ["boolean", '"ON"', true],
    ["bytes", "{{AP8=}}", "\\x00\\xFF"],
    [{ type: "enum", name: "E", symbols: ["A"] }, '"A"', "A"],
    [{ type: "string", logicalType: "uuid" }, '"0-1-2-3-4"', "00000000-0001-0002-0003-000000000004"],
    [{ type: "int", logicalType: "date" }, '"0001-01-01"', "0001-01-01"],
    [{ type: "int", logicalType: "date" }, '"-0043-03-15"', "0044-03-15 (BC)", { dateFormat: "uuuu-MM-dd" }],
    [{ type: "int", logicalType: "time-millis" }, '"01:02:03.456789"', "01:02:03.456"],
    [{ type: "long", logicalType: "time-micros" }, '"01:02:03.456789"', "01:02:03.456789"],
    [
      { type: "long", logicalType: "timestamp-millis" },
      '"2024-09-06T10:38:53.123456+02:00"',
      "2024-09-06 08:38:53.123+00",
    ],
    [{ type: "long", logicalType: "timestamp-millis" }, "-1", "1969-12-31 23:59:59.999+00"],
    [
      { type: "long", logicalType: "timestamp-micros" },
      '"9999-12-31T23:59:59.999999"',
      "9999-12-31 23:59:59.999999+00",
    ],
    [{ type: "long", logicalType: "local-timestamp-millis" }, '"2024-09-06T08:38:53"', "2024-09-06 08:38:53"],
    [
      { type: "long", logicalType: "local-timestamp-micros" },
      '"2024-09-06T08:38:53.000001Z"',
      "2024-09-06 08:38:53.000001",
    ],
    [
      { type: "bytes", logicalType: "decimal", precision: 20, scale: 2 },
      '"-123456789012345678.905"',
      "-123456789012345678.90",
    ],
    [{ type: "array", items: ["null", "int"] }, '["1",null]', [1, null]],
    [{ type: "map", values: "double" }, '{a:"1.5"}', [{ key: "a", value: 1.5 }]],
    [
      {
        type: "record",
        name: "P",
        fields: [{ name: "t", type: { type: "long", logicalType: "timestamp-millis" } }],
      },
      "{t:0}",
      { t: "1970-01-01 00:00:00+00" },
    ],
    [["null", "string"], '"NA"', null],
    [["string", "null"], '"NA"', "NA"],
    [["null", "int", "string"], '"x"', { member0: null, member1: "x" }],
    ["null", '""', null],
  ];
  for (const [type, ion, value, given] of values) {
    it(`writes ${ion} as ${JSON.stringify(type)}`, async () =>
      assert.deepEqual((await convertToParquet(f(type), `{f:${ion}}`, given)).rows, [{ f: value }]));
    if (!ion.startsWith('"')) continue;
    it(`writes ${ion} as ${JSON.stringify(type)} from JSON lines too`, async () =>
      assert.deepEqual((await convertToParquet(f(type), `{"f":${ion}}`, given)).rows, [{ f: value }]));
  }

  it("keeps instants and local times apart", async () => {
    const fields = ["local-timestamp-millis", "timestamp-millis", "local-timestamp-millis"].map(
      (logicalType, index) => ({ name: `t${index}`, type: { type: "long", logicalType } }),
    );
    const { rows } = await convertToParquet(fields, "{t0:0,t1:0,t2:0}");
    assert.deepEqual(rows, [
      { t0: "1970-01-01 00:00:00", t1: "1970-01-01 00:00:00+00", t2: "1970-01-01 00:00:00" },
    ]);
  });

  const impossible: [what: string, fields: unknown[], text: RegExp][] = [
    [
      "names that differ only in case",
      [
        { name: "a", type: "int" },
        { name: "A", type: "int" },
      ],
      /both a and A/,
    ],
    [
      "types that contain themselves",
      f({ type: "record", name: "N", fields: [{ name: "n", type: ["null", "N"] }] }),
      /N, which contains itself/,
    ],
    ["records without fields", f({ type: "record", name: "N", fields: [] }), /a record without fields/],
    [
      "decimals beyond 38 digits",
      f({ type: "bytes", logicalType: "decimal", precision: 39 }),
      /decimal of 39 digits/,
    ],
  ];
  for (const [what, fields, text] of impossible) {
    it(`refuses ${what}`, () => assert.rejects(convertToParquet(fields, '{"a":"1"}'), text));
  }
});
