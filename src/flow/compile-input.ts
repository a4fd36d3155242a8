import { readsOfDeep } from "../expression/render-deep.ts";
import type { CompiledInput } from "./compiled-flow.ts";
import { leavesOf } from "./input-entries.ts";
import type { Input, WrittenInput } from "./input-schema.ts";
import { readInputValue } from "./input-value.ts";
import { holdsTemplate } from "./words.ts";
import { given } from "./written.ts";

/** Turns inputs that have been checked into what the database stores, with defaults as they are written. */
export function compileInputs(
  inputs: readonly WrittenInput[],
  written: unknown,
  variables: Readonly<Record<string, unknown>> = {},
): CompiledInput[] {
  const asWritten = leavesOf((written ?? []) as WrittenInput[]);
  return leavesOf(inputs).map((input, index) =>
    compileInput(
      input,
      takesNumbersAsWritten(input) ? asWritten[index]?.defaults : input.defaults,
      variables,
    ),
  );
}

/** Those of other types read their numbers by themselves. */
function takesNumbersAsWritten(input: Input): boolean {
  return (
    ["STRING", "JSON"].includes(input.type) ||
    holdsTemplate(input.defaults) ||
    (input.type === "ARRAY" && ["STRING", "JSON"].includes(input.itemType ?? "JSON"))
  );
}

function compileInput(
  input: Input,
  written: unknown,
  variables: Readonly<Record<string, unknown>>,
): CompiledInput {
  const { defaults: _, name: __, dependsOn, required, ...rest } = input;
  const values = valuesOf(input);
  const defaults = written ?? firstChoice(input, values);
  // Nobody but a worker can encrypt a secret.
  const isTemplated = holdsTemplate(defaults) || (input.type === "SECRET" && isThere(defaults));
  const waits = (dependsOn?.inputs ?? []).length > 0 || dependsOn?.condition !== undefined;
  const isDeferred = waits || input.type === "YAML" || ("expression" in input && isThere(input.expression));
  return {
    ...given({ ...rest, ...numericLimits(input), values }),
    required: required ?? true,
    ...(isThere(defaults) ? { defaults: isTemplated ? defaults : defaultOf(input, defaults) } : {}),
    isTemplated,
    ...readsOf([defaults, "expression" in input ? input.expression : undefined], variables),
    ...(isDeferred && { isDeferred }),
    ...(waits && { dependsOn: { inputs: [], ...given(dependsOn ?? {}) } }),
  } as CompiledInput;
}

/** Nothing, where it reads nothing that may change. */
function readsOf(
  written: unknown,
  variables: Readonly<Record<string, unknown>>,
): Pick<CompiledInput, "reads"> {
  const { inputs, variables: read, all } = readsOfDeep(written, variables);
  if (inputs.length === 0 && read.length === 0 && !all) return {};
  return { reads: { inputs, variables: read, ...(all && { all }) } };
}

/** Limits that were written as texts. */
function numericLimits(input: Input): { min?: number; max?: number } {
  if (input.type !== "INT" && input.type !== "FLOAT") return {};
  const { min, max } = input;
  return { ...(min !== undefined && { min: Number(min) }), ...(max !== undefined && { max: Number(max) }) };
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Where there is an expression, it says what can be chosen. */
function valuesOf(input: Input): string[] | undefined {
  if ("expression" in input && isThere(input.expression)) return undefined;
  if (input.type === "MULTISELECT") return (input.values ?? input.options)?.map(String);
  return input.type === "SELECT" || input.type === "ENUM" ? input.values?.map(String) : undefined;
}

function firstChoice(input: Input, values: string[] | undefined): unknown {
  if ((input.type !== "SELECT" && input.type !== "MULTISELECT") || input.autoSelectFirst !== true)
    return undefined;
  const first = values?.[0];
  return input.type === "MULTISELECT" && first !== undefined ? [first] : first;
}

function defaultOf(input: Input, defaults: unknown): unknown {
  const read = readInputValue(input, defaults);
  return "value" in read ? read.value : defaults;
}
