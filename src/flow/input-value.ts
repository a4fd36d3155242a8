import { readJson as readExact, writeJson } from "../base/json.ts";
import { WholeFloat } from "../base/whole-float.ts";
import { readingFault, readYamlText } from "../expression/yaml-text.ts";
import { forms, instantOf, isStorable, lengthOf } from "./input-form.ts";
import type { Input, ItemType } from "./input-schema.ts";
import { matchesPattern } from "./pattern.ts";

/** A value in the form of its input's type, or why it does not fit. */
export type InputValue = { value: unknown } | { cause: string };

/**
 * Reads a value as the type of an input wants it and checks it against the rules of that input. What a person gives is
 * checked by SQL (`check_input`); this holds defaults to the same rules, in the same words, while a flow is read.
 */
export function readInputValue(input: Input, value: unknown): InputValue {
  switch (input.type) {
    case "STRING":
      return then(readItem("STRING", value), (text) => matching(String(text), input.validator));
    case "INT":
    case "FLOAT":
      return then(readItem(input.type, value), (number) =>
        within(Number(number), input.min, input.max, ["more than", "less than"]),
      );
    case "SECRET":
      return then({ value }, (text) => matching(String(text), input.validator));
    case "FILE":
      return then({ value }, (uri) =>
        isFileDefault(String(uri))
          ? undefined
          : "inputs of type 'FILE' only support `defaults` as local files using a file URI or as namespace files using a nsfile URI",
      );
    case "YAML":
      return then({ value }, yamlProblem);
    case "DURATION":
      return then(readItem(input.type, value), (text) =>
        within(lengthOf(text) ?? 0, input.min, input.max, ["more than", "less than"], lengthOf),
      );
    case "DATE":
    case "TIME":
    case "DATETIME": {
      const place = (text: unknown) => instantOf(input.type, String(text).toUpperCase());
      return then(readItem(input.type, value), (text) => between(place(text) ?? 0, input, place));
    }
    case "SELECT":
    case "ENUM":
      return then(readItem(input.type, value), (text) =>
        input.required === false ? undefined : among([text], input),
      );
    case "MULTISELECT":
      // Chosen as written: `01` is none of the values `[1]`, whatever the type of the items.
      return then(readList(input.itemType ?? "STRING", value), () =>
        amongAll(listOf(value) ?? [], { ...input, values: input.values ?? input.options }),
      );
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

function then(read: InputValue, rule: (value: unknown) => string | undefined): InputValue {
  if ("cause" in read) return read;
  const cause = rule(read.value);
  return cause === undefined ? read : { cause };
}

function readItem(type: ItemType | "SELECT" | "ENUM", value: unknown): InputValue {
  if (type === "JSON") return readJson(value);
  if (typeof value === "object" && !(value instanceof WholeFloat)) {
    const what = value === null ? "null" : Array.isArray(value) ? "array" : "object";
    return { cause: `it must be a single value of type ${type}, not a JSON ${what}` };
  }
  const text = String(value);
  switch (type) {
    case "INT":
      // Beyond 2^53 a template would read another number.
      // 32 bits, as in Kestra.
      return forms.INT.test(text) && Number(text) === (Number(text) | 0)
        ? { value: Number(text) | 0 }
        : { cause: `For input string: "${text}"` };
    case "FLOAT":
      return readFloat(text);
    case "BOOL":
    case "BOOLEAN":
      return /^(true|false)$/i.test(text)
        ? { value: text.toLowerCase() === "true" }
        : { cause: "it must be true or false" };
    case "DATE":
      return readTime(type, text, "it must be a date, like `2024-05-31`");
    case "TIME":
      return readTime(type, text, "it must be a time of day, like `09:30:00`");
    case "DATETIME":
      return readTime(type, text, "it must be a date and time with a zone, like `2024-05-31T09:30:00Z`");
    case "DURATION":
      return readDuration(value, text);
    case "URI":
      return forms.URI.test(text) ? { value: text } : { cause: "Invalid URI format." };
    case "EMAIL":
      return forms.EMAIL.test(text) ? { value: text } : { cause: "The input must be a valid email" };
    default:
      return { value: text };
  }
}

/** The shortest number that is the same float of 32 bits. */
function readFloat(text: string): InputValue {
  const written = Number(text.trim().replace(/(?<=[\d.])[fd]$/i, ""));
  const float = Math.fround(written);
  if (!forms.FLOAT.test(text) || !Number.isFinite(float)) return { cause: `For input string: "${text}"` };
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(float.toPrecision(digits));
    if (Math.fround(short) === float) return { value: floatOf(short) };
  }
  return { value: floatOf(Number(float.toPrecision(9))) };
}

/** A float is one without a fraction, too. */
function floatOf(value: number): unknown {
  return Number.isInteger(value) ? new WholeFloat(value) : value;
}

function readTime(type: "DATE" | "TIME" | "DATETIME", text: string, wanted: string): InputValue {
  if (!forms[type === "DATETIME" ? "INSTANT" : type].test(text)) return { cause: wanted };
  return instantOf(type, text.toUpperCase()) === undefined
    ? { cause: `\`${text}\` is no such ${type.toLowerCase()}` }
    : { value: text };
}

/** It may also be a number of seconds, as templates give it. */
function readDuration(value: unknown, text: string): InputValue {
  if (lengthOf(value) === undefined) return { cause: "Text cannot be parsed to a Duration" };
  return { value: typeof value === "number" ? value : text };
}

/** What JSON is a text or null stays as it is written: SQL reads it again, and `x` is no JSON. */
function readJson(value: unknown): InputValue {
  if (typeof value !== "string") return { value };
  const parsed = parseJson(value);
  if (parsed === undefined) return { cause: "it must be valid JSON" };
  return { value: typeof parsed === "string" || parsed === null ? value : parsed };
}

function parseJson(text: string): unknown {
  try {
    const parsed = readExact(text);
    return isStorable(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function readList(itemType: ItemType, value: unknown): InputValue {
  const list = listOf(value);
  if (list === undefined) return { cause: "it must be a list" };
  const items: unknown[] = [];
  for (const item of list) {
    const read = readItem(itemType, item);
    if ("cause" in read)
      return { cause: `Unable to parse array element as \`${itemType}\` on \`${shown(item)}\`` };
    items.push(read.value);
  }
  return { value: items };
}

function listOf(value: unknown): unknown[] | undefined {
  const list = typeof value === "string" ? parseJson(value) : value;
  return Array.isArray(list) ? list : undefined;
}

function shown(item: unknown): string {
  if (item === null) return "";
  return typeof item === "object" ? writeJson(item) : String(item);
}

function matching(text: string, pattern: string | undefined): string | undefined {
  return pattern === undefined || matchesPattern(text, pattern) !== false
    ? undefined
    : `it must match the pattern \`${pattern}\``;
}

/** Limits that may be reached. */
function within<L extends number | string>(
  value: number,
  low: L | undefined,
  high: L | undefined,
  [more, less]: [string, string],
  read: (limit: L) => number | undefined = Number,
): string | undefined {
  if (low !== undefined && value < (read(low) ?? value)) return `it must be ${more} \`${low}\``;
  if (high !== undefined && value > (read(high) ?? value)) return `it must be ${less} \`${high}\``;
  return undefined;
}

/** Limits in time, which may be reached, as in Kestra. */
function between(
  value: number,
  { after, before }: { after?: string | undefined; before?: string | undefined },
  read: (limit: string) => number | undefined,
): string | undefined {
  if (after !== undefined && value < (read(after) ?? Number.NEGATIVE_INFINITY))
    return `it must be after \`${after}\``;
  if (before !== undefined && value > (read(before) ?? Number.POSITIVE_INFINITY))
    return `it must be before \`${before}\``;
  return undefined;
}

/** What can be chosen; where there is an expression, that is known only when it is rendered. */
interface Choice {
  values?: unknown[] | undefined;
  expression?: string | undefined;
  allowCustomValue?: boolean | undefined;
}

function among(given: unknown[], { values, expression, ...input }: Choice): string | undefined {
  if (values === undefined || expression !== undefined || input.allowCustomValue === true) return undefined;
  const known = values.map(String);
  return given.every((value) => known.includes(String(value)))
    ? undefined
    : `it must match the values \`[${known.join(", ")}]\``;
}

/** All that may not be chosen. */
function amongAll(given: unknown[], { values, expression, allowCustomValue }: Choice): string | undefined {
  if (values === undefined || expression !== undefined || allowCustomValue === true) return undefined;
  const known = values.map(String);
  const strangers = given.filter((value) => !known.includes(String(value)));
  if (strangers.length === 0) return undefined;
  return strangers
    .map((value) => `value \`${shown(value)}\` doesn't match the values \`[${known.join(", ")}]\``)
    .join("\n");
}

/** What Kestra takes for the default of a FILE. */
export function isFileDefault(uri: string): boolean {
  return /^(file|nsfile):/.test(uri);
}

/** Whether a text can be read as YAML; what is no text has been read already, and an empty one is no value. */
function yamlProblem(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  try {
    readYamlText(value);
    return undefined;
  } catch (error) {
    return readingFault(error);
  }
}
