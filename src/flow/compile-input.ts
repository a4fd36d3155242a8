import type { CompiledInput } from "./compiled-flow.ts";
import type { Input } from "./input-schema.ts";
import { readInputValue } from "./input-value.ts";
import { holdsTemplate } from "./words.ts";
import { given } from "./written.ts";

/** Turns an input that has been checked into what the database stores. */
export function compileInput(input: Input): CompiledInput {
  const { defaults: written, dependsOn: _, required, ...rest } = input;
  const defaults = written ?? firstChoice(input);
  const isTemplated = holdsTemplate(defaults);
  const values = "values" in rest && rest.values !== undefined ? { values: rest.values.map(String) } : {};
  return {
    ...given({ ...rest, ...values }),
    required: required ?? true,
    ...(defaults === undefined || defaults === null
      ? {}
      : { defaults: isTemplated ? defaults : defaultOf(input, defaults) }),
    isTemplated,
  } as CompiledInput;
}

function firstChoice(input: Input): unknown {
  if ((input.type !== "SELECT" && input.type !== "MULTISELECT") || input.autoSelectFirst !== true)
    return undefined;
  const first = input.values?.[0];
  return input.type === "MULTISELECT" && first !== undefined ? [first] : first;
}

function defaultOf(input: Input, defaults: unknown): unknown {
  const read = readInputValue(input, defaults);
  return "value" in read ? read.value : defaults;
}
