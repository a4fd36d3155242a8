import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { z } from "zod";
import { keysOf } from "../../../src/base/key-order.ts";
import { csvToIon } from "../../../src/tasks/serdes/csv/csv-to-ion.ts";
import { ionToCsv } from "../../../src/tasks/serdes/csv/ion-to-csv.ts";
import { excelToIon } from "../../../src/tasks/serdes/excel/excel-to-ion.ts";
import { ionToExcel } from "../../../src/tasks/serdes/excel/ion-to-excel.ts";
import { ionToJson } from "../../../src/tasks/serdes/json/ion-to-json.ts";
import { jsonToIon } from "../../../src/tasks/serdes/json/json-to-ion.ts";
import { jsonToJsonl } from "../../../src/tasks/serdes/json/json-to-jsonl.ts";
import { openDuckDb } from "../../../src/tasks/serdes/parquet/duckdb.ts";
import { parquetToIon } from "../../../src/tasks/serdes/parquet/parquet-to-ion.ts";
import { ionToYaml } from "../../../src/tasks/serdes/yaml/ion-to-yaml.ts";
import { jsonToYaml } from "../../../src/tasks/serdes/yaml/json-to-yaml.ts";
import { yamlToIon } from "../../../src/tasks/serdes/yaml/yaml-to-ion.ts";
import { yamlToJson } from "../../../src/tasks/serdes/yaml/yaml-to-json.ts";
import type { TaskType } from "../../../src/tasks/task-type.ts";
import { aTaskContext, runTask } from "../task-context.ts";

type AnyTask = TaskType<z.ZodObject, z.ZodObject>;

/** A CSV file of one row, through tasks one after the other. */
async function through(names: string[], tasks: [task: unknown, properties?: object][]): Promise<string> {
  await using context = await aTaskContext();
  let uri = await context.give(
    "a.csv",
    Buffer.from(`${names.join(",")}\n${names.map(() => "x").join(",")}\n`),
  );
  for (const [task, properties] of tasks) {
    const outputs = await runTask(task as AnyTask, { from: uri, ...properties }, context);
    uri = String(outputs.uri ?? Object.values(outputs.uris as Record<string, string>)[0]);
  }
  return (await context.take(uri)).toString();
}

const ways: Record<string, [task: unknown, properties?: object][]> = {
  "CSV and Ion": [[csvToIon]],
  "JSON lines": [[csvToIon], [ionToJson], [jsonToIon]],
  "a JSON document": [[csvToIon], [ionToJson, { newLine: false }], [jsonToJsonl], [jsonToIon]],
  YAML: [[csvToIon], [ionToYaml], [yamlToIon]],
  "YAML and JSON": [
    [csvToIon],
    [ionToJson],
    [jsonToYaml, { jsonl: true }],
    [yamlToJson],
    [jsonToIon, { newLine: false }],
  ],
  Excel: [[csvToIon], [ionToExcel], [excelToIon]],
};

const name = fc.oneof(fc.nat({ max: 3_000 }).map(String), fc.stringMatching(/^[a-z][a-z0-9]{0,3}$/));
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 6 });

describe("the columns of a file", () => {
  for (const [what, tasks] of Object.entries(ways)) {
    it(`keep their order through ${what}, also those that are called like numbers`, () =>
      fc.assert(
        fc.asyncProperty(names, async (given) => {
          const [header] = (await through(given, [...tasks, [ionToCsv]])).split("\n");
          assert.equal(header, given.join(","));
        }),
        { numRuns: 15, examples: [[["name", "2024", "2023", "b"]]] },
      ));
  }

  it("keep their order within a record, and in lists", async () => {
    await using context = await aTaskContext();
    const row = '{"a":{"2":"x","1":[{"20":"y","10":"z"}]},"0":"w"}\n';
    const from = await context.give("a.ion", Buffer.from(`${row}[{"2":"x","1":"y"}]\n`));
    const { uri } = await runTask(ionToJson, { from }, context);
    assert.equal((await context.take(uri)).toString(), `${row}[{"2":"x","1":"y"}]\n`);
    const back = await runTask(jsonToIon, { from: uri }, context);
    assert.match(
      (await context.take(back.uri)).toString(),
      /^\{a:\{'2':"x",'1':\[\{'20':"y",'10':"z"\}\]\},'0':"w"\}/,
    );
  });

  it("keep their order when they come from a Parquet file", async () => {
    await using context = await aTaskContext();
    const path = `${await context.tempDir()}/a.parquet`;
    await using db = await openDuckDb(context);
    await db.run(`COPY (SELECT 'x' AS name, 1 AS "2024", 2 AS "2023") TO '${path}' (FORMAT parquet)`);
    const from = await context.give("a.parquet", await readFile(path));
    const { uri } = await runTask(parquetToIon, { from }, context);
    assert.equal((await context.take(uri)).toString(), `{name:"x",'2024':1,'2023':2}\n`);
  });

  it("keep the order of sheets", async () => {
    await using context = await aTaskContext();
    const uri = await context.give("a.ion", Buffer.from("{a:1}\n"));
    for (const from of [`{"b":"${uri}","2024":"${uri}","2023":"${uri}"}`]) {
      const workbook = await runTask(ionToExcel, { from }, context);
      const { uris } = await runTask(excelToIon, { from: workbook.uri }, context);
      assert.deepEqual(keysOf(uris), ["b", "2024", "2023"]);
    }
  });
});
