import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import { isSorted, setKey } from "../../../base/key-order.ts";
import { withProgress } from "../../byte-progress.ts";
import { fileUri } from "../../property.ts";
import { defineTaskType, TaskError } from "../../task-type.ts";
import { type AvroRecord, parseAvroSchema } from "../avro/avro-schema.ts";
import { type Counter, convertedOutputs, encoded, measureRecords } from "../convert-file.ts";
import { ionText } from "../ion/write-ion.ts";
import { storedName } from "../stored-name.ts";
import { type DuckDb, openDuckDb, sqlText } from "./duckdb.ts";
import { valueReader } from "./duckdb-value.ts";

/** `io.kestra.plugin.serdes.parquet.ParquetToIon` */
export const parquetToIon = defineTaskType({
  type: "io.kestra.plugin.serdes.parquet.ParquetToIon",
  title: "Convert Parquet to Ion",
  description:
    "Writes the rows of a Parquet file as the rows of an Ion file. Dates, times, timestamps and exact numbers stay what " +
    "they are. DuckDB reads the file, whatever it is compressed with, one row group after the other.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the Parquet file." }),
  }),
  outputs: convertedOutputs("Ion file"),
  isHeavy: true,
  examples: [{ title: "Read a Parquet file", yaml: 'from: "{{ outputs.download.uri }}"' }],
  async run({ properties, context }) {
    const { storage, signal, place } = context;
    const { name, size } = await storage.stat(properties.from);
    const path = join(await context.tempDir(), "read.parquet");
    try {
      const bytes = withProgress(storage.get(properties.from, signal), context, "Fetching", size);
      await pipeline(
        Readable.from(bytes, { objectMode: true }),
        createWriteStream(path, { flags: "wx", mode: 0o600 }),
        { signal },
      );
      await using db = await openDuckDb(context);
      const counter = { records: 0 };
      const file = { ...place, name: storedName(name, "ion") };
      const stored = await storage.put(file, encoded(rows(db, path, counter)), signal);
      measureRecords(context, counter.records);
      return { outputs: { uri: stored.uri, size: counter.records } };
    } finally {
      await rm(path, { force: true });
    }
  },
});

async function* rows(db: DuckDb, path: string, counter: Counter): AsyncGenerator<string> {
  const schema = await avroSchemaOf(db, path);
  const { columns, chunks } = await db.stream(`FROM read_parquet(${sqlText(path)})`).catch(notParquet);
  const fields = columns.map(({ name, type }) => ({
    name,
    read: valueReader(type, schema?.fields.find((field) => field.name === name)?.type),
  }));
  const set = fields.some(({ name }) => isSorted(name)) ? setKey : setPlain;
  try {
    for await (const chunk of chunks) {
      let text = "";
      for (const row of chunk) {
        const record: Record<string, unknown> = Object.create(null);
        for (const [index, { name, read }] of fields.entries()) set(record, name, read(row[index] ?? null));
        text += `${ionText(record)}\n`;
      }
      counter.records += chunk.length;
      yield text;
      await setImmediate();
    }
  } catch (error) {
    notParquet(error);
  }
}

function setPlain(record: Record<string, unknown>, name: string, value: unknown) {
  record[name] = value;
}

/** The Avro schema that some writers put beside the columns. One that we cannot read does not matter. */
async function avroSchemaOf(db: DuckDb, path: string): Promise<AvroRecord | undefined> {
  const query = `SELECT decode(value) AS schema FROM parquet_kv_metadata(${sqlText(path)})
    WHERE decode(key) IN ('parquet.avro.schema', 'avro.schema') LIMIT 1`;
  const [found] = await db.run(query).catch(notParquet);
  if (found === undefined) return undefined;
  try {
    return parseAvroSchema(String(found.schema));
  } catch {
    return undefined;
  }
}

/** DuckDB's words, without the path of a file that nobody knows. */
function notParquet(error: unknown): never {
  const isDuckDb = error instanceof Error && /^[A-Z][a-z]+(?: [A-Za-z]+)* Error: /.test(error.message);
  if (!isDuckDb) throw error;
  const problem = error.message.replace(/\s*'?\/\S*read\.parquet'?/g, " the file").replace(/[^.!?]$/, "$&.");
  throw new TaskError("parquet_invalid", `The file is not a Parquet file, or damaged: ${problem}`, {
    cause: error,
  });
}
