import type { JsonSchema } from "./json-schema.ts";
import { mapSchemas } from "./map-schemas.ts";

/** What `dropEmpty` takes besides, in a schema and whatever is in it: nothing behind a name of the language that need not be given. */
export function withEmpty(schema: JsonSchema): JsonSchema {
  return mapSchemas(schema, withNulls);
}

function withNulls(schema: JsonSchema): JsonSchema {
  const { properties, required = [], additionalProperties } = schema;
  if (properties === undefined || additionalProperties !== false) return schema;
  const entries = Object.entries(properties).map(([name, part]) => [
    name,
    required.includes(name) || isCommon(part) ? part : orNull(part),
  ]);
  return { ...schema, properties: Object.fromEntries(entries) };
}

/** What all tasks have is defined once. */
export function isCommon({ $ref }: JsonSchema): boolean {
  return typeof $ref === "string" && $ref.startsWith("#/definitions/task.");
}

/** The same, or nothing. */
export function orNull(schema: JsonSchema): JsonSchema {
  const { type, ...others } = schema;
  const isPlain = ["anyOf", "allOf", "oneOf", "$ref", "enum", "const"].every(
    (word) => !Object.hasOwn(others, word),
  );
  if (!isPlain) return anyOf(schema, { type: "null" });
  return type === undefined ? schema : { ...others, type: [...new Set([type, "null"].flat())] };
}

/** One more alternative; what is said of the value stays in front. */
export function anyOf(schema: JsonSchema, other: JsonSchema): JsonSchema {
  const { description, default: fallback, ...rest } = schema;
  const known = rest.anyOf !== undefined && Object.keys(rest).length === 1 ? rest.anyOf : [rest];
  const isThere = known.some((each) => JSON.stringify(each) === JSON.stringify(other));
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: isThere ? known : [...known, other],
  };
}
