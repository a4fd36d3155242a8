import {
  DuckDBArrayType,
  type DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListType,
  type DuckDBListValue,
  DuckDBMapType,
  type DuckDBMapValue,
  DuckDBStructType,
  type DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeTZValue,
  DuckDBTimeValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from "@duckdb/node-api";
import { LocalDate, LocalTime } from "@js-joda/core";
import { TaskError } from "../../task-type.ts";
import type { AvroType } from "../avro/avro-schema.ts";
import { localOf, momentOf } from "../avro/avro-value.ts";
import { Decimal } from "../ion/ion-value.ts";
import { branchesOf } from "./column-type.ts";

/** Turns a value that DuckDB has read into one of `ion-value.ts`. */
export type FromDuckDb = (value: DuckDBValue) => unknown;

/**
 * Prepares the reading of a type. The Avro schema of the file, where there is one, tells which structs stand for
 * several branches of a union, of which one is not null.
 */
export function valueReader(type: DuckDBType, avro: AvroType | undefined): FromDuckDb {
  const read = presentReader(type, avro);
  return (value) => (value === null || value === undefined ? null : read(value));
}

function presentReader(type: DuckDBType, union: AvroType | undefined): FromDuckDb {
  const avro = withoutNull(union);
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) {
    const item = valueReader(type.valueType, avro?.kind === "array" ? avro.items : undefined);
    return (value) => (value as DuckDBListValue | DuckDBArrayValue).items.map(item);
  }
  if (type instanceof DuckDBMapType) {
    const item = valueReader(type.valueType, avro?.kind === "map" ? avro.values : undefined);
    return (value) =>
      struct((value as DuckDBMapValue).entries.map(({ key, value }) => [String(key), item(value)]));
  }
  if (type instanceof DuckDBStructType) return structReader(type, avro);
  const isFloating = type.typeId === DuckDBTypeId.DOUBLE || type.typeId === DuckDBTypeId.FLOAT;
  return (value) => plainValue(value, isFloating);
}

function structReader(type: DuckDBStructType, avro: AvroType | undefined): FromDuckDb {
  // DuckDB's library gives structs as plain objects, which lose it.
  if (type.entryNames.includes("__proto__")) {
    const message =
      "The file has a struct with a field `__proto__`, which cannot be read. Give the field another name.";
    throw new TaskError("parquet_field_unreadable", message);
  }
  const branches = avro?.kind === "union" ? branchesOf(avro) : undefined;
  const fields = type.entryNames.map((name, index) => ({
    name,
    read: valueReader(
      type.entryTypes[index] as DuckDBType,
      branches?.[index] ??
        (avro?.kind === "record" ? avro.fields.find((field) => field.name === name)?.type : undefined),
    ),
  }));
  if (branches) {
    return (value) => {
      const { entries } = value as DuckDBStructValue;
      const member = fields.find(({ name }) => entries[name] !== null);
      return member ? member.read(entries[member.name] as DuckDBValue) : null;
    };
  }
  return (value) => {
    const { entries } = value as DuckDBStructValue;
    return struct(fields.map(({ name, read }) => [name, read(entries[name] as DuckDBValue)]));
  };
}

/** A union of null and one other type is that type; DuckDB's columns may all be null. */
function withoutNull(type: AvroType | undefined): AvroType | undefined {
  if (type?.kind !== "union") return type;
  const branches = branchesOf(type);
  return branches.length === 1 ? branches[0] : type;
}

function struct(entries: [name: string, value: unknown][]): Record<string, unknown> {
  const made: Record<string, unknown> = Object.create(null);
  for (const [name, value] of entries) made[name] = value;
  return made;
}

const MICROS = 1_000_000n;

function plainValue(value: DuckDBValue, isFloating: boolean): unknown {
  if (typeof value === "number") return isFloating ? value : BigInt(value);
  if (typeof value !== "object") return value;
  if (value instanceof DuckDBDecimalValue) return new Decimal(value.value, value.scale);
  if (value instanceof DuckDBDateValue) return LocalDate.ofEpochDay(value.days);
  if (value instanceof DuckDBBlobValue) return value.bytes;
  if (value instanceof DuckDBTimestampTZValue) return momentOf(value.micros, MICROS);
  if (value instanceof DuckDBTimestampValue) return localOf(value.micros, MICROS);
  if (value instanceof DuckDBTimestampMillisecondsValue) return localOf(value.millis, 1000n);
  if (value instanceof DuckDBTimestampNanosecondsValue) return localOf(value.nanos, 1_000_000_000n);
  // A time that Parquet says is in UTC is one of day, too, to parquet-avro, which writes its times of microseconds so.
  if (value instanceof DuckDBTimeValue || value instanceof DuckDBTimeTZValue) {
    return LocalTime.ofNanoOfDay(Number(value.micros) * 1000);
  }
  // UUIDs, intervals and what else has a text.
  return String(value);
}
