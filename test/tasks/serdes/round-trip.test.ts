import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Instant, LocalDate, LocalDateTime, LocalTime, ZoneOffset } from "@js-joda/core";
import fc from "fast-check";
import { avroToIon } from "../../../src/tasks/serdes/avro/avro-to-ion.ts";
import { inferAvroSchemaFromIon } from "../../../src/tasks/serdes/avro/infer-avro-schema.ts";
import { ionToAvro } from "../../../src/tasks/serdes/avro/ion-to-avro.ts";
import { csvToIon } from "../../../src/tasks/serdes/csv/csv-to-ion.ts";
import { ionToCsv } from "../../../src/tasks/serdes/csv/ion-to-csv.ts";
import { ionRows } from "../../../src/tasks/serdes/ion/ion-rows.ts";
import { Decimal } from "../../../src/tasks/serdes/ion/ion-value.ts";
import { ionText } from "../../../src/tasks/serdes/ion/write-ion.ts";
import { ionToJson } from "../../../src/tasks/serdes/json/ion-to-json.ts";
import { jsonToIon } from "../../../src/tasks/serdes/json/json-to-ion.ts";
import { ionToParquet } from "../../../src/tasks/serdes/parquet/ion-to-parquet.ts";
import { parquetToIon } from "../../../src/tasks/serdes/parquet/parquet-to-ion.ts";
import { aTaskContext, pieces, runTask } from "../task-context.ts";

async function valuesOf(ion: string | Uint8Array): Promise<unknown[]> {
  return (await Array.fromAsync(ionRows(pieces(ion)))).flat().map(({ value }) => value);
}

/** Values as text that tells their kinds apart. */
function shown(values: unknown[]): string[] {
  return values.map(ionText);
}

/** There and back again. */
async function through(
  ion: string,
  there: [type: Parameters<typeof runTask>[0], given?: Record<string, unknown>],
  back: [type: Parameters<typeof runTask>[0], given?: Record<string, unknown>],
): Promise<string[]> {
  await using context = await aTaskContext();
  const from = await context.give("rows.ion", Buffer.from(ion));
  const middle = await runTask(there[0], { from, ...there[1] }, context);
  const result = await runTask(back[0], { from: String(middle.uri), ...back[1] }, context);
  assert.equal(result.size, middle.size);
  return shown(await valuesOf(await context.take(String(result.uri))));
}

const text = fc.string({ unit: "grapheme", maxLength: 20 }).map((value) => value.toWellFormed());
const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,6}$/);
const plain = fc.oneof(
  text,
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.boolean(),
  fc.constant(null),
);
const double = fc.double({ noDefaultInfinity: true, noNaN: true });
const any = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    plain,
    double,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(text, tie("value"), { maxKeys: 3 }),
  ),
})).value;

describe("Ion text", () => {
  const moments: unknown[] = [
    new Decimal(7470n, 3),
    new Decimal(-5n, 9),
    new Decimal(5n, -3),
    new Decimal(5n, 0),
    Buffer.from([0, 255]),
    Instant.parse("2021-05-05T10:21:12.120Z"),
    LocalDate.parse("2021-05-05"),
    LocalDateTime.parse("2021-05-05T10:21"),
    LocalTime.parse("10:21"),
    Number.NaN,
    Number.NEGATIVE_INFINITY,
  ];
  it("reads back what it writes", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(any, fc.constantFrom(...moments)), { maxLength: 5 }),
        async (values) => {
          const written = values.map((value) => `${ionText(value)}\n`).join("");
          assert.deepEqual(shown(await valuesOf(written)), shown(values));
        },
      ),
      { numRuns: 300 },
    ));
});

describe("conversions there and back", () => {
  it("give every value back through JSON", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(text, fc.oneof(text, double, fc.boolean(), fc.array(text))), {
          minLength: 2,
          maxLength: 5,
        }),
        async (rows) => {
          const ion = rows.map((row) => `${ionText(row)}\n`).join("");
          assert.deepEqual(await through(ion, [ionToJson], [jsonToIon]), shown(rows));
          const whole = { newLine: false };
          assert.deepEqual(await through(ion, [ionToJson, whole], [jsonToIon, whole]), shown(rows));
        },
      ),
      { numRuns: 30 },
    ));

  it("give every text back through CSV", () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(name, { minLength: 2, maxLength: 4 }).chain((names) =>
          fc.array(
            fc
              .tuple(...names.map(() => text.filter((cell) => cell !== "\\N")))
              .map((cells) => Object.fromEntries(names.map((key, index) => [key, cells[index]]))),
            { minLength: 1, maxLength: 5 },
          ),
        ),
        async (rows) => {
          const ion = rows.map((row) => `${ionText(row)}\n`).join("");
          for (const quoteMode of ["ALWAYS", "REQUIRED", "NON_NUMERIC"]) {
            assert.deepEqual(await through(ion, [ionToCsv, { quoteMode }], [csvToIon]), shown(rows));
          }
        },
      ),
      { numRuns: 30 },
    ));

  const schema = {
    type: "record",
    name: "All",
    fields: [
      { name: "t", type: "string" },
      { name: "i", type: "int" },
      { name: "l", type: ["null", "long"] },
      { name: "d", type: "double" },
      { name: "b", type: "boolean" },
      { name: "day", type: { type: "int", logicalType: "date" } },
      { name: "at", type: { type: "long", logicalType: "timestamp-millis" } },
      { name: "local", type: { type: "long", logicalType: "local-timestamp-micros" } },
      { name: "time", type: { type: "long", logicalType: "time-micros" } },
      { name: "n", type: { type: "bytes", logicalType: "decimal", precision: 12, scale: 3 } },
      { name: "bytes", type: "bytes" },
      { name: "list", type: { type: "array", items: ["null", "string"] } },
      { name: "map", type: { type: "map", values: "long" } },
      {
        name: "inner",
        type: ["null", { type: "record", name: "Inner", fields: [{ name: "x", type: "double" }] }],
      },
      { name: "either", type: ["null", "long", "boolean"] },
    ],
  };
  const row = fc.record({
    t: text,
    i: fc.integer().map(BigInt),
    l: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    d: double,
    b: fc.boolean(),
    day: fc.integer({ min: -100_000, max: 100_000 }).map((day) => LocalDate.ofEpochDay(day)),
    at: fc.integer({ min: 0, max: 4e12 }).map((ms) => Instant.ofEpochMilli(ms)),
    local: fc
      .integer({ min: 0, max: 2e9 })
      .map((second) => LocalDateTime.ofEpochSecond(second, 123_456_000, ZoneOffset.UTC)),
    time: fc.integer({ min: 0, max: 86_399 }).map((second) => LocalTime.ofSecondOfDay(second)),
    n: fc
      .bigInt({ min: -(10n ** 12n) + 1n, max: 10n ** 12n - 1n })
      .map((unscaled) => new Decimal(unscaled, 3)),
    bytes: fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
    list: fc.array(
      fc.option(text.filter((item) => !/^(?:#n\/?a.*|-?1\.#.*|-?nan|n\/?a|null|)$/i.test(item))),
      { maxLength: 3 },
    ),
    map: fc.dictionary(name, fc.integer().map(BigInt), { maxKeys: 3 }),
    inner: fc.option(fc.record({ x: double })),
    either: fc.option(fc.oneof(fc.boolean(), fc.integer({ min: 2 }).map(BigInt))),
  });

  for (const [format, there, back] of [
    ["Avro", ionToAvro, avroToIon],
    ["Parquet", ionToParquet, parquetToIon],
  ] as const) {
    it(`give every type back through ${format}`, () =>
      fc.assert(
        fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 4 }), async (rows) => {
          const ion = rows.map((one) => `${ionText(one)}\n`).join("");
          const given = { schema: JSON.stringify(schema) };
          assert.deepEqual(await through(ion, [there as never, given], [back as never]), shown(rows));
        }),
        { numRuns: 20 },
      ));
  }

  it("find the schema, and use it", async () => {
    await using context = await aTaskContext();
    const ion = '{hello:3.14,n:1,list:[1e0],m:{k:"v"}}\n{}\n';
    const from = await context.give("rows.ion", Buffer.from(ion));
    const { uri } = await runTask(inferAvroSchemaFromIon, { from }, context);
    assert.match(uri, /rows\.avsc$/);
    const schema = (await context.take(uri)).toString();
    const avro = await runTask(ionToAvro, { from, schema }, context);
    const result = await runTask(avroToIon, { from: avro.uri }, context);
    assert.equal(
      (await context.take(result.uri)).toString(),
      '{hello:"3.14",n:1,list:[1e0],m:{k:"v"}}\n{hello:null,n:null,list:null,m:null}\n',
    );
  });

  it("unwrap the list that stands alone", async () => {
    assert.deepEqual(await through('["a","b"]', [ionToAvro as never], [avroToIon as never]), ['["a","b"]']);
  });
});
