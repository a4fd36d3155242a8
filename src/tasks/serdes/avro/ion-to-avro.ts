import { z } from "zod";
import { withProgress } from "../../byte-progress.ts";
import { defineTaskType } from "../../task-type.ts";
import { badLineLog } from "../bad-lines.ts";
import { measureRecords } from "../convert-file.ts";
import { ionRows } from "../ion/ion-rows.ts";
import { storedName } from "../stored-name.ts";
import { avroContainer, decimalBytes } from "./avro-container.ts";
import { avroProperties } from "./avro-properties.ts";
import { avroRecords } from "./avro-records.ts";
import { parseAvroSchema } from "./avro-schema.ts";
import { createConvertRow } from "./convert-row.ts";
import { inferAvroSchema } from "./infer-schema.ts";

const properties = z.strictObject(avroProperties());

/** `io.kestra.plugin.serdes.avro.IonToAvro` */
export const ionToAvro = defineTaskType({
  type: "io.kestra.plugin.serdes.avro.IonToAvro",
  title: "Convert Ion to Avro",
  description:
    "Writes the records of an Ion file to an Avro object container file, without compression. Texts become numbers, " +
    "dates and whatever else the schema wants; the first that cannot ends the task, and then nothing is stored.",
  properties,
  outputs: z.object({
    uri: z.string().meta({ description: "The URI of the Avro file." }),
    size: z.int().meta({ description: "How many records it holds." }),
  }),
  isHeavy: true,
  examples: [
    { title: "Let the schema be found", yaml: 'from: "{{ outputs.convert.uri }}"' },
    {
      title: "Give the schema, and the pattern of timestamps",
      yaml: `from: "{{ outputs.convert.uri }}"
datetimeFormat: "yyyy-MM-dd HH:mm:ss[.SSS]"
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
    const { storage, signal, place } = context;
    const { name, size } = await storage.stat(properties.from);
    const source = () => storage.get(properties.from, signal);
    const schema = parseAvroSchema(
      properties.schema ??
        (await inferAvroSchema(ionRows(source()), properties, properties.numberOfRowsToScan)),
    );
    const badLines = badLineLog(context.log, properties.onBadLines);
    const convert = createConvertRow(schema, properties, badLines, decimalBytes);
    const counter = { records: 0 };
    const rows = avroRecords(withProgress(source(), context, "Converting to Avro", size), convert, counter);
    const file = { ...place, name: storedName(name, "avro") };
    const stored = await storage.put(file, avroContainer(schema, rows), signal);
    badLines.end();
    measureRecords(context, counter.records);
    return { outputs: { uri: stored.uri, size: counter.records } };
  },
});
