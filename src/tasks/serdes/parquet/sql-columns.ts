import type { AvroOptions } from "../avro/avro-options.ts";
import type { AvroField, AvroRecord, AvroType } from "../avro/avro-schema.ts";
import { POSITIONAL } from "../avro/convert-row.ts";
import { branchesOf, columnType } from "./column-type.ts";
import { type DateShape, dateShapes } from "./date-shapes.ts";
import { sameNameKey, sqlName, sqlText } from "./duckdb.ts";

/**
 * Says the conversion of a whole file of JSON lines in SQL, where that is possible: plain types, or unions of one with
 * null. Values that are strings or null are converted, and only those of which it is certain what Java makes of them.
 * Where it is not, the query fails, and `convert-value.ts` has the last word.
 *
 * It has three layers, so that no expression is worked out twice: the texts `t0`, `t1`, …; the values `v0`, `v1`, …,
 * null where they are not certain; and the columns.
 */
export function sqlConversion(
  schema: AvroRecord,
  options: AvroOptions,
  readJson: (columns: string) => string,
): string | undefined {
  const names = schema.fields.flatMap(({ name, aliases }) => [name, ...aliases]);
  const differ = new Set(names.map(sameNameKey)).size === names.length;
  // Rows by position, extra fields, and words for booleans in fields of text are left to the converter.
  if (!differ || names.length === 0 || names.some((name) => POSITIONAL.test(name))) return undefined;
  if (options.strictSchema || options.inferAllFields) return undefined;

  const cells: Cell[] = [];
  for (const [index, { type }] of schema.fields.entries()) {
    const cell = cellOf(type, `t${index}`, options);
    if (cell === undefined) return undefined;
    cells.push(cell);
  }
  const columns = `{${names.map((name) => `${sqlText(name)}: 'JSON'`).join(", ")}}`;
  const texts = schema.fields.map((field, index) => `${textOf(field)} AS t${index}`);
  const values = cells.map(({ value }, index) => `t${index}, ${value} AS v${index}`);
  const results = schema.fields.map(
    ({ name, type }, index) =>
      `${resultOf(cells[index] as Cell, columnType(type), index)} AS ${sqlName(name)}`,
  );
  // A row that has none of the names may be one of `col0`, `col1` and so on.
  const hasAny = `coalesce(${names.map(sqlName).join(", ")}) IS NOT NULL`;
  return `SELECT ${results.join(",\n")}
FROM (SELECT is_ours, ${values.join(",\n")}
FROM (SELECT ${hasAny} AS is_ours, ${texts.join(",\n")}
FROM ${readJson(columns)}))`;
}

const FAIL = "error('This value is left to the converter')";

/** A value converted from its text. */
interface Cell {
  /** Null where it is not certain, and where it is null. */
  value: string;
  /** Whether it is certain that it is null. */
  isNull: string;
}

/** The text of a string, null for null; anything else is not for SQL. JSON starts with a quote only for a string. */
function textOf({ name, aliases }: AvroField): string {
  const raw = [name, ...aliases].map(sqlName);
  const one = raw.length === 1 ? (raw[0] as string) : `coalesce(${raw.join(", ")})`;
  const isText = `${one} IS NULL OR starts_with(${one}::VARCHAR, '"')`;
  return `CASE WHEN ${isText} THEN ${one} ->> '$' ELSE ${FAIL} END`;
}

function resultOf({ isNull }: Cell, type: string, index: number): string {
  const isValue = index === 0 ? `is_ours AND v${index} IS NOT NULL` : `v${index} IS NOT NULL`;
  const isCertainNull = index === 0 ? `is_ours AND (${isNull})` : isNull;
  return `CASE WHEN ${isValue} THEN v${index}::${type} WHEN ${isCertainNull} THEN NULL ELSE ${FAIL}::${type} END`;
}

// What Java and DuckDB both take for a number, and read alike.
const FLOATING = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?";
const INTEGER = "[+-]?[0-9]{1,18}";
const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

function cellOf(type: AvroType, text: string, options: AvroOptions): Cell | undefined {
  if (type.kind === "union") return unionCell(type, text, options);
  if (type.kind === "null") return { value: "NULL", isNull: isNullWord(text, options) };
  const value = plainValue(type, text, options);
  return value === undefined ? undefined : { value, isNull: "false" };
}

function plainValue(type: AvroType, text: string, options: AvroOptions): string | undefined {
  const matching = (regexp: string, value: string) =>
    `CASE WHEN regexp_full_match(${text}, ${sqlText(regexp)}) THEN ${value} END`;
  switch (type.kind) {
    case "string":
      return `coalesce(${text}, 'null')`;
    case "bytes":
      return `encode(coalesce(${text}, 'null'))`;
    case "double":
    case "float": {
      if (options.decimalSeparator !== ".") return undefined;
      const double = `try_cast(${text} AS DOUBLE)`;
      // By way of a double, as the converter does.
      return matching(FLOATING, type.kind === "float" ? `try_cast(${double} AS FLOAT)` : double);
    }
    case "int":
      return matching(INTEGER, `try_cast(${text} AS INTEGER)`);
    case "long":
      return matching(INTEGER, `try_cast(${text} AS BIGINT)`);
    case "boolean":
      return `CASE WHEN ${isWord(text, options.trueValues)} THEN true WHEN ${isWord(text, options.falseValues)} THEN false END`;
    case "enum":
      return `CASE WHEN ${isOneOf(text, type.symbols)} THEN ${text} END`;
    case "uuid":
      return matching(UUID, text);
    case "date":
      return dateValue(text, datesOf(options), "DATE");
    case "timestamp-millis":
    case "timestamp-micros":
    case "local-timestamp-millis":
    case "local-timestamp-micros":
      return options.timeZoneId === "UTC" ? dateValue(text, momentsOf(options), columnType(type)) : undefined;
    default:
      return undefined;
  }
}

/** Null and one other type: the branch that comes first wins. */
function unionCell(
  union: Extract<AvroType, { kind: "union" }>,
  text: string,
  options: AvroOptions,
): Cell | undefined {
  const [branch, ...others] = branchesOf(union);
  if (!branch || others.length > 0) return undefined;
  const value = plainValue(branch, text, options);
  if (value === undefined) return undefined;
  const isNullable = union.branches.length > 1;
  if (!isNullable) return { value, isNull: "false" };
  if (union.branches[0]?.kind !== "null") {
    // A word for null may be a value that SQL is not certain of, such as NaN; an empty text is not.
    const isEmpty = options.nullValues.includes("") ? ` OR ${text} = ''` : "";
    return { value, isNull: `${text} IS NULL${isEmpty}` };
  }
  const isNull = isNullWord(text, options);
  // Where no word for null can be a value, the order does not matter, and this one is faster.
  return {
    value: mayBeBoth(branch, options) ? `CASE WHEN ${isNull} THEN NULL ELSE ${value} END` : value,
    isNull,
  };
}

function mayBeBoth(branch: AvroType, options: AvroOptions): boolean {
  const shapes =
    branch.kind === "double" || branch.kind === "float"
      ? [FLOATING]
      : branch.kind === "int" || branch.kind === "long"
        ? [INTEGER]
        : branch.kind === "uuid"
          ? [UUID]
          : undefined;
  if (!shapes) return true;
  return options.nullValues.some((word) =>
    shapes.some((shape) => new RegExp(`^(?:${shape})$`, "i").test(word)),
  );
}

function isNullWord(text: string, { nullValues }: AvroOptions): string {
  return `${text} IS NULL OR ${isWord(text, nullValues)}`;
}

function isWord(text: string, words: string[]): string {
  return isOneOf(
    `lower(${text})`,
    words.map((word) => word.toLowerCase()),
  );
}

/** Not with IN: a long one becomes a join, and then DuckDB writes the rows in any order. */
function isOneOf(text: string, words: string[]): string {
  return `list_contains([${words.map(sqlText).join(", ")}]::VARCHAR[], ${text})`;
}

/** A date keeps the day that is written, and strptime would move it to UTC. */
function datesOf(options: AvroOptions): DateShape[] {
  return dateShapes(options.dateFormat).filter(({ hasOffset }) => !hasOffset);
}

function momentsOf(options: AvroOptions): DateShape[] {
  return dateShapes(options.datetimeFormat).filter(({ hasTime }) => hasTime);
}

function dateValue(text: string, shapes: DateShape[], target: string): string | undefined {
  if (shapes.length === 0) return undefined;
  const cases = shapes.map(({ regexp, strptime, hasOffset }) => {
    const parsed = `try_strptime(${text}, ${sqlText(strptime)})`;
    const utc = hasOffset && target !== "TIMESTAMPTZ" ? `timezone('UTC', ${parsed})` : parsed;
    return `WHEN regexp_full_match(${text}, ${sqlText(regexp)}) THEN ${utc}::${target}`;
  });
  return `CASE ${cases.join(" ")} END`;
}
