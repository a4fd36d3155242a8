import { RepriseError } from "../base/errors.ts";
import { openSecretBox, type SecretBox } from "../base/secret-box.ts";
import { type Arguments, callOne, type Database } from "../db/call.ts";
import type { Execution } from "../db/generated.ts";
import type { CompiledCheck, CompiledInput } from "../flow/compiled-flow.ts";
import { judgeChecks, needsNoWorker } from "../flow/judge-checks.ts";
import { rulesOf, sealInputs } from "./given-inputs.ts";
import { resolveInputs } from "./resolve-inputs.ts";

/** What the database says of a flow that checks something before its executions are created. */
interface Checked {
  flow: Record<string, unknown>;
  checks: CompiledCheck[];
  definitions: CompiledInput[];
  variables: Record<string, unknown>;
  inputs: Record<string, unknown>;
  isComplete: boolean;
}

/**
 * Creates an execution as a process does that can render templates: the checks of the flow are evaluated first, and what they block is
 * refused. What needs a worker (an input whose default is a template, a function) is left to a worker, which does it before the first task.
 */
export async function createExecution(
  db: Database,
  given: Omit<Arguments<"reprise_api.create_execution">, "is_checked" | "check_failure">,
  secretBox: SecretBox = openSecretBox(undefined),
): Promise<Execution> {
  const { namespace, flow_id, inputs, revision, idempotency_key } = given;
  const asked = { namespace, flow_id, inputs, revision, idempotency_key };
  const read = await callOne(db, "reprise_api.read_checks", asked);
  if (read === null) return await callOne(db, "reprise_api.create_execution", given);
  const checked = read as unknown as Checked;
  const found = await findOut(db, checked, secretBox);
  return await callOne(db, "reprise_api.create_execution", {
    ...given,
    inputs: sealInputs(secretBox, checked.definitions, inputs),
    ...judge(found),
  });
}

/** Finds out about inputs that depend on others, where that needs no worker, so that what is wrong is refused here and now. */
async function findOut(db: Database, checked: Checked, secretBox: SecretBox): Promise<Checked> {
  const { definitions, inputs, flow, variables: vars } = checked;
  const open = definitions.filter(({ isDeferred, isTemplated }) => isDeferred === true || isTemplated);
  const templates = open.flatMap(({ defaults, expression, dependsOn }) => [
    ...[defaults, expression, dependsOn?.condition],
  ]);
  if (checked.isComplete || !needsNoWorker(templates)) return checked;
  const context = { flow, vars, inputs };
  const resolved = await resolveInputs(open, context, rulesOf(db, secretBox));
  return { ...checked, inputs: resolved, isComplete: true };
}

function judge({ flow, checks, variables: vars, inputs, isComplete }: Checked) {
  if (!isComplete || !needsNoWorker(checks.map(({ condition }) => condition))) return {};
  const judgement = judgeChecks(checks, { flow, vars, inputs });
  if (judgement?.behavior === "BLOCK_EXECUTION") {
    const hint = "Give other inputs, or change the checks of the flow.";
    throw new RepriseError("RP422", "execution_blocked", judgement.message, { hint });
  }
  // One that is created all the same gets a line in its log from the worker that looks again.
  if (judgement?.behavior === "CREATE_EXECUTION") return {};
  return { is_checked: true, ...(judgement && { check_failure: judgement.message }) };
}
