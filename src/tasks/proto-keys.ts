import type { z } from "zod";
import { entriesOf, mapOf } from "../base/key-order.ts";

// No text that comes from YAML, JSON or Postgres holds a NUL.
const STAND_IN = "\0proto";

/** Parses by a schema as zod does, and keeps keys called `__proto__`, which zod leaves out of maps: they have another name meanwhile. */
export function parseKeepingKeys<S extends z.ZodType>(
  schema: S,
  given: Readonly<Record<string, unknown>>,
): z.ZodSafeParseResult<z.output<S>> {
  const result = schema.safeParse(given);
  if (!result.success || !losesKeys(given, result.data)) return result;
  const again = schema.safeParse(renamed(given, "__proto__", STAND_IN));
  return again.success
    ? { ...again, data: renamed(again.data, STAND_IN, "__proto__") as z.output<S> }
    : again;
}

function losesKeys(given: unknown, parsed: unknown): boolean {
  if (given === parsed || !isHolder(given) || !isHolder(parsed)) return false;
  if (Object.hasOwn(given, "__proto__") && !Object.hasOwn(parsed, "__proto__")) return true;
  return Object.keys(given).some((key) => losesKeys(given[key], parsed[key]));
}

function renamed(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, from, to));
  if (!isHolder(value)) return value;
  return mapOf(entriesOf(value).map(([key, part]) => [key === from ? to : key, renamed(part, from, to)]));
}

/** A list or a map, and no value of a class. */
function isHolder(value: unknown): value is Record<string, unknown> {
  if (Array.isArray(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
