import assert from "node:assert/strict";
import { watch } from "node:fs";
import { describe, it } from "node:test";
import { csvToIon } from "../../../../src/tasks/serdes/csv/csv-to-ion.ts";
import { ionToParquet } from "../../../../src/tasks/serdes/parquet/ion-to-parquet.ts";
import { aTaskContext, runTask, type TestContext } from "../../task-context.ts";
import { rideSchema, ridesCsv } from "../a-ride.ts";
import { convertToParquet, queryParquet } from "./read-parquet.ts";

const schema = JSON.stringify(rideSchema);
const datetimeFormat = "yyyy-MM-dd HH:mm:ss.SSS";

async function ridesIn(context: TestContext, count: number): Promise<string> {
  const from = await context.give("rides.csv", Buffer.from(ridesCsv(count)));
  return (await runTask(csvToIon, { from }, context)).uri;
}

/** The same rows as Kestra writes them: names without quotes. No fast path reads that. */
async function asKestraIon(context: TestContext, uri: string): Promise<string> {
  const text = (await context.take(uri)).toString().replaceAll(/([{,])"(\w+)":/g, "$1$2:");
  return context.give("rides.ion", Buffer.from(text));
}

const isSlow = ({ lines }: TestContext) => lines.some((line) => line.includes("takes the slower way"));

describe("io.kestra.plugin.serdes.parquet.IonToParquet", () => {
  it("writes the rides of the seed's flow, and keeps their order", async () => {
    await using context = await aTaskContext();
    const from = await ridesIn(context, 120_000);
    // Small row groups, so that many could go astray.
    const given = { from, schema, datetimeFormat, rowGroupSize: 4_000_000 };
    const { uri, size } = await runTask(ionToParquet, given, context);
    assert.equal(size, 120_000);
    assert.match(uri, /rides\.parquet$/);
    assert.equal(isSlow(context), false);
    assert.deepEqual(
      await queryParquet(
        context,
        uri,
        "SELECT count(*) n, count(end_lat) ends, count(start_lat) starts FROM FILE",
      ),
      [{ n: "120000", ends: "90000", starts: "120000" }],
    );
    assert.deepEqual(
      await queryParquet(
        context,
        uri,
        "SELECT count(*) n FROM (SELECT ride_id > lag(ride_id) OVER (ORDER BY file_row_number) AS ok FROM FILE) WHERE NOT ok",
      ),
      [{ n: "0" }],
    );
    assert.deepEqual(await queryParquet(context, uri, "FROM FILE LIMIT 2 OFFSET 1"), [
      {
        ride_id: "7569BC890583FCD8",
        rideable_type: "classic_bike",
        started_at: "2024-09-06 08:38:01.123+00",
        ended_at: "2024-09-06 08:59:01.901+00",
        start_station_name: "Clark St & Elm St",
        start_station_id: "TA1307000039",
        end_station_name: "",
        end_station_id: "",
        start_lat: 41.902973,
        start_lng: -87.63128,
        end_lat: null,
        end_lng: null,
        member_casual: "member",
      },
      {
        ride_id: "7569BC890583FCD9",
        rideable_type: "electric_bike",
        started_at: "2024-09-06 08:38:02.123+00",
        ended_at: "2024-09-06 08:59:02.902+00",
        start_station_name: "Clark St & Elm St",
        start_station_id: "TA1307000039",
        end_station_name: 'Wells St, North "A"',
        end_station_id: "KA1503000044",
        start_lat: 41.902973,
        start_lng: -87.63128,
        end_lat: 41.89,
        end_lng: -87.63,
        member_casual: "member",
      },
    ]);
  });

  it("writes instants of milliseconds, as parquet-avro does", async () => {
    await using context = await aTaskContext();
    const { uri } = await runTask(
      ionToParquet,
      { from: await ridesIn(context, 5), schema, datetimeFormat },
      context,
    );
    const columns = await queryParquet(
      context,
      uri,
      "SELECT name, type, converted_type c, logical_type::VARCHAR l FROM parquet_schema(FILE) WHERE name IN ('started_at', 'end_lat', 'ride_id') ORDER BY 1",
    );
    assert.deepEqual(
      columns.map(({ name, type, c }) => [name, type, c]),
      [
        ["end_lat", "DOUBLE", null],
        ["ride_id", "BYTE_ARRAY", "UTF8"],
        ["started_at", "INT64", "TIMESTAMP_MILLIS"],
      ],
    );
    assert.match(String(columns[2]?.l), /isAdjustedToUTC=1, unit=TimeUnit\(MILLIS=MilliSeconds/);
  });

  it("makes the same file of Kestra's own Ion", async () => {
    await using context = await aTaskContext();
    const from = await ridesIn(context, 2000);
    const fast = await runTask(ionToParquet, { from, schema, datetimeFormat }, context);
    const rows = await queryParquet(context, fast.uri, "FROM FILE");
    assert.equal(isSlow(context), false);
    const slow = await runTask(
      ionToParquet,
      { from: await asKestraIon(context, from), schema, datetimeFormat },
      context,
    );
    assert.equal(isSlow(context), true);
    assert.deepEqual(await queryParquet(context, slow.uri, "FROM FILE"), rows);
  });

  it("fails at the first bad row, says which, and stores nothing", async () => {
    await using context = await aTaskContext();
    const text = ridesCsv(500).replace("2024-09-06 08:38:02.123", "2024-09-06 08:38");
    const { uri: from } = await runTask(
      csvToIon,
      { from: await context.give("rides.csv", Buffer.from(text)) },
      context,
    );
    const before = await context.filesLeft();
    await assert.rejects(
      runTask(ionToParquet, { from, schema, datetimeFormat }, context),
      (error: Error & { details?: unknown }) => {
        assert.match(
          error.message,
          /^Row 3, field started_at: "2024-09-06 08:38" is not a timestamp in the pattern yyyy-MM-dd HH:mm:ss\.SSS\. Text '2024-09-06 08:38' could not be parsed at index 16 on cols/,
        );
        assert.deepEqual(error.details, {
          field: "started_at",
          value: "2024-09-06 08:38",
          row: 3,
          pattern: datetimeFormat,
        });
        return true;
      },
    );
    assert.deepEqual(await context.filesLeft(), before);
  });

  it("gives the values that only the converter knows, for all rows", async () => {
    const fields = [
      { name: "d", type: { type: "int", logicalType: "date" } },
      { name: "x", type: "double" },
    ];
    // Java makes the 29th of the 30th of February, and reads a d behind a double.
    const { rows, lines } = await convertToParquet(
      fields,
      '{"d":"2024-01-31","x":"1"}\n{"d":"2024-02-30","x":"2d"}\n',
    );
    assert.deepEqual(rows, [
      { d: "2024-01-31", x: 1 },
      { d: "2024-02-29", x: 2 },
    ]);
    assert.match(lines.join(), /takes the slower way/);
  });

  const f = (type: unknown) => [{ name: "f", type }];
  it("puts the Avro schema into the metadata, times as they are written", async () => {
    const fields = [
      { name: "it's", type: "string" },
      { name: "t", type: { type: "int", logicalType: "time-millis" } },
    ].map((field) => ({ ...field, name: field.name.replace("'", "_"), doc: "it's" }));
    const { rows } = await convertToParquet(
      fields,
      '{it_s:"x",t:"01:02"}',
      {},
      "SELECT key::VARCHAR k, decode(value) v FROM parquet_kv_metadata(FILE)",
    );
    const [row] = rows.filter(({ k }) => k === "parquet.avro.schema");
    assert.deepEqual(JSON.parse(String(row?.v)).fields, [
      { name: "it_s", type: "string", doc: "it's" },
      { name: "t", type: { type: "long", logicalType: "time-micros" }, doc: "it's" },
    ]);
  });

  for (const codec of ["UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"]) {
    it(`compresses with ${codec}`, async () => {
      const { rows } = await convertToParquet(
        f("int"),
        '{"f":"1"}',
        { compressionCodec: codec },
        "SELECT DISTINCT compression FROM parquet_metadata(FILE)",
      );
      assert.deepEqual(rows, [{ compression: codec }]);
    });
  }

  it("compresses with GZIP by default", async () => {
    const { rows } = await convertToParquet(
      f("int"),
      '{"f":"1"}',
      {},
      "SELECT DISTINCT compression FROM parquet_metadata(FILE)",
    );
    assert.deepEqual(rows, [{ compression: "GZIP" }]);
  });

  it("makes row groups of about the size that is asked for", async () => {
    const ion = '{"f":"12345678"}\n'.repeat(20_000);
    const { rows } = await convertToParquet(
      f("long"),
      ion,
      { rowGroupSize: 17 * 5000 },
      "SELECT count(DISTINCT row_group_id) n FROM parquet_metadata(FILE)",
    );
    assert.ok(Number(rows[0]?.n) >= 3, JSON.stringify(rows));
  });

  it("takes the other options of Kestra", async () => {
    const given = { parquetVersion: "V1", pageSize: "1048576", dictionaryPageSize: 1000 };
    assert.equal((await convertToParquet(f("string"), '{"f":"x"}', given)).size, 1);
  });

  it("reads aliases, lists and rows by position as IonToAvro does", async () => {
    const fields = [{ name: "a", type: "string", aliases: ["b"] }];
    assert.deepEqual((await convertToParquet(fields, '{"b":"x"}\n{"a":null,"b":"y"}\n')).rows, [
      { a: "x" },
      { a: "y" },
    ]);
    assert.deepEqual((await convertToParquet(fields, '["x"]\n["y"]\n')).rows, [{ a: "x" }, { a: "y" }]);
    assert.deepEqual((await convertToParquet(fields, '{"a":"x"}\n{"col0":"y"}\n')).rows, [
      { a: "x" },
      { a: "y" },
    ]);
  });

  it("finds the schema in the data when none is given", async () => {
    await using context = await aTaskContext();
    const { uri } = await runTask(ionToParquet, { from: await ridesIn(context, 3) }, context);
    assert.equal(isSlow(context), false);
    const rows = await queryParquet(context, uri, "SELECT started_at, end_lat FROM FILE LIMIT 2");
    assert.deepEqual(rows, [
      { started_at: "2024-09-06 08:38:00.123", end_lat: "41.89" },
      { started_at: "2024-09-06 08:38:01.123", end_lat: null },
    ]);
  });

  it("leaves out rows with WARN, and makes fields null where they may be", async () => {
    const fields = [
      { name: "a", type: "int" },
      { name: "b", type: ["null", "int"] },
    ];
    const { rows, size, lines } = await convertToParquet(
      fields,
      '{"a":"x","b":"1"}\n{"a":"2","b":"x"}\n{"a":"3","b":"3"}\n',
      { onBadLines: "WARN" },
    );
    assert.equal(size, 2);
    assert.deepEqual(rows, [
      { a: 2, b: null },
      { a: 3, b: 3 },
    ]);
    assert.equal(lines.filter((line) => line.startsWith("WARN")).length, 2);
  });

  it("tells how far it is", async () => {
    await using context = await aTaskContext();
    await runTask(ionToParquet, { from: await ridesIn(context, 10), schema, datetimeFormat }, context);
    assert.ok(context.notes.some(({ note }) => note === "Writing Parquet"));
  });

  it("stops when it is killed, and stores nothing", async () => {
    const controller = new AbortController();
    await using context = await aTaskContext({ signal: controller.signal });
    const from = await ridesIn(context, 120_000);
    const before = await context.filesLeft();
    // DuckDB is at work as soon as its file is there.
    const watcher = watch(await context.tempDir(), (_, name) => {
      if (String(name).startsWith("rows.parquet") || String(name).includes("tmp_rows"))
        controller.abort(new Error("killed"));
    });
    try {
      await assert.rejects(runTask(ionToParquet, { from, schema, datetimeFormat }, context), /killed/);
    } finally {
      watcher.close();
    }
    assert.deepEqual(await context.filesLeft(), before);
  });
});
