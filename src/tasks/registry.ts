import { archiveCompress } from "./compress/archive-compress.ts";
import { archiveDecompress } from "./compress/archive-decompress.ts";
import { fileCompress } from "./compress/file-compress.ts";
import { fileDecompress } from "./compress/file-decompress.ts";
import { echo } from "./core/echo.ts";
import { assertConditions } from "./core/execution/assert.ts";
import { count } from "./core/execution/count.ts";
import { labels } from "./core/execution/labels.ts";
import { purgeExecutions } from "./core/execution/purge-executions.ts";
import { resume } from "./core/execution/resume.ts";
import { setVariables } from "./core/execution/set-variables.ts";
import { unsetVariables } from "./core/execution/unset-variables.ts";
import { exit } from "./core/exit.ts";
import { fail } from "./core/fail.ts";
import { merge } from "./core/for-each-item/merge.ts";
import { split } from "./core/for-each-item/split.ts";
import { localFiles } from "./core/local-files.ts";
import { fetchLogs } from "./core/log/fetch.ts";
import { purgeLogs } from "./core/log/purge-logs.ts";
import { log } from "./core/log.ts";
import { publish } from "./core/metric/publish.ts";
import { outputValues } from "./core/output-values.ts";
import { returnValue } from "./core/return.ts";
import { sleep } from "./core/sleep.ts";
import { concat } from "./core/storage/concat.ts";
import { deduplicateItems } from "./core/storage/deduplicate-items.ts";
import { deleteFile } from "./core/storage/delete.ts";
import { filterItems } from "./core/storage/filter-items.ts";
import { purgeCurrentExecutionFiles } from "./core/storage/purge-current-execution-files.ts";
import { reverse } from "./core/storage/reverse.ts";
import { size } from "./core/storage/size.ts";
import { splitFile } from "./core/storage/split.ts";
import { write } from "./core/storage/write.ts";
import { templatedTask } from "./core/templating/templated-task.ts";
import { download } from "./http/download.ts";
import { request } from "./http/request.ts";
import { avroToIon } from "./serdes/avro/avro-to-ion.ts";
import { inferAvroSchemaFromIon } from "./serdes/avro/infer-avro-schema.ts";
import { ionToAvro } from "./serdes/avro/ion-to-avro.ts";
import { csvToIon } from "./serdes/csv/csv-to-ion.ts";
import { ionToCsv } from "./serdes/csv/ion-to-csv.ts";
import { excelToIon } from "./serdes/excel/excel-to-ion.ts";
import { ionToExcel } from "./serdes/excel/ion-to-excel.ts";
import { ionToJson } from "./serdes/json/ion-to-json.ts";
import { jsonToIon } from "./serdes/json/json-to-ion.ts";
import { jsonToJsonl } from "./serdes/json/json-to-jsonl.ts";
import { htmlToMarkdown } from "./serdes/markdown/html-to-markdown.ts";
import { markdownToHtml } from "./serdes/markdown/markdown-to-html.ts";
import { markdownToText } from "./serdes/markdown/markdown-to-text.ts";
import { ionToParquet } from "./serdes/parquet/ion-to-parquet.ts";
import { parquetToIon } from "./serdes/parquet/parquet-to-ion.ts";
import { ionToXml } from "./serdes/xml/ion-to-xml.ts";
import { xmlToIon } from "./serdes/xml/xml-to-ion.ts";
import { ionToYaml } from "./serdes/yaml/ion-to-yaml.ts";
import { jsonToYaml } from "./serdes/yaml/json-to-yaml.ts";
import { yamlToIon } from "./serdes/yaml/yaml-to-ion.ts";
import { yamlToJson } from "./serdes/yaml/yaml-to-json.ts";
import type { TaskType } from "./task-type.ts";

const all: TaskType[] = [
  archiveCompress,
  archiveDecompress,
  avroToIon,
  assertConditions,
  concat,
  count,
  csvToIon,
  deduplicateItems,
  deleteFile,
  download,
  excelToIon,
  exit,
  fail,
  fileCompress,
  fileDecompress,
  htmlToMarkdown,
  inferAvroSchemaFromIon,
  echo,
  fetchLogs,
  filterItems,
  ionToAvro,
  ionToCsv,
  ionToExcel,
  ionToJson,
  ionToParquet,
  ionToXml,
  ionToYaml,
  jsonToIon,
  jsonToJsonl,
  jsonToYaml,
  labels,
  localFiles,
  log,
  markdownToHtml,
  markdownToText,
  merge,
  outputValues,
  parquetToIon,
  publish,
  purgeCurrentExecutionFiles,
  purgeExecutions,
  purgeLogs,
  request,
  resume,
  returnValue,
  reverse,
  setVariables,
  size,
  sleep,
  split,
  xmlToIon,
  yamlToIon,
  yamlToJson,
  splitFile,
  templatedTask,
  unsetVariables,
  write,
];

/** Every task type, by the name that flows use. Documentation, JSON Schema and a worker's job identifiers come from it. */
export const taskTypes: ReadonlyMap<string, TaskType> = new Map(all.map((type) => [type.type, type]));
