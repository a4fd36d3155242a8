import { z } from "zod";

/** A part of a JSON Schema (draft 7, which every editor reads). */
export type JsonSchema = {
  [keyword: string]: unknown;
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  required?: string[];
  description?: string;
};

/** What is written for a schema, as JSON Schema. */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  const made = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    target: "draft-7",
    // Of what is turned into something else zod leaves it out, since it is a value of that.
    override({ zodSchema, jsonSchema }) {
      const { def } = zodSchema._zod;
      if (def.type === "default" && jsonSchema.default === undefined)
        jsonSchema.default = JSON.parse(JSON.stringify((def as z.core.$ZodDefaultDef).defaultValue));
    },
  });
  const { $schema: _, ...rest } = made as JsonSchema;
  return tidy(rest);
}

/** Without what says nothing to an editor, and with unions that tell apart by `type` marked so. */
function tidy(schema: JsonSchema): JsonSchema {
  const { propertyNames, format: _, ...rest } = schema;
  // That keys are texts goes without saying.
  const names = (propertyNames as JsonSchema | undefined)?.pattern === undefined ? {} : { propertyNames };
  const tidied = { ...mapParts(rest, tidy), ...names };
  const isTyped = tidied.oneOf?.every(({ properties }) => properties?.type?.const !== undefined) === true;
  return isTyped
    ? { type: "object", required: ["type"], discriminator: { propertyName: "type" }, ...tidied }
    : tidied;
}

/** A schema whose parts are changed. */
export function mapParts(
  schema: JsonSchema,
  change: (part: JsonSchema, name?: string) => JsonSchema,
): JsonSchema {
  const mapped = { ...schema };
  const { properties, items, additionalProperties, anyOf, oneOf } = schema;
  if (properties !== undefined) {
    const entries = Object.entries(properties).map(([name, part]) => [name, change(part, name)] as const);
    mapped.properties = Object.fromEntries(entries);
  }
  if (items !== undefined) mapped.items = change(items);
  if (typeof additionalProperties === "object") mapped.additionalProperties = change(additionalProperties);
  if (anyOf !== undefined) mapped.anyOf = anyOf.map((part) => change(part));
  if (oneOf !== undefined) mapped.oneOf = oneOf.map((part) => change(part));
  return mapped;
}

/** The same where a template may stand instead of any value. */
export function orTemplate(schema: JsonSchema): JsonSchema {
  const inner = withTemplatesInside(schema);
  if (takesText(inner)) return inner;
  const { description, default: fallback, ...rest } = inner;
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [...(isBareUnion(rest) ? (rest.anyOf ?? []) : [rest]), { $ref: "#/definitions/template" }],
  };
}

/** Alternatives share what stands beside them: a template is one more. */
function withTemplatesInside({ anyOf, oneOf, ...rest }: JsonSchema): JsonSchema {
  return {
    ...mapParts(rest, orTemplate),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(withTemplatesInside) }),
    ...(oneOf === undefined ? {} : { oneOf: oneOf.map(withTemplatesInside) }),
  };
}

function isBareUnion(schema: JsonSchema): boolean {
  return Object.keys(schema).join() === "anyOf";
}

/** Whether any text fits, so that a template does, too. */
function takesText(schema: JsonSchema): boolean {
  const { type, anyOf, $ref, enum: words, pattern, const: only, oneOf } = schema;
  if ($ref === "#/definitions/template") return true;
  if (anyOf !== undefined) return anyOf.some(takesText);
  if (oneOf !== undefined || $ref !== undefined) return false;
  // What tells kinds apart is known before anything is rendered.
  if (only !== undefined) return true;
  if (words !== undefined || pattern !== undefined) return false;
  return type === undefined || [type].flat().includes("string");
}

/** The same with what `words` say of its properties; those inside are called `outer.inner`. */
export function described(
  schema: JsonSchema,
  words: Readonly<Record<string, string>>,
  prefix = "",
): JsonSchema {
  return mapParts(schema, (part, name) => {
    const path = name === undefined ? prefix : `${prefix}${name}`;
    const inner = described(part, words, name === undefined ? prefix : `${path}.`);
    const text = name === undefined ? undefined : words[path];
    return text === undefined || inner.description !== undefined ? inner : { description: text, ...inner };
  });
}

/** The same with what holds where a property is not given. */
export function withDefaults(schema: JsonSchema, defaults: Readonly<Record<string, unknown>>): JsonSchema {
  const { oneOf, properties } = schema;
  if (oneOf !== undefined) return { ...schema, oneOf: oneOf.map((each) => withDefaults(each, defaults)) };
  const entries = Object.entries(properties ?? {}).map(([name, part]) => [
    name,
    Object.hasOwn(defaults, name) ? { ...part, default: defaults[name] } : part,
  ]);
  return properties === undefined ? schema : { ...schema, properties: Object.fromEntries(entries) };
}
