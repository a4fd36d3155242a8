import { TaskError } from "../../task-type.ts";
import type { AvroRecord, AvroType } from "../avro/avro-schema.ts";
import { sameNameKey, sqlName } from "./duckdb.ts";

/** The type of DuckDB, and so of the Parquet file, that an Avro type becomes. `bytes` is the type of bytes. */
export function columnType(type: AvroType, bytes = "BLOB", within: AvroType[] = []): string {
  if (within.includes(type))
    throw cannotHold(`${"name" in type ? type.name : type.kind}, which contains itself`);
  const inner = (next: AvroType) => columnType(next, bytes, [...within, type]);
  switch (type.kind) {
    // Of a column that is always null the type does not matter, but it needs one.
    case "null":
    case "int":
      return "INTEGER";
    case "boolean":
      return "BOOLEAN";
    case "long":
      return "BIGINT";
    case "float":
      return "FLOAT";
    case "double":
      return "DOUBLE";
    case "bytes":
    case "fixed":
      return bytes;
    case "string":
    case "uuid":
    case "enum":
      return "VARCHAR";
    case "date":
      return "DATE";
    case "time-millis":
    case "time-micros":
      return "TIME";
    // Written as a local time; `markUtc` makes it an instant.
    case "timestamp-millis":
    case "local-timestamp-millis":
      return "TIMESTAMP_MS";
    case "timestamp-micros":
      return "TIMESTAMPTZ";
    case "local-timestamp-micros":
      return "TIMESTAMP";
    case "decimal":
      if (type.precision > 38) throw cannotHold(`a decimal of ${type.precision} digits; 38 are the most`);
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case "array":
      return `${inner(type.items)}[]`;
    case "map":
      return `MAP(VARCHAR, ${inner(type.values)})`;
    case "record":
      return structOf(type.fields.map(({ name, type }) => [name, inner(type)]));
    case "union":
      return unionType(type, inner);
  }
}

/** The branches of a union that are not null. */
export function branchesOf(union: Extract<AvroType, { kind: "union" }>): AvroType[] {
  return union.branches.filter(({ kind }) => kind !== "null");
}

/** As parquet-avro does: one branch is just nullable; several become a struct of `member0`, `member1` and so on. */
function unionType(union: Extract<AvroType, { kind: "union" }>, inner: (type: AvroType) => string): string {
  const branches = branchesOf(union);
  const [only] = branches;
  if (!only) return "INTEGER";
  return branches.length === 1
    ? inner(only)
    : structOf(branches.map((branch, index) => [`member${index}`, inner(branch)]));
}

function structOf(fields: [name: string, type: string][]): string {
  if (fields.length === 0) throw cannotHold("a record without fields");
  refuseCollisions(fields.map(([name]) => name));
  return `STRUCT(${fields.map(([name, type]) => `${sqlName(name)} ${type}`).join(", ")})`;
}

/** DuckDB takes no two columns whose names differ only in upper and lower case, of ASCII. */
export function refuseCollisions(names: string[]) {
  const seen = new Map<string, string>();
  for (const name of names) {
    const other = seen.get(sameNameKey(name));
    if (other !== undefined)
      throw cannotHold(`both ${other} and ${name}: upper and lower case do not differ there`);
    seen.set(sameNameKey(name), name);
  }
}

/** Whether each timestamp of milliseconds in the file is an instant, in the order of the columns. */
export function millisTimestamps(schema: AvroRecord): boolean[] {
  const found: boolean[] = [];
  const visit = (type: AvroType): void => {
    if (type.kind === "timestamp-millis") found.push(true);
    else if (type.kind === "local-timestamp-millis") found.push(false);
    else if (type.kind === "array") visit(type.items);
    else if (type.kind === "map") visit(type.values);
    else if (type.kind === "record") for (const field of type.fields) visit(field.type);
    else if (type.kind === "union") for (const branch of branchesOf(type)) visit(branch);
  };
  visit(schema);
  return found;
}

function cannotHold(what: string): TaskError {
  return new TaskError("schema_not_for_parquet", `A Parquet file cannot hold ${what}.`);
}
