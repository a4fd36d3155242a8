import { parse } from "yaml";
import type { z } from "zod";
import { flowSchema, outputSchema, pluginDefaultSchema } from "../flow-schema.ts";
import { flowableTypes } from "../flowable-types.ts";
import { isItemType } from "../for-each-item.ts";
import { checkSchema, concurrencySchema, slaSchema } from "../gate-schema.ts";
import { inputSchema } from "../input-schema.ts";
import { flowLabelsSchema } from "../label-schema.ts";
import { retrySchema } from "../retry-schema.ts";
import { taskSchema, workerGroupSchema } from "../task-schema.ts";
import { innerLists } from "../task-tree.ts";
import { triggerSchema, triggerTypes } from "../trigger-schema.ts";
import { presentName } from "../type-names.ts";
import { type BlockWords, blockDefaults, blockWords, commonBlockWords } from "./block-words.ts";
import { flowDefaults, flowWords } from "./flow-words.ts";
import { described, type JsonSchema, orTemplate, toJsonSchema, withDefaults } from "./json-schema.ts";

/** A task type, with what an editor shows of it. */
export interface DescribedType {
  type: string;
  title: string;
  description: string;
  properties: z.ZodObject;
  examples: { title: string; yaml: string }[];
}

const ref = (name: string): JsonSchema => ({ $ref: `#/definitions/${name}` });
const list = (items: JsonSchema): JsonSchema => ({ type: "array", items });
const taskList: JsonSchema = { ...list(ref("task")), minItems: 1 };

/** The whole flow language as a JSON Schema (draft 7). A task is told apart by its type. */
export function languageSchema(types: Iterable<DescribedType>): JsonSchema {
  const runnable = [...types].filter(({ type }) => !isItemType(type)).map(runnableType);
  const blocks = [...flowableTypes].flatMap(([type, { properties, isLater }]) =>
    isLater ? [] : [blockType(type, properties)],
  );
  const all = [...runnable, ...blocks].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A flow of Reprise",
    description: "The flow language, which follows Kestra's.",
    ...flowPart(),
    definitions: {
      template: {
        type: "string",
        pattern: "\\{[{%#]",
        description: 'A template such as `"{{ inputs.name }}"`, which gives the value when it is rendered.',
      },
      ...sharedParts(),
      ...Object.fromEntries(
        Object.entries(commonProperties()).map(([name, schema]) => [`task.${name}`, schema]),
      ),
      task: {
        type: "object",
        required: ["type"],
        discriminator: { propertyName: "type" },
        oneOf: all.map(([type]) => ref(type)),
      },
      ...Object.fromEntries(all),
    },
  };
}

/** The parts of a flow that have definitions of their own. */
function sharedParts(): Record<string, JsonSchema> {
  const of = (name: string, schema: z.ZodType) => [name, worded(name, schema)] as const;
  return Object.fromEntries([
    of("labels", flowLabelsSchema),
    ["input", inputPart()],
    of("output", outputSchema),
    of("concurrency", concurrencySchema),
    of("sla", slaSchema),
    of("check", checkSchema),
    of("retry", retrySchema),
    of("workerGroup", workerGroupSchema),
    of("pluginDefault", pluginDefaultSchema),
    ["trigger", triggerPart()],
  ]);
}

/** A part of a flow with what each of its properties is for. */
function worded(name: string, schema: z.ZodType): JsonSchema {
  const inner = Object.entries(flowWords).flatMap(([place, words]) =>
    place.startsWith(`${name}.`)
      ? Object.entries(words).map(([key, text]) => [`${place.slice(name.length + 1)}.${key}`, text] as const)
      : [],
  );
  const words = { ...flowWords[name], ...Object.fromEntries(inner) };
  return withDefaults(described(toJsonSchema(schema), words), flowDefaults[name] ?? {});
}

/** What a form groups are inputs like all others, but for forms. */
function inputPart(): JsonSchema {
  const { oneOf = [], ...rest } = worded("input", inputSchema);
  const withRefs = oneOf.map((kind) => {
    const inside = kind.properties?.inputs;
    if (inside === undefined) return kind;
    const { description = "" } = inside;
    return {
      ...kind,
      properties: { ...kind.properties, inputs: { description, minItems: 1, ...list(ref("input")) } },
    };
  });
  return { ...rest, oneOf: withRefs };
}

function triggerPart(): JsonSchema {
  const { properties, ...rest } = worded("trigger", triggerSchema);
  return { ...rest, properties: { ...properties, type: { ...properties?.type, enum: [...triggerTypes] } } };
}

function flowPart(): JsonSchema {
  const { properties, ...rest } = worded("flow", flowSchema);
  const named: Record<string, JsonSchema> = {
    labels: ref("labels"),
    inputs: list(ref("input")),
    outputs: list(ref("output")),
    triggers: list(ref("trigger")),
    retry: ref("retry"),
    concurrency: ref("concurrency"),
    sla: list(ref("sla")),
    pluginDefaults: list(ref("pluginDefault")),
    checks: list(ref("check")),
    workerGroup: ref("workerGroup"),
    tasks: taskList,
    errors: list(ref("task")),
    finally: list(ref("task")),
    afterExecution: list(ref("task")),
  };
  const entries = Object.entries(properties ?? {}).map(([key, part]) => {
    // Beside a `$ref` of draft 7 nothing else counts, so that it is put into a list of one.
    const schema = named[key];
    if (schema === undefined) return [key, part] as const;
    const description = part.description ?? "";
    return [
      key,
      schema.$ref === undefined ? { description, ...schema } : { description, allOf: [schema] },
    ] as const;
  });
  return { ...rest, properties: Object.fromEntries(entries) };
}

/** What every task takes. */
function commonProperties(): Record<string, JsonSchema> {
  const { properties = {} } = worded("task", taskSchema);
  const cache = described(properties.taskCache ?? {}, flowWords.taskCache ?? {});
  const shared = (name: string, target: string) => ({
    description: properties[name]?.description ?? "",
    allOf: [ref(target)],
  });
  const { type: _, assets: __, ...rest } = properties;
  return {
    ...rest,
    taskCache: cache,
    retry: shared("retry", "retry"),
    workerGroup: shared("workerGroup", "workerGroup"),
  };
}

function taskOf(type: string, about: JsonSchema, own: JsonSchema): [string, JsonSchema] {
  const common = Object.keys(commonProperties()).map((name) => [name, ref(`task.${name}`)] as const);
  return [
    type,
    {
      ...about,
      type: "object",
      properties: {
        type: { const: type, description: String(about.title) },
        ...Object.fromEntries(common),
        ...own.properties,
      },
      required: ["id", "type", ...(own.required ?? [])],
      additionalProperties: false,
    },
  ];
}

function runnableType({
  type,
  title,
  description,
  properties,
  examples,
}: DescribedType): [string, JsonSchema] {
  const own = toJsonSchema(properties);
  const open = Object.entries(own.properties ?? {}).map(
    ([name, schema]) => [name, orTemplate(schema)] as const,
  );
  const shown = examples.map(({ yaml }) => asTask(type, yaml));
  return taskOf(
    type,
    { title, description, examples: shown },
    { ...own, properties: Object.fromEntries(open) },
  );
}

function asTask(type: string, yaml: string): Record<string, unknown> {
  return { id: "example", type, ...(parse(yaml) as Record<string, unknown>) };
}

/** What is told of a block; nothing of one that nobody has described. */
export function wordsOfBlock(type: string): BlockWords | undefined {
  const now = presentName(type) ?? type;
  return blockWords[lastPart(now)];
}

function lastPart(type: string): string {
  return type.slice(type.lastIndexOf(".") + 1);
}

function blockType(type: string, properties: z.ZodObject): [string, JsonSchema] {
  const words = wordsOfBlock(type);
  const now = presentName(type);
  const worded = described(toJsonSchema(properties), { ...commonBlockWords, ...words?.properties });
  const own = withDefaults(worded, blockDefaults[lastPart(now ?? type)] ?? {});
  const parts = Object.entries(own.properties ?? {}).map(([name, schema]) => [
    name,
    innerLists.has(name) || name === "onResume" || name === "outputs"
      ? innerPart(name, schema)
      : orTemplate(schema),
  ]);
  const about = {
    title: words?.title ?? "",
    description: `${words?.description ?? ""}${now === undefined ? "" : ` Its name is now \`${now}\`.`}`,
    examples: words === undefined ? [] : [asTask(type, words.example)],
  };
  return taskOf(type, about, { ...own, properties: Object.fromEntries(parts) });
}

/** The tasks in a block, and what else is told apart by its type. */
function innerPart(name: string, schema: JsonSchema): JsonSchema {
  const description = schema.description ?? "";
  const entry = schema.items?.properties;
  if (name === "onPause") return { description, allOf: [ref("task")] };
  if (name === "onResume") return { description, ...list(ref("input")) };
  if (name === "outputs")
    return schema.items === undefined ? schema : { description, ...list(ref("output")) };
  if (name === "cases") return { description, type: "object", additionalProperties: list(ref("task")) };
  if (entry?.task === undefined) return { ...schema, description, items: ref("task") };
  const task = { description: entry.task.description ?? "", allOf: [ref("task")] };
  return { ...schema, items: { ...schema.items, properties: { ...entry, task } } };
}
