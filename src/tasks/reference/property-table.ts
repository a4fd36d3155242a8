import { isDeepStrictEqual } from "node:util";
import type { JsonSchema } from "../../flow/reference/json-schema.ts";
import { durationMeta } from "../../flow/words.ts";

/** The definitions of the schema, for what they are called. */
export type Definitions = Readonly<Record<string, JsonSchema>>;

/** A table of the properties of a map, those inside with a dot, those that must be given first. */
export function propertyTable(schema: JsonSchema, definitions: Definitions): string {
  const rows = rowsOf(schema, definitions, "");
  if (rows.length === 0) return "None.";
  return ["| property | type | default | |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** A table of what a task gives. */
export function outputTable(schema: JsonSchema): string {
  const rows = Object.entries(schema.properties ?? {}).map(
    ([name, part]) => `| \`${name}\` | ${cell(typeText(part, {}))} | ${cell(part.description ?? "")} |`,
  );
  return ["| output | type | |", "| --- | --- | --- |", ...rows].join("\n");
}

function rowsOf(schema: JsonSchema, definitions: Definitions, prefix: string): string[] {
  const required = new Set(schema.required ?? []);
  const entries = Object.entries(schema.properties ?? {}).filter(([, part]) => part.const === undefined);
  const sorted = entries.toSorted(([a], [b]) => Number(required.has(b)) - Number(required.has(a)));
  return sorted.flatMap(([name, part]) => {
    const found = resolved(part, definitions);
    const path = `${prefix}${name}`;
    const fallback = isShown(found.default) ? `\`${JSON.stringify(found.default)}\`` : "";
    const shown = required.has(name) ? "required" : fallback;
    const row = `| \`${path}\` | ${cell(typeText(part, definitions))} | ${cell(shown)} | ${cell(found.description ?? "")} |`;
    return [row, ...mapsIn(found).flatMap((map) => rowsOf(map, definitions, `${path}.`))];
  });
}

/** A default of nothing but the defaults of what stands inside says nothing. */
function isShown(value: unknown): boolean {
  return (
    value !== undefined && !(value !== null && typeof value === "object" && Object.keys(value).length === 0)
  );
}

function mapsIn(schema: JsonSchema): JsonSchema[] {
  if (schema.properties !== undefined) return [schema];
  if (schema.items !== undefined) return mapsIn(schema.items);
  return (schema.anyOf ?? []).flatMap(mapsIn).slice(0, 1);
}

/** A `task.…` is a property of its own; what else has a name is described where it is defined. */
function resolved(schema: JsonSchema, definitions: Definitions): JsonSchema {
  const name = nameOf(schema);
  return name?.startsWith("task.") === true ? (definitions[name] ?? schema) : schema;
}

function nameOf({ $ref }: JsonSchema): string | undefined {
  return typeof $ref === "string" ? $ref.replace("#/definitions/", "") : undefined;
}

/** What a value can be, in a few words. */
export function typeText(schema: JsonSchema, definitions: Definitions): string {
  const name = nameOf(schema);
  if (name === "template") return "";
  if (name !== undefined)
    return name.startsWith("task.") ? typeText(definitions[name] ?? {}, definitions) : link(name);
  if (isDeepStrictEqual(schema.examples, durationMeta.examples)) return `[duration](flows.md#durations)`;
  const { type, enum: words, const: only, anyOf, oneOf, allOf, items } = schema;
  if (only !== undefined) return `\`${String(only)}\``;
  if (Array.isArray(words)) return words.map((word) => `\`${String(word)}\``).join(", ");
  if (Array.isArray(allOf)) return typeText(allOf[0] as JsonSchema, definitions);
  const alternatives = anyOf ?? oneOf;
  if (alternatives !== undefined) {
    const texts = alternatives.map((each) => typeText(each, definitions)).filter((text) => text !== "");
    // A number that stands for a boolean is no more than another way to write it.
    const told = texts.includes("boolean") ? texts.filter((text) => text !== "whole number") : texts;
    return [...new Set(told)].join(" or ");
  }
  if (items !== undefined) return `list of ${typeText(items, definitions)}`;
  const types = [type ?? []].flat();
  // Text properties also take a number or a boolean, which becomes text.
  if (types.includes("string"))
    return types.includes("number") && !types.includes("boolean") ? "text or number" : "text";
  return types.map((each) => nouns[each] ?? each).join(" or ") || "any";
}

/** The type of a property leads to where it is described. */
function link(name: string): string {
  const place = places[name];
  if (place === undefined) throw new Error(`No page describes ${name}.`);
  return `[${name}](${place})`;
}

const places: Readonly<Record<string, string>> = {
  task: "tasks.md",
  input: "flows.md#inputs",
  output: "flows.md#outputs",
  labels: "flows.md#labels",
  retry: "flows.md#retries",
  concurrency: "flows.md#concurrency",
  sla: "flows.md#slas",
  check: "flows.md#checks",
  pluginDefault: "flows.md#plugin-defaults",
  trigger: "flows.md#triggers",
  workerGroup: "flows.md#worker-groups",
};

const nouns: Readonly<Record<string, string>> = {
  object: "map",
  array: "list",
  integer: "whole number",
};

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
