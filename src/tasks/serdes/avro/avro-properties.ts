import { z } from "zod";
import { bool, fileUri, int, list, text } from "../../property.ts";
import { TaskError } from "../../task-type.ts";
import { onBadLines } from "../bad-lines.ts";
import { character } from "../character.ts";
import { parseAvroSchema } from "./avro-schema.ts";
import { isJavaPattern, isTimeZone } from "./read-time.ts";

/** The properties that IonToAvro and IonToParquet share. */
export function avroProperties() {
  return {
    from: fileUri().meta({ description: "The URI of the Ion file, or of a file of JSON lines." }),
    schema: schemaText().optional().meta({
      description: "The Avro schema of the rows, as JSON. Without it the schema is found in the data.",
    }),
    numberOfRowsToScan: int({ min: 1 }).default(100).meta({
      description: "How many rows are read to find the schema. With `inferAllFields` all of them are.",
    }),
    inferAllFields: bool().default(false).meta({
      description:
        "Whether all rows are read to find the schema, and the words for true, false and null count in every field that can hold them.",
    }),
    trueValues: list(text())
      .default(["t", "true", "enabled", "1", "on", "yes"])
      .meta({ description: "What counts as true, in upper or lower case." }),
    falseValues: list(text())
      .default(["f", "false", "disabled", "0", "off", "no", ""])
      .meta({ description: "What counts as false, in upper or lower case." }),
    nullValues: list(text())
      .default(NULL_VALUES)
      .meta({ description: "What counts as null in fields that may be null, in upper or lower case." }),
    dateFormat: pattern("yyyy-MM-dd[XXX]", "dates"),
    timeFormat: pattern("HH:mm[:ss][.SSSSSS][XXX]", "times"),
    datetimeFormat: pattern("yyyy-MM-dd'T'HH:mm[:ss][.SSSSSS][XXX]", "timestamps"),
    decimalSeparator: character()
      .default(".")
      .meta({ description: "The decimal point of numbers that are text." }),
    strictSchema: bool()
      .default(false)
      .meta({ description: "Whether a row with more fields than the schema is an error." }),
    timeZoneId: text()
      .refine(isTimeZone, "Expected a time zone such as UTC or Europe/Zurich")
      .default("UTC")
      .meta({
        description:
          "The time zone of timestamps that name none. UTC on every machine, as in Kestra's image.",
      }),
    onBadLines: onBadLines().meta({
      description:
        "What becomes of a value that does not fit: ERROR ends the task and stores nothing; WARN and SKIP make it null, or leave the row out where the schema allows no null. WARN says so in the logs.",
    }),
  };
}

const NULL_VALUES = [
  "",
  "#N/A",
  "#N/A N/A",
  "#NA",
  "-1.#IND",
  "-1.#QNAN",
  "-NaN",
  "1.#IND",
  "1.#QNAN",
  "NA",
  "n/a",
  "nan",
  "null",
];

function pattern(standard: string, what: string) {
  return text()
    .refine(isJavaPattern, "Expected a pattern of Java's DateTimeFormatter")
    .default(standard)
    .meta({ description: `The pattern of ${what} that are text, as in Java's DateTimeFormatter.` });
}

/** A schema is also taken as a map, which is what a template may give. */
function schemaText() {
  return z
    .union([z.string(), z.record(z.string(), z.unknown())], "Expected an Avro schema")
    .transform((given, issues) => {
      const schema = typeof given === "string" ? given : JSON.stringify(given);
      try {
        parseAvroSchema(schema);
      } catch (error) {
        if (!(error instanceof TaskError)) throw error;
        issues.addIssue({ code: "custom", message: error.message });
      }
      return schema;
    });
}
