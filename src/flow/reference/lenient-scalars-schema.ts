import type { JsonSchema } from "./json-schema.ts";

/** What `readScalarsLeniently` takes besides, in a schema and whatever is in it: numbers for texts, texts for booleans and numbers. */
export function withLenientScalars(schema: JsonSchema): JsonSchema {
  return eased(schema) as JsonSchema;
}

function eased(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(eased);
  if (typeof part !== "object" || part === null) return part;
  const inner = Object.fromEntries(
    Object.entries(part).map(([key, child]) => {
      if (named.has(key)) return [key, mapValues(child as JsonSchema, eased)];
      return [key, asWritten.has(key) ? child : eased(child)];
    }),
  );
  if ("const" in inner || "enum" in inner || "format" in inner) return inner;
  const types = [inner.type].flat();
  if (types.includes("string")) return { ...inner, type: [...new Set([...types, "number", "boolean"])] };
  if (types.includes("boolean")) {
    const { type: _, ...rest } = inner;
    const others = types.includes("null") ? [null] : [];
    return { ...rest, enum: [true, false, "true", "True", "TRUE", "false", "False", "FALSE", ...others] };
  }
  if ((types.includes("integer") || types.includes("number")) && !("pattern" in inner))
    return { ...inner, type: [...types, "string"], pattern: "^\\s*-?\\d+(\\.\\d+)?\\s*$" };
  return inner;
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
