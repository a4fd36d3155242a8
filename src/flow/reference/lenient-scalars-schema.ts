import type { JsonSchema } from "./json-schema.ts";
import { mapSchemas } from "./map-schemas.ts";

/** What `readScalarsLeniently` takes besides, in a schema and whatever is in it: numbers for texts, texts for booleans and numbers, 0 and 1 for booleans. */
export function withLenientScalars(schema: JsonSchema): JsonSchema {
  return mapSchemas(schema, eased);
}

function eased(schema: JsonSchema): JsonSchema {
  if ("const" in schema || "enum" in schema || "format" in schema) return schema;
  const types = [schema.type ?? []].flat();
  if (types.includes("string")) return { ...schema, type: [...new Set([...types, "number", "boolean"])] };
  if (types.includes("boolean")) {
    const { type: _, ...rest } = schema;
    const others = types.includes("null") ? [null] : [];
    return {
      ...rest,
      enum: [true, false, "true", "True", "TRUE", "false", "False", "FALSE", 0, 1, ...others],
    };
  }
  if ((types.includes("integer") || types.includes("number")) && !("pattern" in schema))
    return { ...schema, type: [...types, "string"], pattern: "^\\s*-?\\d+(\\.\\d+)?\\s*$" };
  return schema;
}
