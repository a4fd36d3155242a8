import type { SecretBox } from "../base/secret-box.ts";
import { callOne, type Database } from "../db/call.ts";
import type { TaskKind } from "../db/generated.ts";
import type { Context } from "../expression/template.ts";
import type { CompiledCheck, CompiledOutput } from "../flow/compiled-flow.ts";
import { judgeChecks } from "../flow/judge-checks.ts";
import type { Storage } from "../storage/storage.ts";
import type { TaskLog } from "../tasks/task-type.ts";
import { reportViolations } from "./assertions.ts";
import { workerRulesOf } from "./given-inputs.ts";
import { loopOutputsStep } from "./loop-outputs-step.ts";
import { renderOutputs } from "./render-outputs.ts";
import { resolveInputs } from "./resolve-inputs.ts";
import type { SystemStep } from "./run-attempt.ts";
import type { AttemptError } from "./transitions.ts";

/** The steps that a flow has where SQL alone cannot start or end it, by the kind of their task. */
export function systemSteps(
  db: Database,
  storage: Storage,
  secretBox: SecretBox,
): ReadonlyMap<string, SystemStep> {
  const assertHolds = async (task: Step, context: Context, executionId: string, log: TaskLog) =>
    await reportViolations(db, executionId, definitionOf(task, "assertions"), context, (message) =>
      log.error(message),
    );
  return new Map<TaskKind, SystemStep>([
    [
      "DEFAULTS",
      async (task, context, begun, log, secrets) => {
        const rules = { ...workerRulesOf(db, secretBox, secrets), warn: log.warn };
        const inputs = await resolveInputs(definitionOf(task, "inputs"), context, rules);
        const checks = definitionOf<CompiledCheck>(task, "checks");
        // A replay may have been let in with its original.
        const isAsked =
          checks.length > 0 &&
          (begun.root_id === null ||
            (await callOne(db, "reprise_engine.needs_checks", { execution_id: begun.execution_id })) ===
              true);
        const error = isAsked ? await failureOf(checks, { ...context, inputs }, log) : undefined;
        // What runs behind the failure reads the inputs.
        if (error !== undefined) return { outputs: inputs, error };
        await assertHolds(task, { ...context, inputs }, begun.execution_id, log);
        return { outputs: inputs };
      },
    ],
    [
      "OUTPUTS",
      async (task, context, begun, log) => {
        const definitions = definitionOf<CompiledOutput>(task, "outputs");
        // When that ends the execution, nobody waits for the outputs any more.
        if ((await assertHolds(task, context, begun.execution_id, log)) || definitions.length === 0)
          return {};
        return { outputs: await renderOutputs(db, definitions, context, log, secretBox) };
      },
    ],
    ["LOOP_OUTPUTS", loopOutputsStep(db, storage, secretBox)],
  ]);
}

type Step = Parameters<SystemStep>[0];

/** Evaluates the checks of a flow, for an execution whose creator could not, and says why it is to fail. */
async function failureOf(
  checks: CompiledCheck[],
  context: Context,
  log: TaskLog,
): Promise<AttemptError | undefined> {
  const judgement = await judgeChecks(checks, context);
  if (judgement === undefined) return undefined;
  const { behavior, message } = judgement;
  if (behavior !== "CREATE_EXECUTION")
    return { reason: behavior === "FAIL_EXECUTION" ? "check_failed" : "execution_blocked", message };
  log.warn(message);
  return undefined;
}

function definitionOf<T>(task: { definition: unknown }, key: string): T[] {
  return (task.definition as Record<string, T[]>)[key] ?? [];
}
