import { z } from "zod";
import { bool, fileUri } from "../../property.ts";
import { defineTaskType } from "../../task-type.ts";
import { encoderOf, outputCharset } from "../charset/encode-text.ts";
import { type Counter, convertedOutputs, convertFile, encoded, rowBatches } from "../convert-file.ts";
import { timeZoneId } from "../time-zone.ts";
import { jsonWriter } from "./json-value.ts";

/** `io.kestra.plugin.serdes.json.IonToJson` */
export const ionToJson = defineTaskType({
  type: "io.kestra.plugin.serdes.json.IonToJson",
  title: "Convert Ion to JSON",
  description:
    "Writes the rows of an Ion file as JSON lines, or as one JSON document. Entries of maps that are null are left out; " +
    "dates and times become ISO text, bytes base64, and exact numbers keep their digits.",
  properties: z.strictObject({
    from: fileUri().meta({ description: "The URI of the Ion file." }),
    newLine: bool().default(true).meta({
      description:
        "Whether each row becomes a line (`.jsonl`). Otherwise one row becomes the document, and several become a list.",
    }),
    charset: outputCharset(),
    timeZoneId: timeZoneId(
      "The time zone in which dates with times and a zone are written, and beside annotations that are kept Ion's timestamps, too.",
    ),
    shouldKeepAnnotations: bool().default(false).meta({
      description:
        'Whether an annotated text becomes `{"ion_annotations": ["…"], "value": "…"}`, and nulls are kept.',
    }),
  }),
  outputs: convertedOutputs("JSON file"),
  isHeavy: true,
  examples: [
    { title: "Write JSON lines", yaml: 'from: "{{ outputs.query.uri }}"' },
    { title: "Write one document", yaml: 'from: "{{ outputs.query.uri }}"\nnewLine: false' },
  ],
  async run({ properties, context }) {
    const { newLine, shouldKeepAnnotations } = properties;
    // As in Kestra, which names the zone, too.
    const isMoved = shouldKeepAnnotations && properties.timeZoneId !== "UTC";
    const toJson = jsonWriter(properties.timeZoneId, shouldKeepAnnotations, isMoved);
    return convertFile(context, properties.from, newLine ? "jsonl" : "json", (source, counter) => {
      const rows = jsonRows(rowBatches(source, shouldKeepAnnotations), toJson, counter);
      return encoded(newLine ? jsonLines(rows) : jsonDocument(rows), encoderOf(properties.charset));
    });
  },
});

async function* jsonRows(
  batches: ReturnType<typeof rowBatches>,
  toJson: (value: unknown) => string,
  counter: Counter,
): AsyncGenerator<string[]> {
  for await (const rows of batches) {
    counter.records += rows.length;
    yield rows.map(({ value }) => toJson(value));
  }
}

async function* jsonLines(batches: AsyncIterable<string[]>): AsyncGenerator<string> {
  for await (const rows of batches) yield rows.map((row) => `${row}\n`).join("");
}

/** Whether there is a second row is known when it comes, so the first waits for it. */
async function* jsonDocument(batches: AsyncIterable<string[]>): AsyncGenerator<string> {
  let first: string | undefined;
  let isList = false;
  for await (const rows of batches) {
    for (const row of rows) {
      if (isList) yield `,${row}`;
      else if (first === undefined) first = row;
      else {
        isList = true;
        yield `[${first},${row}`;
      }
    }
  }
  if (isList) yield "]";
  else if (first !== undefined) yield first;
}
