import type { JsonSchema } from "./json-schema.ts";

/** A schema in which each schema has been changed, those within it before it. */
export function mapSchemas(schema: JsonSchema, change: (schema: JsonSchema) => JsonSchema): JsonSchema {
  const visit = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(visit);
    if (typeof part !== "object" || part === null) return part;
    const inner = Object.entries(part).map(([key, child]) => {
      if (named.has(key)) return [key, mapValues(child as JsonSchema, visit)];
      return [key, asWritten.has(key) ? child : visit(child)];
    });
    return change(Object.fromEntries(inner) as JsonSchema);
  };
  return visit(schema) as JsonSchema;
}

function mapValues(map: JsonSchema, change: (value: unknown) => unknown): JsonSchema {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value)]));
}

/** What has schemas under names of its own. */
const named: ReadonlySet<string> = new Set(["properties", "patternProperties", "definitions"]);

/** What is no schema in a schema. */
const asWritten: ReadonlySet<string> = new Set([
  "const",
  "enum",
  "default",
  "examples",
  "required",
  "propertyNames",
]);
