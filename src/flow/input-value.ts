import { Duration, Instant, LocalDate, LocalTime, OffsetDateTime } from "@js-joda/core";
import { RE2JS } from "re2js";
import { durationMs } from "./duration.ts";
import type { Input, ItemType } from "./input-schema.ts";

/** A value in the form of its input's type, or why it does not fit. */
export type InputValue = { value: unknown } | { cause: string };

/** Reads a value as the type of an input wants it and checks it against the rules of that input. */
export function readInputValue(input: Input, value: unknown): InputValue {
  switch (input.type) {
    case "STRING":
      return then(readItem("STRING", value), (text) => matches(String(text), input.validator));
    case "INT":
    case "FLOAT":
      return then(readItem(input.type, value), (number) =>
        within(Number(number), Number, input.min, input.max, ["more than", "less than"]),
      );
    case "DURATION":
      return then(readItem("DURATION", value), (text) =>
        within(durationMs(text) ?? 0, durationMs, input.min, input.max, ["more than", "less than"]),
      );
    case "DATE":
    case "TIME":
    case "DATETIME": {
      const { type } = input;
      return then(readItem(type, value), (text) =>
        within(instantOf(type, text) ?? 0, (limit) => instantOf(type, limit), input.after, input.before, [
          "after",
          "before",
        ]),
      );
    }
    case "SELECT":
      return then(readItem("STRING", value), (text) => among([text], input));
    case "ENUM":
      return then(readItem("STRING", value), (text) => among([text], input));
    case "MULTISELECT":
      return then(readList(input.itemType ?? "STRING", value), (items) => among(items as unknown[], input));
    case "ARRAY":
      return readList(input.itemType, value);
    case "BOOL":
    case "BOOLEAN":
    case "JSON":
    case "URI":
    case "EMAIL":
      return readItem(input.type, value);
    default:
      return { value };
  }
}

/** Whether a regular expression is one, in Java's syntax or at least in JavaScript's. */
export function isPattern(pattern: string): boolean {
  return compile(pattern) !== undefined || isJavaScriptPattern(pattern);
}

/** Where on a line a date or a time lies, for comparing; undefined if the text is none. */
export function instantOf(type: "DATE" | "TIME" | "DATETIME", text: unknown): number | undefined {
  try {
    const given = String(text);
    if (type === "DATE") return LocalDate.parse(given).toEpochDay();
    if (type === "TIME") return LocalTime.parse(given).toNanoOfDay();
    return given.endsWith("Z")
      ? Instant.parse(given).toEpochMilli()
      : OffsetDateTime.parse(given).toInstant().toEpochMilli();
  } catch {
    return undefined;
  }
}

function then(read: InputValue, rule: (value: unknown) => string | undefined): InputValue {
  if ("cause" in read) return read;
  const cause = rule(read.value);
  return cause === undefined ? read : { cause };
}

function readItem(type: ItemType, value: unknown): InputValue {
  const text = typeof value === "object" ? undefined : String(value);
  switch (type) {
    case "INT":
    case "FLOAT": {
      const number = typeof value === "number" ? value : Number(text?.trim() || Number.NaN);
      const fits = type === "INT" ? Number.isSafeInteger(number) : Number.isFinite(number);
      return fits
        ? { value: number }
        : { cause: type === "INT" ? "it must be a whole number" : "it must be a number" };
    }
    case "BOOL":
    case "BOOLEAN": {
      const word = text?.trim().toLowerCase();
      return word === "true" || word === "false"
        ? { value: word === "true" }
        : { cause: "it must be true or false" };
    }
    case "JSON":
      return readJson(value);
    case "DATE":
    case "TIME":
    case "DATETIME":
      return instantOf(type, value) === undefined
        ? {
            cause: `it must be a ${type === "DATETIME" ? "date and time with a zone" : type.toLowerCase()} in ISO 8601`,
          }
        : { value: text };
    case "DURATION":
      return durationMs(value) === undefined
        ? { cause: "it must be a duration such as `PT15M`" }
        : { value: typeof value === "number" ? Duration.ofMillis(value * 1000).toString() : text };
    case "URI":
      return /^[a-z][a-z0-9+.-]*:\S+$/i.test(text ?? "") ? { value: text } : { cause: "Invalid URI format" };
    case "EMAIL":
      return /^[^\s@]+@[^\s@]+$/.test(text ?? "")
        ? { value: text }
        : { cause: "it must be an e-mail address" };
    default:
      return text === undefined ? { cause: "it must be text" } : { value: text };
  }
}

function readJson(value: unknown): InputValue {
  if (typeof value !== "string") return { value };
  try {
    return { value: JSON.parse(value) as unknown };
  } catch {
    return { cause: "it must be JSON" };
  }
}

function readList(itemType: ItemType, value: unknown): InputValue {
  const list = typeof value === "string" ? readJson(value) : { value };
  if (!("value" in list) || !Array.isArray(list.value)) return { cause: "it must be a list" };
  const items: unknown[] = [];
  for (const item of list.value as unknown[]) {
    const read = readItem(itemType, item);
    if ("cause" in read)
      return { cause: `Unable to parse array element as \`${itemType}\` on \`${String(item)}\`` };
    items.push(read.value);
  }
  return { value: items };
}

function matches(text: string, validator: string | undefined): string | undefined {
  if (validator === undefined) return undefined;
  // A pattern beyond RE2 could run forever on a crafted text: it is left to the database, which has a time limit.
  const pattern = compile(validator);
  return pattern === undefined || pattern.matches(text)
    ? undefined
    : `it must match the pattern \`${validator}\``;
}

function within<L>(
  value: number,
  read: (limit: L) => number | undefined,
  low: L | undefined,
  high: L | undefined,
  [more, less]: [string, string],
): string | undefined {
  const [lowest, highest] = [low, high].map((limit) => (limit === undefined ? undefined : read(limit)));
  if (lowest !== undefined && value < lowest) return `it must be ${more} \`${low}\``;
  if (highest !== undefined && value > highest) return `it must be ${less} \`${high}\``;
  return undefined;
}

function among(
  given: unknown[],
  { values, ...input }: { values?: unknown[] | undefined; allowCustomValue?: boolean | undefined },
): string | undefined {
  if (values === undefined || input.allowCustomValue === true) return undefined;
  const known = values.map(String);
  return given.every((value) => known.includes(String(value)))
    ? undefined
    : `it must match the values \`[${known.join(", ")}]\``;
}

function compile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}

function isJavaScriptPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, "u");
    return true;
  } catch {
    return false;
  }
}
