import { RepriseError } from "../base/errors.ts";
import { type Arguments, callOne, type Database } from "../db/call.ts";
import type { Execution } from "../db/generated.ts";
import type { CompiledCheck } from "../flow/compiled-flow.ts";
import { judgeChecks, needNoWorker } from "../flow/judge-checks.ts";

/** What the database says of the checks of a flow. */
interface Checked {
  flow: Record<string, unknown>;
  checks: CompiledCheck[];
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
): Promise<Execution> {
  const { namespace, flow_id, inputs, revision, idempotency_key } = given;
  const asked = { namespace, flow_id, inputs, revision, idempotency_key };
  const read = await callOne(db, "reprise_api.read_checks", asked);
  return await callOne(db, "reprise_api.create_execution", {
    ...given,
    ...(read === null ? {} : judge(read as unknown as Checked)),
  });
}

function judge({ flow, checks, variables: vars, inputs, isComplete }: Checked) {
  if (!isComplete || !needNoWorker(checks)) return {};
  const judgement = judgeChecks(checks, { flow, vars, inputs });
  if (judgement?.behavior === "BLOCK_EXECUTION") {
    const hint = "Give other inputs, or change the checks of the flow.";
    throw new RepriseError("RP422", "execution_blocked", judgement.message, { hint });
  }
  // One that is created all the same gets a line in its log from the worker that looks again.
  if (judgement?.behavior === "CREATE_EXECUTION") return {};
  return { is_checked: true, ...(judgement && { check_failure: judgement.message }) };
}
