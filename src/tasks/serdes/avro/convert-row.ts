import type { BadLineLog } from "../bad-lines.ts";
import type { IonRow } from "../ion/ion-rows.ts";
import type { AvroOptions } from "./avro-options.ts";
import { type AvroRecord, isNullable } from "./avro-schema.ts";
import { ConversionFailure, rowError, summaryOf } from "./conversion-failure.ts";
import { createConvert, type OnBadField, type WriteDecimal } from "./convert-value.ts";
import { isStruct, javaClass, shownJson } from "./java-text.ts";

/** Turns a row into a record of the schema; undefined when it is left out. */
export type ConvertRow = (row: IonRow) => Record<string, unknown> | undefined;

/**
 * Prepares the conversion of the rows of a file. With `onBadLines` ERROR the first bad value is an error; else it
 * becomes null, and where the schema allows no null there the row is left out.
 */
export function createConvertRow(
  schema: AvroRecord,
  options: AvroOptions,
  badLines: BadLineLog,
  writeDecimal: WriteDecimal,
): ConvertRow {
  const isStrict = options.onBadLines === "ERROR";
  let line = 0;
  let isLeftOut = false;
  const onBadField: OnBadField = (failure, field) => {
    if (isStrict) throw failure;
    if (!isNullable(field.type)) isLeftOut = true;
    const outcome = isLeftOut ? "The row is left out" : "It becomes null";
    badLines.warn(`${summaryOf(failure, line)} ${outcome}. ${failure.message}`);
  };
  const convert = createConvert(schema, options, { onBadField, writeDecimal });

  return (row) => {
    line = row.line;
    isLeftOut = false;
    try {
      if (options.strictSchema) checkWidth(row.value);
      const record = convert(namedFields(schema, row.value)) as Record<string, unknown>;
      return isLeftOut ? undefined : record;
    } catch (error) {
      if (!(error instanceof ConversionFailure)) throw error;
      if (isStrict) throw rowError(error, line, row.value);
      badLines.warn(`Row ${line} is left out. ${error.message}`);
      return undefined;
    }
  };

  function checkWidth(value: unknown) {
    const names = schema.fields.map(({ name }) => name);
    const values = Array.isArray(value) ? value : isStruct(value) ? Object.values(value) : [];
    if (values.length <= names.length || isWholeList(schema, value)) return;
    const failure = new ConversionFailure(
      `Data contains more fields than schema : on row with ${names.length} Fields [${shownJson(names)}], ` +
        `${values.length} Values [${shownJson(values)}] and Schema [${JSON.stringify(schema.json)}].`,
    );
    if (isStrict) throw failure;
    badLines.warn(`Row ${line} has fields that the schema has not. ${failure.message}`);
  }
}

/** A list, and a struct of which every name is `col` and a number, are taken by position. */
function namedFields(schema: AvroRecord, value: unknown): Record<string, unknown> {
  if (isWholeList(schema, value)) return { [schema.fields[0]?.name ?? ""]: value };
  if (Array.isArray(value)) return byPosition(schema, (index) => value[index]);
  if (!isStruct(value)) {
    throw new ConversionFailure(`Unable to convert row of type: class ${javaClass(value)}`);
  }
  if (!isPositional(value)) return value;
  const columns = new Map(Object.entries(value).map(([name, item]) => [Number(name.slice(3)), item]));
  return byPosition(schema, (index) => columns.get(index));
}

/** Whether the one field of the schema is a list, and the row is that list. */
function isWholeList(schema: AvroRecord, value: unknown): boolean {
  return Array.isArray(value) && schema.fields.length === 1 && schema.fields[0]?.type.kind === "array";
}

function byPosition(schema: AvroRecord, item: (index: number) => unknown): Record<string, unknown> {
  const row: Record<string, unknown> = Object.create(null);
  for (const [index, { name }] of schema.fields.entries()) row[name] = item(index) ?? null;
  return row;
}

function isPositional(value: Record<string, unknown>): boolean {
  for (const name in value) if (!POSITIONAL.test(name)) return false;
  return true;
}

/** The names that columns without a header have. */
export const POSITIONAL = /^col\d+$/;
