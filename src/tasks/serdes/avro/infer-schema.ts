import {
  Instant,
  LocalDate,
  LocalDateTime,
  LocalTime,
  OffsetDateTime,
  OffsetTime,
  ZonedDateTime,
} from "@js-joda/core";
import { TaskError } from "../../task-type.ts";
import type { IonRow } from "../ion/ion-rows.ts";
import { isAvroName } from "./avro-name.ts";
import type { AvroOptions } from "./avro-options.ts";
import { javaClass } from "./java-text.ts";

/** What is known of a field so far. Alternatives are kept in the order in which they were met. */
interface Shape {
  /** Plain types, as JSON: `"string"`, `{"type":"int","logicalType":"date"}`. */
  plain: Map<string, unknown>;
  isNull: boolean;
  record: Map<string, Shape> | undefined;
  items: Shape | undefined;
}

const NAMESPACE = "io.kestra.plugin.serdes.avro";

/**
 * Finds a schema for the first rows of a file, as Kestra does: every field may be null; decimals become strings,
 * moments local timestamps. With `inferAllFields` every row is read, and the words for true, false and null count
 * before a text is taken for text.
 */
export async function inferAvroSchema(
  rows: AsyncIterable<IonRow[]>,
  options: Pick<AvroOptions, "inferAllFields" | "trueValues" | "falseValues" | "nullValues">,
  numberOfRowsToScan: number,
): Promise<string> {
  const limit = options.inferAllFields ? Infinity : numberOfRowsToScan;
  const kindOfText = options.inferAllFields ? kindOfWord(options) : () => "string";
  const root = emptyShape();
  let count = 0;
  scan: for await (const batch of rows) {
    for (const { value } of batch) {
      addTo(root, value, kindOfText);
      if (++count >= limit) break scan;
    }
  }
  return JSON.stringify(rootSchema(root, count));
}

function rootSchema(root: Shape, count: number): unknown {
  if (count === 0) throw cannotInfer("the file holds no records");
  if (root.plain.size > 0 || root.isNull) throw cannotInfer("some of its rows are neither records nor lists");
  if (root.record && root.items) throw cannotInfer("some of its rows are records and some are lists");
  const names = new Set(["root"]);
  // A file needs a record, so rows that are lists become one of a single field.
  const fields = root.record
    ? fieldsOf(root.record, names, "root")
    : [
        {
          name: "value",
          type: { type: "array", items: typeOf(root.items, names, "root_items", false) },
          default: [],
        },
      ];
  return { type: "record", name: "root", namespace: NAMESPACE, fields };
}

function fieldsOf(record: Map<string, Shape>, names: Set<string>, path: string): unknown[] {
  return [...record].map(([name, shape]) => {
    if (!isAvroName(name)) throw cannotInfer(`"${name}" cannot be the name of a field`);
    const type = typeOf(shape, names, names.has(name) ? `${path}_${name}` : name, true);
    return Array.isArray(type) && type[0] === "null" ? { name, type, default: null } : { name, type };
  });
}

/** A field may be null; with records and lists the null comes last. */
function typeOf(shape: Shape | undefined, names: Set<string>, path: string, mayBeNull: boolean): unknown {
  if (!shape) return "string";
  const plain = [...shape.plain.values()];
  const nested: unknown[] = [];
  if (shape.record) {
    names.add(path);
    nested.push({
      type: "record",
      name: path,
      namespace: NAMESPACE,
      fields: fieldsOf(shape.record, names, path),
    });
  }
  if (shape.items) nested.push({ type: "array", items: typeOf(shape.items, names, `${path}_items`, true) });
  const all = [...plain, ...nested];
  if (all.length === 0) return shape.isNull ? "null" : ["null", "string"];
  if (!mayBeNull && !shape.isNull && all.length === 1) return all[0];
  return plain.length > 0 ? ["null", ...all] : [...all, "null"];
}

function addTo(shape: Shape, value: unknown, kindOfText: (text: string) => unknown) {
  if (Array.isArray(value)) {
    shape.items ??= emptyShape();
    for (const item of value) addTo(shape.items, item, kindOfText);
    return;
  }
  const type = plainType(value, kindOfText);
  if (type === "null") shape.isNull = true;
  else if (type !== undefined) shape.plain.set(JSON.stringify(type), type);
  else {
    shape.record ??= new Map();
    for (const [name, item] of Object.entries(value as Record<string, unknown>)) {
      const field = shape.record.get(name) ?? emptyShape();
      shape.record.set(name, field);
      addTo(field, item, kindOfText);
    }
  }
}

/** The type of a value that is neither list nor record. */
function plainType(value: unknown, kindOfText: (text: string) => unknown): unknown {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return kindOfText(value);
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "number") return "double";
  if (typeof value === "bigint") return javaClass(value) === "java.lang.Integer" ? "int" : "long";
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof LocalDate) return { type: "int", logicalType: "date" };
  if (value instanceof LocalTime || value instanceof OffsetTime)
    return { type: "int", logicalType: "time-millis" };
  if (MOMENTS.some((moment) => value instanceof moment))
    return { type: "long", logicalType: "local-timestamp-millis" };
  return javaClass(value) === "java.util.LinkedHashMap" ? undefined : "string";
}

const MOMENTS = [Instant, ZonedDateTime, LocalDateTime, OffsetDateTime];

function kindOfWord(options: Pick<AvroOptions, "trueValues" | "falseValues" | "nullValues">) {
  const nulls = new Set(options.nullValues.map((word) => word.toLowerCase()));
  const booleans = new Set([...options.trueValues, ...options.falseValues].map((word) => word.toLowerCase()));
  return (text: string) => {
    const word = text.toLowerCase();
    if (nulls.has(word)) return "null";
    return booleans.has(word) ? "boolean" : "string";
  };
}

function emptyShape(): Shape {
  return { plain: new Map(), isNull: false, record: undefined, items: undefined };
}

function cannotInfer(problem: string): TaskError {
  return new TaskError(
    "schema_not_inferred",
    `The schema cannot be found in the data: ${problem}. Give the property \`schema\`.`,
  );
}
