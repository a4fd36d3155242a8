import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { z } from "zod";
import { mapOf } from "../../../src/base/key-order.ts";
import { archiveCompress } from "../../../src/tasks/compress/archive-compress.ts";
import { archiveDecompress } from "../../../src/tasks/compress/archive-decompress.ts";
import { outputValues } from "../../../src/tasks/core/output-values.ts";
import { avroToIon } from "../../../src/tasks/serdes/avro/avro-to-ion.ts";
import { inferAvroSchemaFromIon } from "../../../src/tasks/serdes/avro/infer-avro-schema.ts";
import { ionToAvro } from "../../../src/tasks/serdes/avro/ion-to-avro.ts";
import { csvToIon } from "../../../src/tasks/serdes/csv/csv-to-ion.ts";
import { ionToCsv } from "../../../src/tasks/serdes/csv/ion-to-csv.ts";
import { excelToIon } from "../../../src/tasks/serdes/excel/excel-to-ion.ts";
import { ionToExcel } from "../../../src/tasks/serdes/excel/ion-to-excel.ts";
import { ionRows } from "../../../src/tasks/serdes/ion/ion-rows.ts";
import { ionText } from "../../../src/tasks/serdes/ion/write-ion.ts";
import { ionToJson } from "../../../src/tasks/serdes/json/ion-to-json.ts";
import { jsonToIon } from "../../../src/tasks/serdes/json/json-to-ion.ts";
import { jsonToJsonl } from "../../../src/tasks/serdes/json/json-to-jsonl.ts";
import { ionToParquet } from "../../../src/tasks/serdes/parquet/ion-to-parquet.ts";
import { parquetToIon } from "../../../src/tasks/serdes/parquet/parquet-to-ion.ts";
import { ionToXml } from "../../../src/tasks/serdes/xml/ion-to-xml.ts";
import { xmlToIon } from "../../../src/tasks/serdes/xml/xml-to-ion.ts";
import { ionToYaml } from "../../../src/tasks/serdes/yaml/ion-to-yaml.ts";
import { jsonToYaml } from "../../../src/tasks/serdes/yaml/json-to-yaml.ts";
import { yamlToIon } from "../../../src/tasks/serdes/yaml/yaml-to-ion.ts";
import { yamlToJson } from "../../../src/tasks/serdes/yaml/yaml-to-json.ts";
import { parseProperties, type TaskType } from "../../../src/tasks/task-type.ts";
import { aTaskContext, pieces, runTask, type TestContext } from "../task-context.ts";

type AnyTask = TaskType<z.ZodObject, z.ZodObject>;
type Step = [task: unknown, properties?: object];

/** What every object of JavaScript has already. */
const names = [
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "isPrototypeOf",
  "length",
  "name",
  "prototype",
  "toJSON",
  "toString",
  "valueOf",
  "__defineGetter__",
  "then",
];

const flat = mapOf(names.map((name, index) => [name, `v${index}`]));
const nested = mapOf([
  ["outer", flat],
  ...names.slice(0, 4).map((name): [string, unknown] => [name, mapOf([[name, "inner"]])]),
  ["list", [flat, mapOf([["__proto__", "x"]])]],
]);

async function through(ion: string, steps: readonly Step[]): Promise<string> {
  await using context = await aTaskContext();
  return (await context.take(await converted(context, await give(context, ion), steps))).toString();
}

const give = (context: TestContext, ion: string) => context.give("rows.ion", Buffer.from(ion));

async function converted(context: TestContext, from: string, steps: readonly Step[]): Promise<string> {
  let uri = from;
  for (const [task, properties] of steps) {
    const outputs = await runTask(task as AnyTask, { from: uri, ...properties }, context);
    uri = String(outputs.uri ?? Object.values(outputs.uris as Record<string, string>)[0]);
  }
  return uri;
}

/** Ion with its field names written alike: CSV quotes them. */
async function sameNames(ion: string): Promise<string> {
  const rows = (await Array.fromAsync(ionRows(pieces(ion)))).flat();
  return rows.map(({ value }) => `${ionText(value)}\n`).join("");
}

const rows = `${ionText(flat)}\n${ionText(flat)}\n`;

describe("names that JavaScript knows already", () => {
  const ways: Record<string, Step[]> = {
    CSV: [[ionToCsv], [csvToIon]],
    "JSON lines": [[ionToJson], [jsonToIon]],
    "a JSON document": [[ionToJson, { newLine: false }], [jsonToJsonl], [jsonToIon]],
    YAML: [[ionToYaml], [yamlToIon]],
    "YAML and JSON": [
      [ionToJson],
      [jsonToYaml, { jsonl: true }],
      [yamlToJson],
      [jsonToIon, { newLine: false }],
    ],
    Excel: [[ionToExcel], [excelToIon]],
  };
  for (const [what, steps] of Object.entries(ways)) {
    it(`are columns like any others in ${what}`, async () =>
      assert.equal(await sameNames(await through(rows, steps)), rows));
  }

  for (const [what, there, back] of [
    ["Avro", ionToAvro, avroToIon],
    ["Parquet", ionToParquet, parquetToIon],
  ]) {
    it(`are fields like any others in ${what}`, async () => {
      const fields = names.map((name) => ({ name, type: ["null", "string"] }));
      // Inside of a struct, Parquet has all but one.
      const within = what === "Parquet" ? fields.slice(1) : fields;
      const schema = JSON.stringify({
        type: "record",
        name: "Row",
        fields: [
          ...fields,
          { name: "inner", type: { type: "record", name: "Inner", fields: within } },
          { name: "map", type: { type: "map", values: "string" } },
        ],
      });
      const inner = mapOf(within.map(({ name }) => [name, flat[name]]));
      const row = `${ionText(mapOf([...Object.entries(flat), ["inner", inner], ["map", flat]]))}\n`;
      assert.equal(await through(row.repeat(2), [[there, { schema }], [back]]), row.repeat(2));
    });

    it(`are missing in ${what} where a row has none of them`, async () => {
      const fields = names.map((name) => ({ name, type: ["null", "string"], default: null }));
      const schema = JSON.stringify({ type: "record", name: "Row", fields });
      const empty = `${ionText(mapOf(names.map((name) => [name, null])))}\n`;
      const steps: Step[] = [[there, { schema, inferAllFields: true }], [back]];
      assert.equal(await through("{other:1}\n", steps), empty);
    });
  }

  it("are entries of archives, sheets and values", async () => {
    await using context = await aTaskContext();
    const run = async (type: TaskType, properties: Record<string, unknown>) =>
      (await type.run({ properties: parseProperties(type, properties), context })).outputs as Record<
        string,
        Record<string, unknown>
      >;
    const from = mapOf(
      await Promise.all(names.map(async (name) => [name, await give(context, "{a:1}")] as const)),
    );
    const zip = { algorithm: "ZIP" };
    const packed = await run(archiveCompress, { from, ...zip });
    const { files = {} } = await run(archiveDecompress, { from: packed.uri, ...zip });
    assert.deepEqual(Object.keys(files), names);
    const { uris = {} } = await run(excelToIon, { from: (await run(ionToExcel, { from })).uri });
    assert.deepEqual(Object.keys(uris), names);
    const { values = {} } = await run(outputValues, { values: flat });
    assert.deepEqual(Object.entries(values), Object.entries(flat));
  });

  it("are refused where they would be lost", async () => {
    const inner = { type: "record", name: "Inner", fields: [{ name: "__proto__", type: "string" }] };
    const schema = JSON.stringify({ type: "record", name: "Row", fields: [{ name: "a", type: inner }] });
    const row = `${ionText({ a: mapOf([["__proto__", "x"]]) })}\n`;
    await assert.rejects(through(row, [[ionToParquet, { schema }], [parquetToIon]]), {
      reason: "parquet_field_unreadable",
      message: /^The file has a struct with a field `__proto__`/,
    });
  });

  it("are found where a schema is inferred", async () => {
    await using context = await aTaskContext();
    const from = await give(context, rows);
    const { uri } = await runTask(inferAvroSchemaFromIon, { from }, context);
    const schema = (await context.take(uri)).toString();
    assert.deepEqual(
      JSON.parse(schema).fields.map(({ name }: { name: string }) => name),
      names,
    );
    const back = await converted(context, from, [[ionToAvro, { schema }], [avroToIon]]);
    assert.equal((await context.take(back)).toString(), rows);
  });

  it("are elements and attributes of XML", async () => {
    const text = await through(rows, [[ionToXml], [xmlToIon]]);
    for (const [name, value] of Object.entries(flat)) assert.ok(text.includes(`${name}:"${value}"`), text);
  });

  for (const what of ["JSON lines", "a JSON document", "YAML", "YAML and JSON"]) {
    it(`nest in ${what}`, async () => {
      const row = `${ionText(nested)}\n`;
      assert.equal(await through(row.repeat(2), ways[what] ?? []), row.repeat(2));
    });
  }
});
