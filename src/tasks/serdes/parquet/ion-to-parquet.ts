import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { withProgress } from "../../byte-progress.ts";
import { fileBytes } from "../../files/file-bytes.ts";
import { int, oneOf } from "../../property.ts";
import { defineTaskType } from "../../task-type.ts";
import { avroProperties } from "../avro/avro-properties.ts";
import { parseAvroSchema } from "../avro/avro-schema.ts";
import { inferAvroSchema } from "../avro/infer-schema.ts";
import { measureRecords } from "../convert-file.ts";
import { ionRows } from "../ion/ion-rows.ts";
import { storedName } from "../stored-name.ts";
import { writeParquet } from "./write-parquet.ts";

const MEBIBYTE = 1024 * 1024;

const properties = z.strictObject({
  ...avroProperties(),
  compressionCodec: oneOf(["UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"])
    .default("GZIP")
    .meta({ description: "How pages are compressed." }),
  parquetVersion: oneOf(["V1", "V2"])
    .default("V2")
    .meta({ description: "The version of the format: V2 has more encodings." }),
  rowGroupSize: int({ min: 1 })
    .default(128 * MEBIBYTE)
    .meta({
      description: "How many bytes a row group should take. Memory sets an upper limit: 122,880 rows.",
    }),
  pageSize: int({ min: 1 })
    .default(MEBIBYTE)
    .meta({ description: "Taken and without effect: the writer chooses the size of pages." }),
  dictionaryPageSize: int({ min: 1 })
    .default(MEBIBYTE)
    .meta({ description: "How many bytes the dictionary of a column of texts may take." }),
});

/** `io.kestra.plugin.serdes.parquet.IonToParquet` */
export const ionToParquet = defineTaskType({
  type: "io.kestra.plugin.serdes.parquet.IonToParquet",
  title: "Convert Ion to Parquet",
  description:
    "Writes the records of an Ion file to a Parquet file, with the Avro schema in its metadata. Texts become numbers, " +
    "dates and whatever else the schema wants; the first that cannot ends the task, and then nothing is stored. " +
    "DuckDB does the work where plain texts become plain values, ten times as fast as the converter that does the " +
    "rest. All columns are optional in the Parquet schema, also those that the Avro schema requires.",
  properties,
  outputs: z.object({
    uri: z.string().meta({ description: "The URI of the Parquet file." }),
    size: z.int().meta({ description: "How many records it holds." }),
  }),
  isHeavy: true,
  examples: [
    { title: "Let the schema be found", yaml: 'from: "{{ outputs.convert.uri }}"\ncompressionCodec: ZSTD' },
    {
      title: "Give the schema, and the pattern of timestamps",
      yaml: `from: "{{ outputs.convert.uri }}"
datetimeFormat: "yyyy-MM-dd HH:mm:ss.SSS"
schema: |
  {
    "type": "record",
    "name": "Ride",
    "fields": [
      {"name": "ride_id", "type": "string"},
      {"name": "started_at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
      {"name": "end_lat", "type": ["null", "double"], "default": null}
    ]
  }`,
    },
  ],
  async run({ properties, context }) {
    const { storage, signal } = context;
    const { name, size } = await storage.stat(properties.from);
    const dir = await context.tempDir();
    const source = join(dir, "rows.ion");
    const target = join(dir, "rows.parquet");
    try {
      const bytes = withProgress(storage.get(properties.from, signal), context, "Fetching", size);
      await pipeline(
        Readable.from(bytes, { objectMode: true }),
        createWriteStream(source, { flags: "wx", mode: 0o600 }),
        { signal },
      );
      const schema = parseAvroSchema(
        properties.schema ??
          (await inferAvroSchema(ionRows(fileBytes(source)), properties, properties.numberOfRowsToScan)),
      );
      const records = await writeParquet({ source, target, schema }, properties, context);
      const place = { ...context.place, name: storedName(name, "parquet") };
      const stored = await storage.put(place, fileBytes(target), signal);
      measureRecords(context, records);
      return { outputs: { uri: stored.uri, size: records } };
    } finally {
      await Promise.all([rm(source, { force: true }), rm(target, { force: true })]);
    }
  },
});
