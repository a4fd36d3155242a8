import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { z } from "zod";
import { avroToIon } from "../../../src/tasks/serdes/avro/avro-to-ion.ts";
import { ionToAvro } from "../../../src/tasks/serdes/avro/ion-to-avro.ts";
import { csvToIon } from "../../../src/tasks/serdes/csv/csv-to-ion.ts";
import { ionToCsv } from "../../../src/tasks/serdes/csv/ion-to-csv.ts";
import { excelToIon } from "../../../src/tasks/serdes/excel/excel-to-ion.ts";
import { ionToExcel } from "../../../src/tasks/serdes/excel/ion-to-excel.ts";
import { ionToJson } from "../../../src/tasks/serdes/json/ion-to-json.ts";
import { jsonToIon } from "../../../src/tasks/serdes/json/json-to-ion.ts";
import { jsonToJsonl } from "../../../src/tasks/serdes/json/json-to-jsonl.ts";
import { htmlToMarkdown } from "../../../src/tasks/serdes/markdown/html-to-markdown.ts";
import { markdownToHtml } from "../../../src/tasks/serdes/markdown/markdown-to-html.ts";
import { markdownToText } from "../../../src/tasks/serdes/markdown/markdown-to-text.ts";
import { ionToParquet } from "../../../src/tasks/serdes/parquet/ion-to-parquet.ts";
import { parquetToIon } from "../../../src/tasks/serdes/parquet/parquet-to-ion.ts";
import { ionToXml } from "../../../src/tasks/serdes/xml/ion-to-xml.ts";
import { xmlToIon } from "../../../src/tasks/serdes/xml/xml-to-ion.ts";
import { ionToYaml } from "../../../src/tasks/serdes/yaml/ion-to-yaml.ts";
import { jsonToYaml } from "../../../src/tasks/serdes/yaml/json-to-yaml.ts";
import { yamlToIon } from "../../../src/tasks/serdes/yaml/yaml-to-ion.ts";
import { yamlToJson } from "../../../src/tasks/serdes/yaml/yaml-to-json.ts";
import type { Metric, TaskType } from "../../../src/tasks/task-type.ts";
import { aTaskContext, runTask } from "../task-context.ts";

type AnyTask = TaskType<z.ZodObject, z.ZodObject>;

/** The metrics of the last of some tasks, each given what the one before it stored. */
async function metricsOf(content: string, tasks: readonly (readonly [task: unknown, properties?: object])[]) {
  await using context = await aTaskContext();
  let from: unknown = await context.give("data.txt", Buffer.from(content));
  for (const [task, properties] of tasks) {
    context.metrics.length = 0;
    from = (await runTask(task as AnyTask, { from, ...properties }, context)).uri;
  }
  return context.metrics;
}

const counter = (name: string, value: number): Metric[] => [{ type: "COUNTER", name, value }];
const rows = '{a:"x"}\n{a:"y"}\n{a:"z"}\n';

describe("the metrics of a conversion", () => {
  for (const [what, content, ...tasks] of [
    ["CsvToIon", "a\nx\ny\nz\n", [csvToIon]],
    ["IonToCsv", rows, [ionToCsv]],
    ["IonToJson", rows, [ionToJson]],
    ["IonToJson, of one document", rows, [ionToJson, { newLine: false }]],
    ["JsonToIon", "[1,2,3]", [jsonToIon, { newLine: false }]],
    ["JsonToJsonl", "[1,2,3]", [jsonToJsonl]],
    ["IonToAvro", rows, [ionToAvro]],
    ["AvroToIon", rows, [ionToAvro], [avroToIon]],
    ["IonToParquet", rows, [ionToParquet]],
    ["ParquetToIon", rows, [ionToParquet], [parquetToIon]],
    ["IonToExcel", rows, [ionToExcel]],
    ["IonToXml", rows, [ionToXml]],
    ["XmlToIon", rows, [ionToXml], [xmlToIon]],
    ["XmlToIon, with a query", rows, [ionToXml], [xmlToIon, { query: "/items/item" }]],
    ["IonToYaml", rows, [ionToYaml]],
    ["YamlToIon", "[1, 2, 3]", [yamlToIon]],
    ["JsonToYaml", "1\n2\n3\n", [jsonToYaml, { jsonl: true }]],
    ["YamlToJson", "--- 1\n--- 2\n--- 3\n", [yamlToJson]],
    ["YamlToJson, of a list", "[1, 2, 3]", [yamlToJson]],
    ["YamlToJson, of lines", "[1, 2, 3]", [yamlToJson, { jsonl: true }]],
  ] as const)
    it(`are its records: ${what}`, async () =>
      assert.deepEqual(await metricsOf(content, tasks), counter("records", 3)));

  it("are the sheets of a workbook that is read, whichever are asked for", async () => {
    for (const sheetsTitle of [["Sheet"], ["Other"]])
      assert.deepEqual(
        await metricsOf(rows, [[ionToExcel], [excelToIon, { sheetsTitle }]]),
        counter("sheets", 1),
      );
  });

  for (const [what, content, task, length] of [
    ["MarkdownToHtml", "é", markdownToHtml, "<p>é</p>\n".length],
    ["MarkdownToText", "*é*", markdownToText, "é".length],
    ["HtmlToMarkdown", "<h1>é</h1>", htmlToMarkdown, "# é\n".length],
  ] as const)
    it(`are the length of a document: ${what}`, async () =>
      assert.deepEqual(await metricsOf(content, [[task]]), counter("bytes", length)));
});
