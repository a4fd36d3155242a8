import { createWriteStream } from "node:fs";
import { open, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { fileBytes } from "../../files/file-bytes.ts";
import type { TaskContext } from "../../task-type.ts";
import type { AvroOptions } from "../avro/avro-options.ts";
import { avroRecords } from "../avro/avro-records.ts";
import type { AvroRecord } from "../avro/avro-schema.ts";
import { createConvertRow } from "../avro/convert-row.ts";
import { badLineLog } from "../bad-lines.ts";
import { columnType, millisTimestamps, refuseCollisions } from "./column-type.ts";
import { type DuckDb, openDuckDb, sqlName, sqlText } from "./duckdb.ts";
import { markUtc } from "./mark-utc.ts";
import { createRowJson, decimalText } from "./parquet-json.ts";
import { sqlConversion } from "./sql-columns.ts";

/** The properties that say how a Parquet file is written. */
export interface ParquetOptions {
  compressionCodec: "UNCOMPRESSED" | "SNAPPY" | "GZIP" | "ZSTD";
  parquetVersion: "V1" | "V2";
  rowGroupSize: number;
  dictionaryPageSize: number;
}

/** A file of Ion, and what becomes of it. */
export interface ParquetJob {
  source: string;
  target: string;
  schema: AvroRecord;
}

/**
 * Writes a Parquet file and gives the number of its rows. First DuckDB tries to do it all; if a single value is not
 * plain, the converter goes over all rows, gives the error or the values, and DuckDB writes what it made.
 */
export async function writeParquet(
  job: ParquetJob,
  options: AvroOptions & ParquetOptions,
  context: TaskContext,
): Promise<number> {
  refuseCollisions(job.schema.fields.map(({ name }) => name));
  columnType(job.schema);
  await using db = await openDuckDb(context);
  const records =
    (await writeInSql(db, job, options, context)) ?? (await writeConverted(db, job, options, context));
  await markUtc(job.target, millisTimestamps(job.schema));
  return records;
}

async function writeInSql(
  db: DuckDb,
  job: ParquetJob,
  options: AvroOptions & ParquetOptions,
  context: TaskContext,
): Promise<number | undefined> {
  const { source, schema } = job;
  const query = sqlConversion(schema, options, (columns) => readJson(source, columns));
  if (query === undefined) return undefined;
  try {
    return await copy(db, query, job, options);
  } catch (error) {
    context.signal.throwIfAborted();
    // Whatever the reason, the converter finds it again and has better words for it.
    context.log.debug(`The file takes the slower way: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

async function writeConverted(
  db: DuckDb,
  job: ParquetJob,
  options: AvroOptions & ParquetOptions,
  context: TaskContext,
): Promise<number> {
  const { source, target, schema } = job;
  const converted = `${target}.json`;
  const badLines = badLineLog(context.log, options.onBadLines);
  const convert = createConvertRow(schema, options, badLines, decimalText);
  const toJson = createRowJson(schema);
  let longest = 0;
  try {
    const rows = avroRecords(fileBytes(source), convert, { records: 0 });
    const lines = async function* () {
      for await (const batch of rows) {
        const made = batch.map(toJson);
        for (const line of made) longest = Math.max(longest, line.length);
        yield made.join("");
      }
    };
    await pipeline(lines, createWriteStream(converted, { mode: 0o600 }), { signal: context.signal });
    badLines.end();
    // A character takes at most three bytes.
    const longestLine = Math.max(LONGEST_LINE, 3 * longest);
    // JSON has no bytes; a text with escapes becomes some by a cast.
    const types = schema.fields.map(({ type }) => columnType(type, "VARCHAR"));
    const columns = `{${types.map((type, index) => `'c${index}': ${sqlText(type)}`).join(", ")}}`;
    const names = schema.fields.map(
      ({ name, type }, index) => `c${index}::${columnType(type)} AS ${sqlName(name)}`,
    );
    const query = `SELECT ${names.join(", ")} FROM ${readJson(converted, columns, longestLine)}`;
    return await copy(db, query, job, options);
  } finally {
    await rm(converted, { force: true });
  }
}

// DuckDB reserves twice this for each thread; a file with longer lines goes the slower way.
const LONGEST_LINE = 4 * 1024 * 1024;

function readJson(path: string, columns: string, longestLine = LONGEST_LINE): string {
  return `read_json(${sqlText(path)}, format = 'newline_delimited', records = true, columns = ${columns}, maximum_object_size = ${longestLine})`;
}

async function copy(
  db: DuckDb,
  query: string,
  { source, target, schema }: ParquetJob,
  options: ParquetOptions,
): Promise<number> {
  const settings = [
    "FORMAT parquet",
    `COMPRESSION ${options.compressionCodec.toLowerCase()}`,
    `PARQUET_VERSION ${options.parquetVersion}`,
    `ROW_GROUP_SIZE ${await rowsPerGroup(options.rowGroupSize, source)}`,
    `STRING_DICTIONARY_PAGE_SIZE_LIMIT ${options.dictionaryPageSize}`,
    `KV_METADATA {'parquet.avro.schema': ${sqlText(JSON.stringify(schemaAsWritten(schema.json)))}}`,
  ];
  const [result] = await db.runLong(
    `COPY (${query}) TO ${sqlText(target)} (${settings.join(", ")})`,
    "Writing Parquet",
  );
  return Number(result?.Count ?? 0);
}

// DuckDB's own size: each of its threads holds one group in memory.
const MOST_ROWS = 122_880;
const FEWEST_ROWS = 2048;

/** How many rows make about so many bytes, judged by the first lines of the source. */
async function rowsPerGroup(bytes: number, source: string): Promise<number> {
  await using file = await open(source);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(64 * 1024));
  const lines = Math.max(1, buffer.toString("latin1", 0, bytesRead).split("\n").length - 1);
  const rows = Math.floor((bytes * lines) / Math.max(1, bytesRead));
  return Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, rows));
}

/** The Avro schema that goes with the columns: times of day are written in microseconds. */
function schemaAsWritten(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(schemaAsWritten);
  if (typeof json !== "object" || json === null) return json;
  const node = Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, key === "default" ? value : schemaAsWritten(value)]),
  );
  const isMillis = node.logicalType === "time-millis" && node.type === "int";
  return isMillis ? { ...node, type: "long", logicalType: "time-micros" } : node;
}
