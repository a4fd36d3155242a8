import { z } from "zod";
import { bool, fileUri, oneOf, text } from "../../property.ts";
import { defineTaskType, unfit } from "../../task-type.ts";
import { isJavaPattern } from "../avro/read-time.ts";
import { character } from "../character.ts";
import { encoderOf, outputCharset } from "../charset/encode-text.ts";
import { convertedOutputs, convertFile, encoded, rowBatches } from "../convert-file.ts";
import { timeZoneId } from "../time-zone.ts";
import { cellWriter } from "./csv-values.ts";
import { csvLines } from "./csv-writer.ts";

const properties = z.strictObject({
  from: fileUri().meta({ description: "The URI of the Ion file, or of a file of JSON lines." }),
  header: bool().default(true).meta({
    description:
      "Whether the names of the first record become the first line. Rows that are lists have no names.",
  }),
  fieldSeparator: character().default(",").meta({ description: "The character between two fields." }),
  textDelimiter: character().default('"').meta({
    description: "The character around a field that needs it; within the field it is doubled.",
  }),
  lineDelimiter: text()
    .refine(
      (given) => ["\n", "\r\n", "\r"].includes(given),
      "Unknown line delimiter: expected a line feed, a carriage return, or both",
    )
    .default("\n")
    .meta({ description: "What ends each line, also the last." }),
  alwaysDelimitText: bool()
    .default(false)
    .meta({ description: "Deprecated: `true` is `quoteMode: ALWAYS`, where this is not given." }),
  quoteMode: oneOf(["ALWAYS", "REQUIRED", "NON_NUMERIC"]).optional().meta({
    description:
      "Which fields stand between text delimiters: ALWAYS all, REQUIRED those that could be misread otherwise (the default), NON_NUMERIC also those that are neither empty nor plain numbers.",
  }),
  charset: outputCharset(),
  dateFormat: pattern("yyyy-MM-dd", "dates"),
  timeFormat: pattern("HH:mm:ss[XXX]", "times"),
  dateTimeFormat: pattern("yyyy-MM-dd'T'HH:mm:ss.SSS[XXX]", "timestamps"),
  timeZoneId: timeZoneId(
    "The time zone in which timestamps that have a zone are written; others are in UTC.",
  ),
});

/** `io.kestra.plugin.serdes.csv.IonToCsv` */
export const ionToCsv = defineTaskType({
  type: "io.kestra.plugin.serdes.csv.IonToCsv",
  title: "Convert Ion to CSV",
  description:
    "Writes each row of an Ion file as a line. The names are those of the first record; the values of later records are " +
    "written in their own order. Null and empty text are both an empty field. Lists and maps within a record become text.",
  properties,
  outputs: convertedOutputs("CSV file"),
  isHeavy: true,
  examples: [
    { title: "Write a file for a spreadsheet", yaml: 'from: "{{ outputs.query.uri }}"\nfieldSeparator: ";"' },
    {
      title: "Quote all text, and write dates as people do",
      yaml: 'from: "{{ outputs.query.uri }}"\nquoteMode: NON_NUMERIC\ndateFormat: dd.MM.yyyy',
    },
  ],
  async run({ properties, context }) {
    if (properties.fieldSeparator === properties.textDelimiter) {
      throw unfit("`textDelimiter`: Expected another character than `fieldSeparator`");
    }
    const quoteMode = properties.quoteMode ?? (properties.alwaysDelimitText ? "ALWAYS" : "REQUIRED");
    const toText = cellWriter(properties);
    return convertFile(context, properties.from, "csv", (source, counter) => {
      const lines = csvLines(rowBatches(source), { ...properties, quoteMode }, toText, counter);
      return encoded(lines, encoderOf(properties.charset));
    });
  },
});

function pattern(standard: string, what: string) {
  return text()
    .refine(isJavaPattern, "Expected a pattern of Java's DateTimeFormatter")
    .default(standard)
    .meta({ description: `The pattern in which ${what} are written, as in Java's DateTimeFormatter.` });
}
