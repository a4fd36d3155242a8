import { TaskError } from "../../task-type.ts";
import type { AvroType } from "./avro-schema.ts";
import { javaText, jsonData, shownJson } from "./java-text.ts";

/** A value that does not become what the schema wants. `message` is Kestra's text, from the inside out. */
export class ConversionFailure extends Error {
  /** Where in the row it is: `inner.badField`, `list[2]`. */
  field: string | undefined;
  /** What was wanted there, for people: "a timestamp". */
  wanted: string | undefined;
  value: unknown;
  pattern: string | undefined;

  constructor(message: string, pattern?: string) {
    super(message);
    this.name = "ConversionFailure";
    this.pattern = pattern;
  }

  /** Adds the cell in which it happened. */
  inCell(type: AvroType, data: unknown): this {
    this.message += ` on cols with data [${shownJson(data)}] and schema [${JSON.stringify(type.json)}]`;
    if (this.wanted === undefined) {
      this.wanted = wantedOf(type, this.pattern);
      this.value = data;
    }
    return this;
  }

  /** Adds the field of the record in which it happened. */
  onField(name: string, data: unknown): this {
    this.message += ` on field '${name}' with data [${shownJson(data)}]`;
    return this.at(name);
  }

  /** Adds one step of the way to the value. */
  at(step: string): this {
    const rest = this.field === undefined ? "" : this.field.startsWith("[") ? this.field : `.${this.field}`;
    this.field = step + rest;
    return this;
  }
}

/** The error of a task for a row that does not fit: first for people, then in Kestra's words. */
export function rowError(failure: ConversionFailure, row: number, data: unknown): TaskError {
  const { field, value, pattern } = failure;
  const text = `${failure.message} with data [${shownJson(data)}]`;
  return new TaskError("row_conversion", `${summaryOf(failure, row)} ${text}`, {
    details: { field: field ?? null, value: jsonData(value), row, pattern: pattern ?? null },
  });
}

/** One sentence for people. */
export function summaryOf({ field, value, wanted }: ConversionFailure, row: number): string {
  if (field === undefined) return `Row ${row} does not fit the schema.`;
  const shown = typeof value === "string" ? `"${cut(value)}"` : cut(javaText(value));
  return `Row ${row}, field ${field}: ${shown} is not ${wanted ?? "what the schema wants"}.`;
}

function cut(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)} ...` : text;
}

function wantedOf(type: AvroType, pattern: string | undefined): string {
  const inPattern = pattern === undefined ? "" : ` in the pattern ${pattern}`;
  switch (type.kind) {
    case "union":
      return type.branches.map((branch) => wantedOf(branch, undefined)).join(", nor ") + inPattern;
    case "null":
      return "null";
    case "enum":
      return `one of ${type.symbols.join(", ")}`;
    case "fixed":
      return `of ${type.size} bytes`;
    case "decimal":
      return `a decimal of ${type.precision} digits, ${type.scale} of them behind the point`;
    case "date":
      return `a date${inPattern}`;
    case "int":
    case "array":
      return `an ${type.kind}`;
    default:
      if (type.kind.startsWith("time-")) return `a time${inPattern}`;
      if (type.kind.includes("timestamp")) return `a timestamp${inPattern}`;
      return `a ${type.kind}`;
  }
}
