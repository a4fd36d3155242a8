import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import avro from "avsc";
import { ionToAvro } from "../../../../src/tasks/serdes/avro/ion-to-avro.ts";
import { csvToIon } from "../../../../src/tasks/serdes/csv/csv-to-ion.ts";
import { aTaskContext, runTask, type TestContext } from "../../task-context.ts";
import { rideSchema, ridesCsv } from "../a-ride.ts";

async function ridesIn(context: TestContext, count: number): Promise<string> {
  const from = await context.give("rides.csv", Buffer.from(ridesCsv(count)));
  return (await runTask(csvToIon, { from }, context)).uri;
}

async function readAvro(context: TestContext, uri: string) {
  const path = join(await context.tempDir(), "read.avro");
  await writeFile(path, await context.take(uri));
  const records: Record<string, unknown>[] = [];
  let header: { meta: Record<string, Buffer> } | undefined;
  await new Promise((resolve, reject) => {
    avro
      .createFileDecoder(path, {
        parseHook: (schema: avro.Schema) => avro.Type.forSchema(schema, { registry: { long } }),
      })
      .on(
        "metadata",
        (_type: unknown, _codec: unknown, metadata: { meta: Record<string, Buffer> }) => (header = metadata),
      )
      .on("data", (record: Record<string, unknown>) => records.push({ ...record }))
      .on("end", resolve)
      .on("error", reject);
  });
  return { records, meta: header?.meta ?? {} };
}

/** Longs as numbers where they fit, else as bigint: avsc alone refuses large ones. */
const long = avro.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => {
    const value = buffer.readBigInt64LE();
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  },
  toBuffer: () => assert.fail("only read"),
  fromJSON: BigInt,
  toJSON: String,
  isValid: () => true,
  compare: () => 0,
});

const schema = JSON.stringify(rideSchema);

describe("io.kestra.plugin.serdes.avro.IonToAvro", () => {
  it("writes the rides of the seed's flow", async () => {
    await using context = await aTaskContext();
    const from = await ridesIn(context, 1000);
    const { uri, size } = await runTask(
      ionToAvro,
      { from, schema, datetimeFormat: "yyyy-MM-dd HH:mm:ss.SSS" },
      context,
    );
    const { records, meta } = await readAvro(context, uri);
    assert.equal(size, 1000);
    assert.equal(records.length, 1000);
    assert.match(uri, /rides\.avro$/);
    assert.equal(String(meta["avro.codec"]), "null");
    assert.deepEqual(JSON.parse(String(meta["avro.schema"])), rideSchema);
    assert.deepEqual(records[1], {
      ride_id: "7569BC890583FCD8",
      rideable_type: "classic_bike",
      started_at: Date.UTC(2024, 8, 6, 8, 38, 1, 123),
      ended_at: Date.UTC(2024, 8, 6, 8, 59, 1, 901),
      start_station_name: "Clark St & Elm St",
      start_station_id: "TA1307000039",
      end_station_name: "",
      end_station_id: "",
      start_lat: 41.902973,
      start_lng: -87.63128,
      end_lat: null,
      end_lng: null,
      member_casual: "member",
    });
    assert.equal(records[2]?.end_station_name, 'Wells St, North "A"');
    assert.equal(records[2]?.end_lat, 41.89);
  });

  it("fails as the seed's story tells, and stores nothing", async () => {
    await using context = await aTaskContext();
    const from = await ridesIn(context, 10);
    const before = await context.filesLeft();
    await assert.rejects(
      runTask(ionToAvro, { from, schema, datetimeFormat: "yy-MM-dd' 'HH:mm:ss" }, context),
      (error: Error & { details?: unknown }) => {
        assert.match(
          error.message,
          /^Row 1, field started_at: "2024-09-06 08:38:00\.123" is not a timestamp in the pattern yy-MM-dd' 'HH:mm:ss\. /,
        );
        assert.match(
          error.message,
          /Text '2024-09-06 08:38:00\.123' could not be parsed at index 2 on cols with data \["2024-09-06 08:38:00\.123"\] and schema \[\{"type":"long","logicalType":"timestamp-millis"\}\] on field 'started_at' with data \[\{"ride_id":"7569BC890583FCD7",.* \.\.\.\] with data \[\{.* \.\.\.\]$/,
        );
        assert.deepEqual(error.details, {
          field: "started_at",
          value: "2024-09-06 08:38:00.123",
          row: 1,
          pattern: "yy-MM-dd' 'HH:mm:ss",
        });
        return true;
      },
    );
    assert.deepEqual(await context.filesLeft(), before);
  });

  it("finds the schema in the data when none is given", async () => {
    await using context = await aTaskContext();
    const from = await ridesIn(context, 3);
    const { records } = await readAvro(context, (await runTask(ionToAvro, { from }, context)).uri);
    assert.equal(records[1]?.ride_id, "7569BC890583FCD8");
    assert.equal(records[1]?.end_lat, null);
  });

  it("writes every type so that others read it", async () => {
    await using context = await aTaskContext();
    const from = await context.give(
      "all.ion",
      Buffer.from(
        `{l:"-9223372036854775808",d:"-1.28",x:"0.5",f:"ab",b:true,e:"RED",a:["1"],m:{k:"v"},u:7,t:"x"}\n`,
      ),
    );
    const schema = {
      type: "record",
      name: "All",
      fields: [
        { name: "l", type: "long" },
        { name: "d", type: { type: "bytes", logicalType: "decimal", precision: 4, scale: 2 } },
        {
          name: "x",
          type: { type: "fixed", name: "Six", size: 3, logicalType: "decimal", precision: 6, scale: 1 },
        },
        { name: "f", type: { type: "fixed", name: "Two", size: 2 } },
        { name: "b", type: ["null", "boolean"] },
        { name: "e", type: { type: "enum", name: "Color", symbols: ["RED"] } },
        { name: "a", type: { type: "array", items: "float" } },
        { name: "m", type: { type: "map", values: "string" } },
        { name: "u", type: ["null", "string", "int"] },
        { name: "t", type: [{ type: "record", name: "P", fields: [] }, "string"] },
      ],
    };
    const { uri } = await runTask(ionToAvro, { from, schema }, context);
    const [record] = (await readAvro(context, uri)).records;
    assert.deepEqual(
      { ...record, m: { ...(record?.m as object) } },
      {
        l: -9223372036854775808n,
        d: Buffer.from([0x80]),
        x: Buffer.from([0, 0, 5]),
        f: Buffer.from("ab"),
        b: true,
        e: "RED",
        a: [1],
        m: { k: "v" },
        u: "7",
        t: "x",
      },
    );
  });

  it("leaves out rows that do not fit with WARN", async () => {
    await using context = await aTaskContext();
    const from = await context.give("a.ion", Buffer.from('{f:"1"}\n{f:"x"}\n'));
    const schema = { type: "record", name: "R", fields: [{ name: "f", type: "int" }] };
    const { uri, size } = await runTask(ionToAvro, { from, schema, onBadLines: "WARN" }, context);
    assert.equal(size, 1);
    assert.deepEqual((await readAvro(context, uri)).records, [{ f: 1 }]);
    assert.match(context.lines.join(), /Row 2, field f/);
  });

  const refused: [property: string, value: unknown, text: RegExp][] = [
    ["schema", "{", /Invalid Avro schema: it is no JSON: /],
    ["schema", "{}", /Invalid Avro schema: the schema has no `type`\./],
    ["schema", '{"type":"record","name":"R"}', /the record `R` needs `fields`, a list\./],
    ["schema", '{"type":"record","fields":[]}', /the schema is of type record and needs a `name`\./],
    [
      "schema",
      '{"type":"record","name":"R","fields":[{"type":"int"}]}',
      /field 1 of the record `R` has no `name`\./,
    ],
    [
      "schema",
      '{"type":"record","name":"R","fields":[{"name":"f"}]}',
      /field `f` of the record `R` has no `type`\./,
    ],
    [
      "schema",
      '{"type":"record","name":"R","fields":[{"name":"f","type":["null",{"type":"array"}]}]}',
      /type 2 of field `f` of the record `R` has no `items`\./,
    ],
    [
      "schema",
      '{"type":"record","name":"R","fields":[{"name":"f","type":"int"},{"name":"f","type":"int"}]}',
      /field `f` of the record `R` is there twice\./,
    ],
    [
      "schema",
      '{"type":"record","name":"R","fields":[{"name":"f","type":{"type":"enum","name":"E"}}]}',
      /the enum `E` needs `symbols`/,
    ],
    ["schema", '"string"', /Invalid Avro schema: it is of type string, and a file needs a record/],
    [
      "schema",
      '{"type":"record","name":"R","fields":[{"name":"f","type":"nix"}]}',
      /Invalid Avro schema: there is no type `nix`\./,
    ],
    ["datetimeFormat", "yyyy-bb", /pattern of Java/],
    ["timeZoneId", "Mars/Olympus", /Expected a time zone/],
    ["decimalSeparator", "..", /Expected one character/],
    ["numberOfRowsToScan", 0, /numberOfRowsToScan/],
  ];
  for (const [property, value, text] of refused) {
    it(`refuses ${property} ${JSON.stringify(value)}`, async () => {
      await using context = await aTaskContext();
      await assert.rejects(runTask(ionToAvro, { from: "kestra:///a", [property]: value }, context), text);
    });
  }

  it("stops when it is killed, and stores nothing", async () => {
    const controller = new AbortController();
    await using context = await aTaskContext({ signal: controller.signal });
    const from = await ridesIn(context, 100_000);
    const before = await context.filesLeft();
    const running = runTask(ionToAvro, { from, schema, datetimeFormat: "yyyy-MM-dd HH:mm:ss.SSS" }, context);
    setTimeout(() => controller.abort(new Error("killed")), 50);
    await assert.rejects(running, /killed/);
    assert.deepEqual(await context.filesLeft(), before);
  });
});
