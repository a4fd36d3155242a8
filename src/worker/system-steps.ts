import type { SecretBox } from "../base/secret-box.ts";
import { callOne, type Database } from "../db/call.ts";
import type { TaskKind } from "../db/generated.ts";
import type { Context } from "../expression/template.ts";
import type { CompiledCheck, CompiledOutput } from "../flow/compiled-flow.ts";
import { judgeChecks } from "../flow/judge-checks.ts";
import type { Storage } from "../storage/storage.ts";
import { TaskError, type TaskLog } from "../tasks/task-type.ts";
import { reportViolations } from "./assertions.ts";
import { loopOutputsStep } from "./loop-outputs-step.ts";
import { renderOutputs } from "./render-outputs.ts";
import { resolveInputs } from "./resolve-inputs.ts";
import type { SystemStep } from "./run-attempt.ts";
import { sealInput } from "./secrets.ts";

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
      async (task, context, begun, log) => {
        const inputs = await resolveInputs(definitionOf(task, "inputs"), context, {
          check: async (definitions, given) =>
            (await callOne(db, "reprise_engine.check_inputs", { definitions, given })) as Record<
              string,
              unknown
            >,
          seal: (definition, value) => sealInput(secretBox, definition, value),
          warn: log.warn,
        });
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
        return definitions.length === 0
          ? undefined
          : await renderOutputs(db, definitions, context, log, secretBox);
      },
    ],
    ["LOOP_OUTPUTS", loopOutputsStep(db, storage, secretBox)],
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
