import { RepriseError } from "../base/errors.ts";
import { writeJson } from "../base/json.ts";
import { holdsSealed, looksSealed } from "../base/secret-box.ts";
import { ExpressionError } from "../expression/expression-error.ts";
import { renderInTurn } from "../expression/render-in-turn.ts";
import type { Context } from "../expression/template.ts";
import { readingFault, readYamlText } from "../expression/yaml-text.ts";
import type { CompiledInput } from "../flow/compiled-flow.ts";
import { inOrder } from "../flow/cycles.ts";
import { needsOfInputs } from "../flow/needs.ts";
import { valueAt, withoutValue, withValue } from "../flow/nested.ts";

/** What finding out about inputs takes beside templates. */
export interface InputRules {
  /** Has SQL check values against definitions. */
  check(definitions: unknown[], given: Record<string, unknown>): Promise<ExaminedInputs>;
  /** Encrypts a secret, or says in its place what is wrong with it. */
  seal(definition: CompiledInput, value: unknown): unknown;
  /** What templates see of the inputs; those that were given and found so far, if nothing else is said. */
  see?(inputs: Record<string, unknown>): unknown;
  /** Puts stars in place of the secrets that templates have read. */
  mask<T>(told: T): T;
  warn?(message: string): void;
}

/** What SQL makes of values: those that are right, and what is wrong with the others. */
export interface ExaminedInputs {
  inputs: Record<string, unknown>;
  problems: InputProblem[];
}

/** A fault of an input, as SQL tells it. */
export interface InputProblem {
  path: string;
  code: string;
  message: string;
  /** How a value of its type is written, where that is easily missed. */
  hint?: string;
}

/**
 * Finds out what templates say about inputs: which are there, what a SELECT may be, and what the defaults are, each seeing those that
 * it depends on. SQL checks the rest. `context.inputs` has what was given; raises RP422 with every fault.
 */
export async function resolveInputs(
  definitions: readonly CompiledInput[],
  context: Context,
  rules: InputRules,
): Promise<Record<string, unknown>> {
  const { inputs, problems } = await findInputs(definitions, context, rules);
  if (problems.length > 0) throw refusedInputs(problems);
  return inputs;
}

/** The same, with the faults, and what is left out, beside those inputs that are right. Nothing is asked of inputs that depend on `wrong` ones. */
export async function findInputs(
  definitions: readonly CompiledInput[],
  context: Context,
  rules: InputRules,
  wrong: Iterable<string> = [],
): Promise<{ inputs: Record<string, unknown>; problems: InputProblem[]; leftOut: string[] }> {
  let inputs = (context.inputs ?? {}) as Record<string, unknown>;
  const disabled = new Set<string>(wrong);
  const problems: InputProblem[] = [];
  const leftOut: string[] = [];
  for (const written of inReadingOrder(definitions)) {
    const path = written.id.split(".");
    const seen = { ...context, inputs: rules.see?.(inputs) ?? inputs };
    if (disabled.has(written.id)) continue;
    if (!(await isEnabled(written, disabled, seen, rules))) {
      disabled.add(written.id);
      leftOut.push(written.id);
      inputs = withoutValue(inputs, path);
      continue;
    }
    try {
      const definition = await withRenderedValues(written, seen);
      const value = valueAt(inputs, path) ?? (await defaultOf(definition, seen));
      const checked = await rules.check(
        [{ ...definition, defaults: null, isTemplated: false, isDeferred: false }],
        { [written.id]: readable(definition, value, rules) ?? null },
      );
      if (checked.problems.length > 0) throw refusedInputs(checked.problems);
      inputs = withValue(inputs, path, valueAt(checked.inputs, path));
    } catch (error) {
      problems.push(
        ...(error instanceof ExpressionError
          ? [{ path: written.id, code: "invalid_input", message: error.message }]
          : problemsOf(error)),
      );
      // What reads it would only tell the same again.
      disabled.add(written.id);
      inputs = withoutValue(inputs, path);
    }
  }
  return { inputs, problems: rules.mask(problems), leftOut };
}

/** The refusal of inputs of a flow or a Pause, or of outputs, every fault a line. */
export function refusedInputs(
  problems: readonly InputProblem[],
  of: keyof typeof whereToLook = "inputs",
): RepriseError {
  const message = problems.map((each) => each.message).join("\n");
  return new RepriseError("RP422", of === "outputs" ? "invalid_outputs" : "invalid_inputs", message, {
    hint: [...new Set(problems.flatMap(({ hint }) => hint ?? []))].join(" ") || whereToLook[of],
    details: { problems },
  });
}

const whereToLook = {
  inputs: "The inputs of the flow say what each may be.",
  onResume:
    "The onResume of the Pause says what each may be. Of several that wait, the first is meant unless you name the task run of another.",
  outputs: "The outputs of the flow say what each may be.",
};

/** Inputs, each behind those that it depends on. */
function inReadingOrder(inputs: readonly CompiledInput[]): CompiledInput[] {
  const byId = new Map(inputs.map((input) => [input.id, input]));
  return inOrder(needsOfInputs(inputs, { isCertain: false })).flatMap((id) => byId.get(id) ?? []);
}

/** An input is there where all that it depends on is, and its condition is true, and nothing but that. */
async function isEnabled(
  { id, dependsOn }: CompiledInput,
  disabled: ReadonlySet<string>,
  context: Context,
  rules: InputRules,
): Promise<boolean> {
  if (dependsOn === undefined) return true;
  if (dependsOn.inputs.some((needed) => disabled.has(needed))) return false;
  if (dependsOn.condition === undefined) return true;
  try {
    return (await renderInTurn(dependsOn.condition, context, { isNative: true })) === true;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    rules.warn?.(rules.mask(`Input ${id} is left out. Invalid condition: ${error.message}`));
    return false;
  }
}

async function withRenderedValues(definition: CompiledInput, context: Context): Promise<CompiledInput> {
  const { id, expression } = definition;
  if (expression === undefined) return definition;
  const wrong = (message: string) =>
    problem(id, `Invalid value for input \`${id}\`. Cause: ${id}: ${message}`);
  let rendered: unknown;
  try {
    rendered = await renderInTurn(expression.trim(), context, { isNative: true });
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw wrong(`Cannot render 'expression'. Cause: ${error.message}`);
  }
  // Nothing, such as what was not given, is nothing to choose from.
  if (rendered === null) return { ...definition, values: [] };
  if (!Array.isArray(rendered)) throw wrong("Invalid expression result. Expected a list of strings");
  const values = rendered
    .filter((value) => value !== null && value !== undefined)
    .map((value) => (typeof value === "object" ? writeJson(value) : String(value)));
  return { ...definition, values };
}

async function defaultOf(definition: CompiledInput, context: Context): Promise<unknown> {
  const { type, defaults, isTemplated, autoSelectFirst, values } = definition;
  if (defaults !== undefined && defaults !== null) {
    const rendered = isTemplated
      ? await renderInTurn(defaults, context, { isText: type === "STRING" })
      : defaults;
    // Nothing, where a type has no empty text.
    return rendered === "" && !textTypes.has(type) ? undefined : rendered;
  }
  if (autoSelectFirst !== true || values?.[0] === undefined) return undefined;
  return type === "MULTISELECT" ? [values[0]] : values[0];
}

const textTypes: ReadonlySet<string> = new Set(["STRING", "SELECT", "ENUM", "EMAIL", "SECRET"]);

/** What SQL cannot read by itself. */
function readable(definition: CompiledInput, value: unknown, rules: InputRules): unknown {
  if (definition.type === "SECRET") return rules.seal(definition, value);
  if (definition.type !== "YAML" || typeof value !== "string") return value;
  const wrong = (cause: unknown) =>
    problem(definition.id, `Invalid value for input \`${definition.id}\`. Cause: ${cause}`);
  let read: unknown;
  try {
    read = readYamlText(value);
  } catch (error) {
    throw wrong(readingFault(error));
  }
  if (holdsSealed(read)) throw wrong(looksSealed);
  return read;
}

function problem(path: string, message: string): RepriseError {
  return new RepriseError("RP422", "invalid_inputs", message, {
    details: { problems: [{ path, code: "invalid_input", message }] },
  });
}

/** The faults that an error tells; any other error goes on its way. */
function problemsOf(error: unknown): InputProblem[] {
  const details =
    error instanceof RepriseError && error.reason === "invalid_inputs" ? error.details : undefined;
  const { problems } = (details ?? {}) as { problems?: InputProblem[] };
  if (problems === undefined) throw error;
  return problems;
}
