import type { JsonSchema } from "../../flow/reference/json-schema.ts";
import { languageSchema } from "../../flow/reference/language-schema.ts";
import { taskTypes } from "../registry.ts";
import type { Definitions } from "./property-table.ts";

/** The schema of flows, for what the reference says of them. */
export const schema = languageSchema(taskTypes.values());

/** The parts of it that have names. */
export const definitions = schema.definitions as Definitions;

/** Some of the properties of a part. */
export function pick(part: JsonSchema, names: readonly string[]): JsonSchema {
  const wanted = new Set(names);
  const properties = Object.fromEntries(
    Object.entries(part.properties ?? {}).filter(([name]) => wanted.has(name)),
  );
  return { type: "object", properties, required: (part.required ?? []).filter((name) => wanted.has(name)) };
}
