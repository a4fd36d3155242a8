import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { createConvertRow } from "../../../../src/tasks/serdes/avro/convert-row.ts";
import { badLineLog } from "../../../../src/tasks/serdes/bad-lines.ts";
import { columnType } from "../../../../src/tasks/serdes/parquet/column-type.ts";
import { createRowJson, decimalText } from "../../../../src/tasks/serdes/parquet/parquet-json.ts";
import { sqlConversion } from "../../../../src/tasks/serdes/parquet/sql-columns.ts";
import { aTaskContext } from "../../task-context.ts";
import { avroOptions, schemaOf } from "../avro/an-avro-schema.ts";

// Each type with texts that are right, nearly right, and wrong.
const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 3 });
const number = fc.string({ unit: fc.constantFrom(..."00123456789+-.eE_ dfxN"), maxLength: 8 });
const plain = fc.double().map(String);
/** Mostly the one, sometimes another. */
const mostly = (usual: fc.Arbitrary<string>, other: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: other });
const upTo = (first: number, last: number) =>
  fc.integer({ min: first, max: last }).map((n) => String(n).padStart(2, "0"));
const two = fc.oneof(upTo(0, 75), digits);
const year = mostly(upTo(1900, 2100), fc.oneof(upTo(0, 12_000), digits));
const month = mostly(upTo(1, 12), two);
const day = mostly(upTo(1, 31), two);
const time = fc
  .tuple(mostly(upTo(0, 24), two), mostly(upTo(0, 59), two), mostly(upTo(0, 60), two))
  .map((parts) => parts.join(":"));
const date = fc.tuple(year, month, day).map((parts) => parts.join("-"));
const zone = mostly(
  fc.constantFrom("", "Z", "+02:00", "-17:59"),
  fc.constantFrom("+18:00", "+19:00", "z", "+0200", " "),
);
const moment = (separator: string, fraction: string, zones = zone) =>
  fc
    .tuple(
      date,
      mostly(fc.constant(separator), fc.constantFrom(" ", "T", "", "t")),
      time,
      mostly(
        fc.constantFrom(fraction, ""),
        digits.map((text) => `.${text}`),
      ),
      zones,
    )
    .map((parts) => parts.join(""));
const word = fc.constantFrom(
  "",
  "NA",
  "n/a",
  "null",
  "NaN",
  "nan",
  "-NaN",
  "true",
  "T",
  "yes",
  "Off",
  "0",
  "1",
  "A",
  "b",
  "Ä",
  "ſ",
  "K",
);
const anything = fc.string({ unit: "binary", maxLength: 5 });

const dates = { dateFormat: "yyyy-MM-dd", datetimeFormat: "yyyy-MM-dd HH:mm:ss.SSS" };
const uuid = fc.uuid().map((text) => text.replace(/^0/, ""));
const cases: [type: unknown, texts: fc.Arbitrary<string>, given?: Record<string, unknown>][] = [
  ["string", anything],
  ["bytes", anything],
  ["double", fc.oneof(number, plain)],
  ["float", fc.oneof(number, plain)],
  ["int", fc.oneof(number, fc.integer().map(String))],
  ["long", fc.oneof(number, fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String))],
  ["boolean", fc.oneof(word, anything)],
  ["null", word],
  [["null", "double"], fc.oneof(word, number, plain)],
  [["null", "int"], fc.oneof(word, number), { nullValues: ["0", "x"] }],
  [["double", "null"], fc.oneof(word, number)],
  [["null", "string"], fc.oneof(word, anything)],
  [["string", "null"], fc.oneof(word, anything)],
  [["null", "boolean"], word],
  [{ type: "enum", name: "E", symbols: ["A", "b"] }, word],
  [
    { type: "string", logicalType: "uuid" },
    fc.oneof(
      uuid,
      uuid.map((text) => text.toUpperCase()),
      word,
    ),
  ],
  [{ type: "int", logicalType: "date" }, date],
  [
    { type: "int", logicalType: "date" },
    fc.tuple(date, zone).map((parts) => parts.join("")),
    { dateFormat: "yyyy-MM-dd[XXX]" },
  ],
  [
    { type: "int", logicalType: "date" },
    fc.tuple(day, month, year).map((parts) => parts.join(".")),
    { dateFormat: "dd.MM.yyyy" },
  ],
  [{ type: "long", logicalType: "timestamp-millis" }, fc.oneof(moment("T", ".123456"), number)],
  [
    { type: "long", logicalType: "timestamp-millis" },
    moment(" ", ".123", mostly(fc.constant(""), zone)),
    dates,
  ],
  [
    { type: "long", logicalType: "timestamp-millis" },
    moment(" ", ".123"),
    { datetimeFormat: "yyyy-MM-dd' 'HH:mm:ss[.SSS][XXX]" },
  ],
  [{ type: "long", logicalType: "timestamp-micros" }, moment("T", ".123456")],
  [{ type: "long", logicalType: "local-timestamp-millis" }, moment("T", ".123456")],
  [["null", { type: "long", logicalType: "local-timestamp-micros" }], moment("T", ".123456")],
];

describe("sqlConversion", () => {
  let instance: DuckDBInstance;
  let connection: DuckDBConnection;
  before(async () => {
    instance = await DuckDBInstance.create(":memory:");
    connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
  });
  after(() => {
    connection.closeSync();
    instance.closeSync();
  });

  for (const [type, texts, given] of cases) {
    const how = given ? ` with ${JSON.stringify(given)}` : "";
    it(`makes of each text what the converter makes of it, or leaves it: ${JSON.stringify(type)}${how}`, async () => {
      await using context = await aTaskContext();
      const schema = schemaOf(type);
      const options = avroOptions(given);
      const query = sqlConversion(schema, options, () => '(SELECT $1::JSON AS "f")') as string;
      const convert = createConvertRow(schema, options, badLineLog(context.log, "SKIP"), decimalText);
      const toJson = createRowJson(schema);
      const { type: avroType } = schema.fields[0] as (typeof schema.fields)[number];
      let converted = 0;

      await fc.assert(
        fc.asyncProperty(
          fc.oneof({ weight: 9, arbitrary: texts }, { weight: 1, arbitrary: word }),
          async (text) => {
            const bySql = await connection
              .runAndReadAll(`SELECT f::VARCHAR AS f FROM (${query})`, [JSON.stringify(text)])
              .catch((error: Error) => assert.match(error.message, /left to the converter|Conversion/));
            if (!bySql) return;
            converted++;
            const line = toJson(convert({ line: 1, value: { f: text } }) as Record<string, unknown>);
            const read = `SELECT from_json($1::JSON, '{"c0":"${columnType(avroType, "VARCHAR")}"}').c0::${columnType(avroType)}::VARCHAR AS f`;
            const expected = await connection.runAndReadAll(read, [line]);
            assert.deepEqual(bySql.getRowsJson(), expected.getRowsJson());
          },
        ),
        { numRuns: 200 },
      );
      assert.ok(converted > 3, `only ${converted} texts were converted in SQL`);
    });
  }

  it("takes the seed's schema", () => {
    assert.ok(sqlConversion(schemaOf("string"), avroOptions(), () => "x"));
  });

  const left: [
    what: string,
    type: unknown,
    given: Record<string, unknown>,
    field?: Record<string, unknown>,
  ][] = [
    ["unions of several types", ["null", "int", "string"], {}],
    ["lists", { type: "array", items: "int" }, {}],
    ["other time zones", { type: "long", logicalType: "timestamp-millis" }, { timeZoneId: "Europe/Zurich" }],
    ["patterns with names", { type: "int", logicalType: "date" }, { dateFormat: "d MMM yyyy" }],
    [
      "patterns of digits alone",
      { type: "long", logicalType: "timestamp-millis" },
      { datetimeFormat: "yyyyMMddHHmm" },
    ],
    [
      "patterns that are ambiguous",
      { type: "long", logicalType: "timestamp-millis" },
      { datetimeFormat: "yyyy-MM-dd HH[:mm]:mm" },
    ],
    ["another decimal separator", "double", { decimalSeparator: "," }],
    ["strictSchema", "string", { strictSchema: true }],
    ["inferAllFields", "string", { inferAllFields: true }],
    ["aliases that look like positions", "string", {}, { aliases: ["col1"] }],
  ];
  for (const [what, type, given, field] of left) {
    it(`leaves ${what} to the converter`, () =>
      assert.equal(
        sqlConversion(schemaOf(type, field), avroOptions(given), () => "x"),
        undefined,
      ));
  }
});
