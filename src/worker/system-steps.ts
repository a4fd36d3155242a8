import { callOne, type Database } from "../db/call.ts";
import type { TaskKind } from "../db/generated.ts";
import { renderDeep } from "../expression/render-deep.ts";
import type { Context } from "../expression/template.ts";
import type { CompiledCheck, CompiledInput, CompiledOutput } from "../flow/compiled-flow.ts";
import { judgeChecks } from "../flow/judge-checks.ts";
import type { Storage } from "../storage/storage.ts";
import { TaskError, type TaskLog } from "../tasks/task-type.ts";
import { reportViolations } from "./assertions.ts";
import { loopOutputsStep } from "./loop-outputs-step.ts";
import { renderOutputs } from "./render-outputs.ts";
import type { SystemStep } from "./run-attempt.ts";

/** The steps that a flow has where SQL alone cannot start or end it, by the kind of their task. */
export function systemSteps(db: Database, storage: Storage): ReadonlyMap<string, SystemStep> {
  const assertHolds = async (task: Step, context: Context, executionId: string, log: TaskLog) =>
    await reportViolations(db, executionId, definitionOf(task, "assertions"), context, (message) =>
      log.error(message),
    );
  return new Map<TaskKind, SystemStep>([
    [
      "DEFAULTS",
      async (task, context, begun, log) => {
        const inputs = await renderDefaults(db, definitionOf(task, "inputs"), context);
        // A replay was let in with its original.
        if (begun.root_id === null) check(definitionOf(task, "checks"), { ...context, inputs }, log);
        await assertHolds(task, { ...context, inputs }, begun.execution_id, log);
        return inputs;
      },
    ],
    [
      "OUTPUTS",
      async (task, context, begun, log) => {
        const definitions = definitionOf<CompiledOutput>(task, "outputs");
        // When that ends the execution, nobody waits for the outputs any more.
        if (await assertHolds(task, context, begun.execution_id, log)) return undefined;
        return definitions.length === 0 ? undefined : await renderOutputs(db, definitions, context, log);
      },
    ],
    ["LOOP_OUTPUTS", loopOutputsStep(db, storage)],
  ]);
}

type Step = Parameters<SystemStep>[0];

/** Evaluates the checks of a flow, for an execution whose creator could not. */
function check(checks: CompiledCheck[], context: Context, log: TaskLog): void {
  const judgement = judgeChecks(checks, context);
  if (judgement === undefined) return;
  if (judgement.behavior === "CREATE_EXECUTION") log.warn(judgement.message);
  else
    throw new TaskError(
      judgement.behavior === "FAIL_EXECUTION" ? "check_failed" : "execution_blocked",
      judgement.message,
    );
}

function definitionOf<T>(task: { definition: unknown }, key: string): T[] {
  return (task.definition as Record<string, T[]>)[key] ?? [];
}

/** Renders the defaults of the inputs that have no value yet, each seeing the ones before it, and has SQL check them. */
async function renderDefaults(db: Database, definitions: CompiledInput[], context: Context) {
  let inputs = context.inputs as Record<string, unknown>;
  for (const { id, defaults, isTemplated } of definitions) {
    const path = id.split(".");
    if (!isTemplated || valueAt(inputs, path) !== undefined) continue;
    inputs = withValue(inputs, path, renderDeep(defaults, { ...context, inputs }));
  }

  const checked = await callOne(db, "reprise_engine.check_inputs", {
    // What is null now is null for good: there is no default left to render.
    definitions: definitions.map(({ defaults: _, ...definition }) => ({ ...definition, isTemplated: false })),
    given: Object.fromEntries(definitions.map(({ id }) => [id, valueAt(inputs, id.split(".")) ?? null])),
  });
  // The other inputs have been checked already, and stay as they are.
  return definitions.reduce((all, { id }) => {
    const path = id.split(".");
    return withValue(all, path, valueAt(checked, path));
  }, inputs);
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
