import type { AvroRecord, AvroType } from "../avro/avro-schema.ts";
import { branchName } from "../avro/read-text.ts";
import type { Decimal } from "../ion/ion-value.ts";
import { branchesOf } from "./column-type.ts";

/** Writes a value of `convert-value.ts` as JSON that DuckDB reads as the type of its column. */
type ToJson = (value: unknown) => string;

/** Prepares the writing of records as JSON lines. The columns are called `c0`, `c1` and so on. */
export function createRowJson(schema: AvroRecord): (record: Record<string, unknown>) => string {
  const fields = schema.fields.map(({ key, type }, index) => ({
    key,
    prefix: `${index === 0 ? "{" : ","}"c${index}":`,
    toJson: jsonOf(type),
  }));
  return (record) => {
    let line = "";
    for (const { key, prefix, toJson } of fields) line += prefix + toJson(record[key]);
    return `${line}}\n`;
  };
}

/** A decimal as the text that DuckDB reads. */
export function decimalText(value: Decimal): string {
  return value.toString();
}

function jsonOf(type: AvroType): ToJson {
  const toJson = valueJson(type);
  return (value) => (value === null || value === undefined ? "null" : toJson(value));
}

function valueJson(type: AvroType): ToJson {
  switch (type.kind) {
    case "null":
      return () => "null";
    case "boolean":
    case "int":
    case "long":
      return String;
    case "float":
    case "double":
      return (value) => (Number.isFinite(value) ? doubleText(value as number) : `"${value}"`);
    case "string":
    case "uuid":
    case "enum":
      return (value) => JSON.stringify(value);
    case "decimal":
      return (value) => `"${value}"`;
    case "bytes":
    case "fixed":
      return (value) => `"${(value as Buffer).toString("hex").replace(/../g, "\\\\x$&")}"`;
    case "date":
      return (value) => `"${dateText(Number(value) * 86_400_000)}"`;
    case "time-millis":
      return (value) => `"${timeText(Number(value) * 1000)}"`;
    case "time-micros":
      return (value) => `"${timeText(Number(value))}"`;
    case "timestamp-millis":
    case "local-timestamp-millis":
      return (value) => `"${momentText(Number(value), 0)}"`;
    case "timestamp-micros":
    case "local-timestamp-micros":
      return (value) => microsText(value as number | bigint);
    case "array": {
      const item = jsonOf(type.items);
      return (value) => `[${(value as unknown[]).map(item).join(",")}]`;
    }
    case "map": {
      const item = jsonOf(type.values);
      return (value) => struct(Object.entries(value as object).map(([key, part]) => [key, item(part)]));
    }
    case "record": {
      const fields = type.fields.map(({ name, key, type }) => ({ name, key, toJson: lazyJson(type) }));
      return (value) =>
        struct(
          fields.map(({ name, key, toJson }) => [name, toJson((value as Record<string, unknown>)[key])]),
        );
    }
    case "union":
      return unionJson(type);
  }
}

/** A record that contains itself is refused elsewhere, but it must not be an endless loop here. */
function lazyJson(type: AvroType): ToJson {
  let toJson: ToJson | undefined;
  return (value) => {
    toJson ??= jsonOf(type);
    return toJson(value);
  };
}

function unionJson(union: Extract<AvroType, { kind: "union" }>): ToJson {
  const branches = branchesOf(union).map((type) => ({ name: branchName(type), toJson: jsonOf(type) }));
  const [only] = branches;
  if (branches.length === 1 && only) {
    return (value) => only.toJson((value as Record<string, unknown>)[only.name]);
  }
  return (value) =>
    struct(
      branches.map(({ name, toJson }, index) => [
        `member${index}`,
        Object.hasOwn(value as object, name) ? toJson((value as Record<string, unknown>)[name]) : "null",
      ]),
    );
}

function struct(entries: [name: string, json: string][]): string {
  return `{${entries.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(",")}}`;
}

/** JSON knows a negative zero, String does not. */
function doubleText(value: number): string {
  return Object.is(value, -0) ? "-0.0" : String(value);
}

function microsText(value: number | bigint): string {
  const micros = BigInt(value);
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  return `"${momentText(Number((micros - rest) / 1000n), Number(rest))}"`;
}

function momentText(epochMs: number, micros: number): string {
  const day = Math.floor(epochMs / 86_400_000);
  const ofDay = (epochMs - day * 86_400_000) * 1000 + micros;
  return `${dateText(day * 86_400_000)} ${timeText(ofDay)}`;
}

function timeText(micros: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const seconds = Math.floor(micros / 1e6);
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${clock}.${String(micros % 1e6).padStart(6, "0")}`;
}

/** A day as DuckDB reads it: years without a sign, those before 1 as BC. */
function dateText(epochMs: number): string {
  const [, sign, year = "", rest] = /^([+-]?)(\d+)(-\d\d-\d\d)/.exec(new Date(epochMs).toISOString()) ?? [];
  const number = sign === "-" ? -Number(year) : Number(year);
  const shown = String(number > 0 ? number : 1 - number).padStart(4, "0");
  return `${shown}${rest}${number > 0 ? "" : " (BC)"}`;
}
