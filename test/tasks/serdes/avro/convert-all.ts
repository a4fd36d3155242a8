import assert from "node:assert/strict";
import type { AvroRecord } from "../../../../src/tasks/serdes/avro/avro-schema.ts";
import { createConvertRow } from "../../../../src/tasks/serdes/avro/convert-row.ts";
import { badLineLog } from "../../../../src/tasks/serdes/bad-lines.ts";
import { ionRows } from "../../../../src/tasks/serdes/ion/ion-rows.ts";
import type { TaskError } from "../../../../src/tasks/task-type.ts";
import { aTaskContext, pieces } from "../../task-context.ts";
import { avroOptions, schemaOf } from "./an-avro-schema.ts";

/** Converts the rows of an Ion text, and gives what was logged. */
export async function convertAll(schema: AvroRecord, ion: string, given: Record<string, unknown> = {}) {
  await using context = await aTaskContext();
  const options = avroOptions(given);
  const convert = createConvertRow(schema, options, badLineLog(context.log, options.onBadLines), String);
  const rows = (await Array.fromAsync(ionRows(pieces(ion)))).flat();
  return { records: rows.map((row) => convert(row)), lines: context.lines };
}

/** What a value of Ion becomes in a field of a type. */
export async function convert(
  type: unknown,
  ion: string,
  given: Record<string, unknown> = {},
): Promise<unknown> {
  const { records } = await convertAll(schemaOf(type), `{f:${ion}}`, given);
  return records[0]?.f;
}

/** The error for a value of Ion that does not become what the type wants. */
export async function failure(
  type: unknown,
  ion: string,
  given: Record<string, unknown> = {},
): Promise<TaskError> {
  let error: unknown;
  await convert(type, ion, given).catch((thrown) => (error = thrown));
  assert.ok(error instanceof Error, "it did not fail");
  return error as TaskError;
}
