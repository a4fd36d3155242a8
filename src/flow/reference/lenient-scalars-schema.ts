import type { JsonSchema } from "./json-schema.ts";
import { mapSchemas } from "./map-schemas.ts";

/** What `readScalarsLeniently` takes besides, in a schema and whatever is in it: numbers for texts, texts for booleans and numbers, whole numbers for booleans. */
export function withLenientScalars(schema: JsonSchema): JsonSchema {
  return mapSchemas(schema, eased);
}

function eased(schema: JsonSchema): JsonSchema {
  if ("const" in schema || "enum" in schema || "format" in schema) return schema;
  const types = [schema.type ?? []].flat();
  if (types.includes("string")) return { ...schema, type: [...new Set([...types, "number", "boolean"])] };
  if (types.includes("boolean"))
    return {
      ...schema,
      type: [...new Set([...types, "string", "integer"])],
      pattern: "^\\s*(true|True|TRUE|false|False|FALSE)\\s*$",
    };
  if ((types.includes("integer") || types.includes("number")) && !("pattern" in schema))
    return { ...schema, type: [...types, "string"], pattern: "^\\s*-?\\d+(\\.\\d+)?\\s*$" };
  return schema;
}
