import { flowableTypes } from "../flowable-types.ts";
import { isStructure } from "../task-tree.ts";
import { formerNames } from "../type-aliases.ts";
import type { JsonSchema } from "./json-schema.ts";
import { type DescribedType, languageSchema } from "./language-schema.ts";
import { withLenientScalars } from "./lenient-scalars-schema.ts";

/**
 * The flow language as editors are to check it: it takes whatever is taken when a flow is saved. What is empty is as if it were not
 * there, types may have the names that they once had, and what `pluginDefaults` may bring need not be written.
 */
export function editorSchema(types: Iterable<DescribedType>): JsonSchema {
  const { definitions, ...flow } = languageSchema(types) as JsonSchema & { definitions: Definitions };
  const tasks = Object.entries(definitions).filter(([name, part]) => part.properties?.type?.const === name);
  const eased = tasks.map(([type, schema]) => [type, easedTask(type, schema)] as const);
  const common = Object.entries(definitions).filter(
    ([name]) => name.startsWith("task.") && name !== "task.id",
  );
  return withLenientScalars({
    ...withNulls(flow),
    allOf: [
      where(
        { not: { required: ["pluginDefaults"] } },
        { type: "object", patternProperties: lists(topLists) },
      ),
    ],
    definitions: {
      ...definitions,
      templated: templatedPart(definitions.template ?? {}),
      ...Object.fromEntries(eased),
      ...Object.fromEntries(common.map(([name, part]) => [name, orNull(part)])),
      ...Object.fromEntries(emptiable.map((name) => [name, withNulls(definitions[name] ?? {})])),
      input: inputPart(definitions.input ?? {}),
      complete: completePart(tasks),
    },
  });
}

type Definitions = Record<string, JsonSchema>;

const topLists = ["tasks", "errors", "finally", "afterExecution"];
const emptiable = ["output", "sla", "check", "trigger", "retry"];
const ref = (name: string): JsonSchema => ({ $ref: `#/definitions/${name}` });
const complete = ref("complete");

/** A task as it is where defaults hold: nobody knows what it lacks. */
function easedTask(type: string, schema: JsonSchema): JsonSchema {
  const { const: _, ...told } = schema.properties?.type ?? {};
  const former = formerNames(type);
  const name = former.length === 0 ? { ...told, const: type } : { ...told, enum: [type, ...former] };
  const open = Object.entries(schema.properties ?? {}).map(([key, part]) => [
    key,
    isRendered(type, key, part) ? anyOf(part, ref("templated")) : part,
  ]);
  const properties = { ...Object.fromEntries(open), type: name };
  return withNulls({ ...schema, required: ["id", "type"], properties });
}

/** What all tasks have, and what blocks consist of, is no template; names in a map are told whatever stands beside them. */
function isRendered(type: string, key: string, schema: JsonSchema): boolean {
  const isStrict = JSON.stringify(schema).includes('"additionalProperties":false');
  return key !== "type" && !isCommon(schema) && !isStrict && !(flowableTypes.has(type) && isStructure(key));
}

/** A template, or a list or a map with one in it: nobody knows what comes of it. */
function templatedPart({ pattern }: JsonSchema): JsonSchema {
  const template = ref("templated");
  const inKeys = { not: { propertyNames: { not: { pattern } } } };
  return {
    anyOf: [
      ref("template"),
      { type: "array", contains: template },
      { type: "object", anyOf: [inKeys, { not: { additionalProperties: { not: template } } }] },
    ],
  };
}

/** What tasks need that no defaults come to, with those that stand in them. */
function completePart(tasks: readonly (readonly [type: string, schema: JsonSchema])[]): JsonSchema {
  const needs = tasks.flatMap(([type, { required = [] }]) => {
    const own = required.filter((name) => name !== "id" && name !== "type");
    if (own.length === 0) return [];
    return [type, ...formerNames(type)].map((name) =>
      where(
        { type: "object", required: ["type"], properties: { type: { const: name } } },
        { required: own, ...each(own, { not: { type: "null" } }) },
      ),
    );
  });
  const inner = lists(["tasks", "then", "else", "defaults", "errors", "finally"]);
  const cases = where({ type: "object" }, { type: "object", additionalProperties: listOfComplete });
  const one = each(["task", "onPause"], where({ type: "object" }, complete));
  return {
    type: "object",
    patternProperties: { ...inner, ...one.patternProperties, ...each(["cases"], cases).patternProperties },
    allOf: needs,
  };
}

/** What holds for some properties, if they are there. */
function each(names: readonly string[], schema: JsonSchema) {
  return { type: "object", patternProperties: { [`^(${names.join("|")})$`]: schema } };
}

const listOfComplete = where({ type: "array" }, { type: "array", items: complete });

function lists(names: readonly string[]): Record<string, JsonSchema> {
  return each(names, listOfComplete).patternProperties;
}

function where(condition: JsonSchema, schema: JsonSchema): JsonSchema {
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so.
  return { if: condition, then: schema };
}

/** An input has an id, or a name in its place. */
function inputPart(schema: JsonSchema): JsonSchema {
  const { oneOf = [], ...rest } = schema;
  return {
    ...rest,
    oneOf: oneOf.map((kind) => {
      const { required = [], ...one } = withNulls(kind);
      const others = required.filter((name) => name !== "id");
      return { ...one, required: others, anyOf: [{ required: ["id"] }, { required: ["name"] }] };
    }),
  };
}

/** The same where what need not be given may be empty. */
function withNulls(schema: JsonSchema): JsonSchema {
  const { oneOf, properties, required = [] } = schema;
  if (oneOf !== undefined) return { ...schema, oneOf: oneOf.map(withNulls) };
  if (properties === undefined) return schema;
  const entries = Object.entries(properties).map(([name, part]) => [
    name,
    required.includes(name) || name === "type" || isCommon(part) ? part : orNull(part),
  ]);
  return { ...schema, properties: Object.fromEntries(entries) };
}

/** What all tasks have is defined once. */
function isCommon({ $ref }: JsonSchema): boolean {
  return typeof $ref === "string" && $ref.startsWith("#/definitions/task.");
}

function orNull(schema: JsonSchema): JsonSchema {
  const { type, ...others } = schema;
  const isPlain = ["anyOf", "allOf", "oneOf", "$ref", "enum", "const"].every(
    (word) => !Object.hasOwn(others, word),
  );
  if (!isPlain) return anyOf(schema, { type: "null" });
  return type === undefined ? schema : { ...others, type: [...new Set([type, "null"].flat())] };
}

/** One more alternative; what is said of the value stays in front. */
function anyOf(schema: JsonSchema, other: JsonSchema): JsonSchema {
  const { description, default: fallback, ...rest } = schema;
  const known = rest.anyOf !== undefined && Object.keys(rest).length === 1 ? rest.anyOf : [rest];
  const isThere = known.some((each) => JSON.stringify(each) === JSON.stringify(other));
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: isThere ? known : [...known, other],
  };
}
