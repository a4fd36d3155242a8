import { z } from "zod";
import { entriesOf, mapOf } from "../base/key-order.ts";
import { changeNumbers, plainNumber } from "../base/whole-float.ts";
import { newBudget } from "../expression/budget.ts";
import { textOf, writtenText } from "../expression/values.ts";
import { alternatives, childOf } from "../flow/schema-keys.ts";
import { timeMeta } from "../flow/words.ts";

/** What was rendered for a property, or a part of one, as its schema wants it. What it has no use for is undefined. */
export function asTaken(schema: z.ZodType, value: unknown): unknown {
  return asRead(schema, asWanted(schema, withFittingNumbers(schema, withPartsTaken(schema, value))));
}

/** The same for what stands in a list or a map, as far as its schema says what that is to be. */
function withPartsTaken(schema: z.ZodType, value: unknown): unknown {
  if (!isPlain(value) || schema.safeParse(value).success) return value;
  const found = alternatives(schema, value);
  const take = (key: PropertyKey, part: unknown) => {
    const inner = found.map((each) => childOf(each, key)).find((each) => each !== undefined);
    return inner === undefined ? part : asTaken(inner, part);
  };
  if (Array.isArray(value)) return value.map((part: unknown, index) => take(index, part));
  const isNamed = found.some((each) => each instanceof z.ZodObject);
  const parts = entriesOf(value).map(([key, part]): [string, unknown] => [key, take(key, part)]);
  return mapOf(isNamed ? parts.filter(([, part]) => part !== undefined && part !== null) : parts);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}

/**
 * A template that is nothing but one expression gives its value also where text is wanted: a list or map is printed as JSON
 * there, and null as nothing, as they are within any other text.
 */
function asWanted(schema: z.ZodType, value: unknown): unknown {
  const fits = (candidate: unknown) => schema.safeParse(candidate).success;
  if (value === null || value === undefined) return !fits(undefined) && fits("") ? "" : value;
  // JavaScript's schemas take what is no finite number for none at all.
  const isOther = (part: unknown) =>
    typeof part === "object" || (typeof part === "number" && !Number.isFinite(part));
  if (!isOther(value) || fits(value)) return value;
  const printed = (part: unknown) => (isOther(part) ? textOf(part, newBudget()) : part);
  const candidates = Array.isArray(value) ? [value.map(printed), printed(value)] : [printed(value)];
  return candidates.find(fits) ?? value;
}

/**
 * What a template gives where a number, a boolean, a duration or a date is wanted is read as JSON, as Kestra reads it: `1e2` is a number, `60` a
 * duration, an empty text or `null` nothing. A fraction is dropped where a whole number is wanted. Where a text or one of a few words is wanted, another is a mistake.
 */
function asRead(schema: z.ZodType, value: unknown): unknown {
  const fits = (candidate: unknown) => schema.safeParse(candidate).success;
  if ((typeof value !== "string" && typeof value !== "number") || fits(value)) return value;
  const read = typeof value === "string" ? readScalar(value.trim()) : value;
  if (read === null) return fits(undefined) && (isScalar(schema) || isTime(schema)) ? undefined : value;
  if (typeof read !== "number" || !isScalar(schema)) return value;
  const isFlag = alternatives(schema, undefined).some((kind) => kind instanceof z.ZodBoolean);
  if (isFlag && /[.e]/i.test(String(value))) return value;
  return (isFlag ? [read] : [read, Math.trunc(read)]).find(fits) ?? value;
}

/** Whether a schema takes numbers or booleans, and text only where it writes such. */
function isScalar(schema: z.ZodType): boolean {
  const kinds = alternatives(schema, undefined);
  return (
    kinds.some((kind) => kind instanceof z.ZodNumber || kind instanceof z.ZodBoolean) &&
    !kinds.some((kind) => kind instanceof z.ZodString || kind instanceof z.ZodEnum)
  );
}

function isTime(schema: z.ZodType): boolean {
  return alternatives(schema, undefined).some(
    (kind) => kind instanceof z.ZodString && kind.meta()?.examples === timeMeta.examples,
  );
}

/** The number or the null that a text writes in JSON. */
function readScalar(text: string): unknown {
  if (text === "" || text === "null") return null;
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?$/.test(text) ? Number(text) : text;
}

/** Where a schema does not take a number as it is, its text, or what JavaScript has for it: text is `1.0`, and a whole number 1. */
function withFittingNumbers(schema: z.ZodType, value: unknown): unknown {
  if (changeNumbers(value, plainNumber) === value) return value;
  const { error } = schema.safeParse(value);
  if (error === undefined) return value;
  const faulty = error.issues.map(({ path }) => path);
  const written = (number: unknown) => writtenText(number, false, newBudget());
  const candidates = [written, plainNumber].map((change) => changeNumbers(value, change, faulty));
  return candidates.find((candidate) => schema.safeParse(candidate).success) ?? value;
}
