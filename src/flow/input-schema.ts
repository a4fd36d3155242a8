import { z } from "zod";
import { duration } from "./words.ts";

/** What an id of an input may have at most. */
export const longestId = 256;

/** What inputs of all types take. */
export const commonProperties = {
  id: z
    .string()
    .max(longestId)
    .refine((id) => /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/.test(id) && !/\.(\.|$)/.test(id), {
      error: "The id of an input starts with a letter or a digit; dots in it nest.",
      params: { reason: "invalid_id" },
    })
    .meta({ pattern: "^(?!.*\\.(\\.|$))[a-zA-Z0-9][a-zA-Z0-9._-]*$" }),
  /** What `id` was called once. */
  name: z.string().optional(),
  description: z.string().optional(),
  required: z.boolean().optional(),
  defaults: z.unknown().optional(),
  prefill: z.unknown().optional(),
  displayName: z.string().optional(),
  dependsOn: z
    .strictObject({ inputs: z.array(z.string()).optional(), condition: z.string().optional() })
    .optional(),
};

const choice = {
  values: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  expression: z.string().optional(),
  allowCustomValue: z.boolean().optional(),
  autoSelectFirst: z.boolean().optional(),
};

const itemType = z.enum([
  "STRING",
  "INT",
  "FLOAT",
  "BOOL",
  "BOOLEAN",
  "DATETIME",
  "DATE",
  "TIME",
  "DURATION",
  "JSON",
  "URI",
  "EMAIL",
]);
const validator = z.string().optional();

function input<T extends string, P extends z.ZodRawShape>(type: T, properties: P) {
  return z.strictObject({ type: z.literal(type), ...commonProperties, ...properties });
}

/** A limit may be written as a text, as Kestra takes it. */
function limit(number: z.ZodNumber, text: RegExp, expected: string) {
  return z.union([number, z.string().regex(text, expected)], expected).optional();
}

const wholeLimit = () => limit(z.int(), /^\s*[+-]?\d{1,10}\s*$/, "Expected a whole number");
const limitOfFloats = () =>
  limit(z.number(), /^\s*[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\s*$/, "Expected a number");

function between<P extends z.ZodType>(limit: P) {
  return { after: limit.optional(), before: limit.optional() };
}

/** What each type of input takes, but for forms. */
export const inputSchemas = {
  STRING: input("STRING", { validator }),
  SELECT: input("SELECT", { ...choice, isRadio: z.boolean().optional() }),
  // `options` is the old name of `values`.
  MULTISELECT: input("MULTISELECT", {
    ...choice,
    options: choice.values,
    itemType: itemType.optional(),
  }),
  ENUM: input("ENUM", { values: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1) }),
  INT: input("INT", { min: wholeLimit(), max: wholeLimit() }),
  FLOAT: input("FLOAT", { min: limitOfFloats(), max: limitOfFloats() }),
  BOOL: input("BOOL", {}),
  BOOLEAN: input("BOOLEAN", {}),
  DATETIME: input("DATETIME", between(z.string())),
  DATE: input("DATE", between(z.string())),
  TIME: input("TIME", between(z.string())),
  DURATION: input("DURATION", { min: duration().optional(), max: duration().optional() }),
  JSON: input("JSON", {}),
  URI: input("URI", {}),
  EMAIL: input("EMAIL", {}),
  ARRAY: input("ARRAY", { itemType }),
  FILE: input("FILE", {
    allowedFileExtensions: z.array(z.string()).optional(),
    extension: z.string().optional(),
  }),
  SECRET: input("SECRET", { validator }),
  YAML: input("YAML", {}),
} as const;

type LeafSchema = (typeof inputSchemas)[keyof typeof inputSchemas];

// zod wants to see that there is one at least.
const leaves = Object.values(inputSchemas) as unknown as [LeafSchema, ...LeafSchema[]];

/** An input that holds no others. */
const leafSchema = z.discriminatedUnion("type", leaves);

/** A group of inputs: each is one of the flow, under the id of the form, a dot, and its own. */
export const formSchema = input("FORM", { inputs: z.array(leafSchema).min(1) });

/** An input of a flow as it is written. */
export const inputSchema = z.discriminatedUnion("type", [formSchema, ...leaves]);

/** The type of an input. */
export type InputType = keyof typeof inputSchemas;

/** An input that holds no others, as it is written. */
export type Input = z.infer<(typeof inputSchemas)[InputType]>;

/** An input as it is written, or a form. */
export type WrittenInput = z.infer<typeof inputSchema>;

/** The type of the entries of a list. */
export type ItemType = z.infer<typeof itemType>;

/** The types that a value may have, for outputs. */
export const inputTypes = Object.keys(inputSchemas) as InputType[];
