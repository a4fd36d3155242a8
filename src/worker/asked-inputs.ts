import type { SecretBox } from "../base/secret-box.ts";
import { ALL_NAMES } from "../expression/reads.ts";
import { renderInTurn } from "../expression/render-in-turn.ts";
import type { Context } from "../expression/template.ts";
import type { CompiledInput } from "../flow/compiled-flow.ts";
import { TaskError } from "../tasks/task-type.ts";
import { sealInput } from "./secrets.ts";

/**
 * The inputs that a Pause asks for, their defaults rendered, but for those that read what else it asks for: only who resumes it knows that.
 */
export async function askedInputs(onResume: unknown, context: Context): Promise<AskedInput[]> {
  const inputs = (onResume ?? []) as CompiledInput[];
  const names = new Set(inputs.map(({ id }) => id.split(".", 1)[0]));
  const asked = inputs.map(async (input): Promise<AskedInput> => {
    const { isTemplated, isDeferred: _, reads, defaults, expression, required, dependsOn, ...rest } = input;
    const isOpen = (reads?.inputs ?? []).some(
      (path) => path === ALL_NAMES || names.has(path.split(".", 1)[0]),
    );
    const rendered = isOpen
      ? { isTemplated, defaults, ...(expression !== undefined && { expression }) }
      : {
          isTemplated: false,
          defaults: isTemplated ? await renderInTurn(defaults, context) : defaults,
          ...(expression === undefined ? {} : { values: await valuesOf(expression, context) }),
        };
    return {
      ...rest,
      // Whether it is there only who resumes it finds out, who has to give it then.
      ...(dependsOn === undefined
        ? { required }
        : { required: false, dependsOn: { ...dependsOn, required } }),
      ...rendered,
      // Only a template tells whether it is there, and what it may be.
      ...((dependsOn !== undefined || input.type === "YAML" || (isOpen && expression !== undefined)) && {
        isDeferred: true,
      }),
    };
  });
  return await Promise.all(asked);
}

/** An input that a Pause asks for: whether one that depends on others has to be given stands with that. */
export type AskedInput = Omit<CompiledInput, "dependsOn"> & {
  dependsOn?: NonNullable<CompiledInput["dependsOn"]> & { required: boolean };
};

/** The defaults of secrets are stored encrypted, as those that are given are. */
export function withDefaultsSealed(asked: readonly AskedInput[], secretBox: SecretBox): AskedInput[] {
  return asked.map((input) =>
    input.type === "SECRET" && !input.isTemplated
      ? { ...input, defaults: sealInput(secretBox, input, input.defaults) }
      : input,
  );
}

async function valuesOf(expression: string, context: Context): Promise<string[]> {
  const values = await renderInTurn(expression.trim(), context);
  if (values === null) return [];
  if (Array.isArray(values)) return values.filter((value) => value !== null).map(String);
  throw new TaskError("invalid_inputs", "Invalid expression result. Expected a list of strings");
}
