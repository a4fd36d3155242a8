import type { AvroOptions } from "../../../../src/tasks/serdes/avro/avro-options.ts";
import { type AvroRecord, parseAvroSchema } from "../../../../src/tasks/serdes/avro/avro-schema.ts";
import { ionToAvro } from "../../../../src/tasks/serdes/avro/ion-to-avro.ts";

/** A schema of one field `f`. */
export function schemaOf(type: unknown, field: Record<string, unknown> = {}): AvroRecord {
  return recordOf([{ name: "f", type, ...field }]);
}

/** A schema of some fields. */
export function recordOf(fields: unknown[]): AvroRecord {
  return parseAvroSchema(JSON.stringify({ type: "record", name: "R", fields }));
}

/** The properties of a task, by default as they are by default. */
export function avroOptions(given: Record<string, unknown> = {}): AvroOptions {
  return ionToAvro.properties.parse({ from: "kestra:///a", ...given });
}
