import { archiveDecompress } from "./compress/archive-decompress.ts";
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
import { ionToAvro } from "./serdes/avro/ion-to-avro.ts";
import { csvToIon } from "./serdes/csv/csv-to-ion.ts";
import { ionToParquet } from "./serdes/parquet/ion-to-parquet.ts";
import type { TaskType } from "./task-type.ts";

const all: TaskType[] = [
  archiveDecompress,
  assertConditions,
  concat,
  count,
  csvToIon,
  deduplicateItems,
  deleteFile,
  download,
  echo,
  exit,
  fail,
  fetchLogs,
  filterItems,
  ionToAvro,
  ionToParquet,
  labels,
  localFiles,
  log,
  merge,
  outputValues,
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
  splitFile,
  templatedTask,
  unsetVariables,
  write,
];

/** Every task type, by the name that flows use. Documentation, JSON Schema and a worker's job identifiers come from it. */
export const taskTypes: ReadonlyMap<string, TaskType> = new Map(all.map((type) => [type.type, type]));
