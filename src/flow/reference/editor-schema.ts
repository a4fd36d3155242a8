import { flowableTypes } from "../flowable-types.ts";
import { isStructure } from "../task-tree.ts";
import { formerNames } from "../type-aliases.ts";
import { anyOf, isCommon, orNull, withEmpty } from "./empty-schema.ts";
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
  const written = {
    ...flow,
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
      input: inputPart(definitions.input ?? {}),
      complete: completePart(tasks),
    },
  };
  return withLenientScalars(withEmpty(written));
}

type Definitions = Record<string, JsonSchema>;

const topLists = ["tasks", "errors", "finally", "afterExecution"];
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
  return { ...schema, required: ["id", "type"], properties };
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
      const { required = [], ...one } = kind;
      const others = required.filter((name) => name !== "id");
      return { ...one, required: others, anyOf: [{ required: ["id"] }, { required: ["name"] }] };
    }),
  };
}
