import { z } from "zod";
import { fileUri } from "../../property.ts";
import { defineTaskType, TaskError } from "../../task-type.ts";
import { type BadLineLog, badLineLog, onBadLines } from "../bad-lines.ts";
import { type Counter, convertedOutputs, convertFile, encoded } from "../convert-file.ts";
import { ionText } from "../ion/write-ion.ts";
import { recordReader } from "./avro-value.ts";
import { readAvroFile } from "./read-container.ts";

/** `io.kestra.plugin.serdes.avro.AvroToIon` */
export const avroToIon = defineTaskType({
  type: "io.kestra.plugin.serdes.avro.AvroToIon",
  title: "Convert Avro to Ion",
  description:
    "Writes the records of an Avro object container file as the rows of an Ion file, with the schema that the file " +
    "holds. Logical types become dates, times, timestamps and exact numbers. Every codec of Avro is read: " +
    "deflate, snappy, bzip2, xz and zstandard.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the Avro file." }),
    onBadLines: onBadLines().meta({
      description:
        "What becomes of a record with a value that is no value of its type, such as a date beyond the calendar: ERROR ends the task and stores nothing, WARN leaves the record out and says so in the logs, SKIP leaves it out. A damaged file is an error in any case.",
    }),
  }),
  outputs: convertedOutputs("Ion file"),
  isHeavy: true,
  examples: [{ title: "Read an Avro file", yaml: 'from: "{{ outputs.download.uri }}"' }],
  async run({ properties, context }) {
    const badLines = badLineLog(context.log, properties.onBadLines);
    const result = await convertFile(context, properties.from, "ion", (source, counter) =>
      encoded(rows(source, counter, properties.onBadLines === "ERROR" ? undefined : badLines)),
    );
    badLines.end();
    return result;
  },
});

async function* rows(
  source: AsyncIterable<Uint8Array>,
  counter: Counter,
  badLines: BadLineLog | undefined,
): AsyncGenerator<string> {
  const { schema, records } = await readAvroFile(source);
  const read = recordReader(schema);
  let number = 0;
  for await (const batch of records) {
    let text = "";
    for (const record of batch) {
      number++;
      try {
        text += `${ionText(read(record))}\n`;
        counter.records++;
      } catch (cause) {
        const problem = cause instanceof Error ? cause.message : String(cause);
        const message = `Bad Avro record encountered: record ${number}: ${problem}`;
        if (!badLines) throw new TaskError("avro_bad_record", message, { cause, details: { row: number } });
        badLines.warn(message);
      }
    }
    yield text;
  }
}
