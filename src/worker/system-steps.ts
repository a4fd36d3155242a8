import { callOne, type Database } from "../db/call.ts";
import type { TaskKind } from "../db/generated.ts";
import { ExpressionError } from "../expression/expression-error.ts";
import { renderDeep } from "../expression/render-deep.ts";
import type { Context } from "../expression/template.ts";
import type { CompiledInput, CompiledOutput } from "../flow/compiled-flow.ts";
import type { SystemStep } from "./run-attempt.ts";

/** The steps that a flow has where SQL alone cannot start or end it, by the kind of their task. */
export function systemSteps(db: Database): ReadonlyMap<string, SystemStep> {
  return new Map<TaskKind, SystemStep>([
    ["DEFAULTS", async (task, context) => await renderDefaults(db, definitionOf(task, "inputs"), context)],
    ["OUTPUTS", async (task, context) => await renderOutputs(db, definitionOf(task, "outputs"), context)],
  ]);
}

function definitionOf<T>(task: { definition: unknown }, key: string): T[] {
  return (task.definition as Record<string, T[]>)[key] ?? [];
}

/** Renders the defaults of the inputs that have no value yet, each seeing the ones before it, and has SQL check them all. */
async function renderDefaults(db: Database, definitions: CompiledInput[], context: Context) {
  let inputs = context.inputs as Record<string, unknown>;
  const given: Record<string, unknown> = {};
  for (const { id, defaults, isTemplated } of definitions) {
    const value = valueAt(inputs, id.split("."));
    if (value !== undefined || !isTemplated) {
      if (value !== undefined && value !== null) given[id] = value;
      continue;
    }
    given[id] = renderDeep(defaults, { ...context, inputs });
    inputs = withValue(inputs, id.split("."), given[id]);
  }
  return (await callOne(db, "reprise_engine.check_inputs", { definitions, given })) as Record<
    string,
    unknown
  >;
}

/** Renders the outputs of a flow. One that is not required is left out when it cannot be rendered. */
async function renderOutputs(db: Database, definitions: CompiledOutput[], context: Context) {
  const outputs: Record<string, unknown> = {};
  for (const { id, value, required } of definitions) {
    try {
      outputs[id] = renderDeep(value, context) ?? null;
    } catch (error) {
      if (required || !(error instanceof ExpressionError)) throw error;
    }
  }

  const typed = definitions.filter(({ id, type }) => type !== undefined && id in outputs);
  const checked = (await callOne(db, "reprise_engine.check_inputs", {
    definitions: typed,
    given: Object.fromEntries(typed.map(({ id }) => [id, outputs[id]])),
  })) as Record<string, unknown>;
  return { ...outputs, ...checked };
}

function valueAt(values: unknown, path: readonly string[]): unknown {
  let here = values;
  for (const key of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}

function withValue(
  values: Record<string, unknown>,
  path: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const [key = "", ...rest] = path;
  if (rest.length === 0) return { ...values, [key]: value };
  return { ...values, [key]: withValue((values[key] ?? {}) as Record<string, unknown>, rest, value) };
}
