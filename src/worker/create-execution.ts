import { RepriseError } from "../base/errors.ts";
import { openSecretBox, type SecretBox } from "../base/secret-box.ts";
import { type Arguments, callOne, type Database } from "../db/call.ts";
import type { Execution } from "../db/generated.ts";
import { type Checked, type FoundOut, findOut, inOrderOf, problemsOfSealed } from "./checked-inputs.ts";
import { sealInputs } from "./given-inputs.ts";
import { type InputProblem, refusedInputs } from "./resolve-inputs.ts";

/**
 * Creates an execution as a process does that can render templates: the checks of the flow are evaluated first, and what they block is
 * refused. What needs a worker (an input whose default is a template, a function) is left to a worker, which does it before the first task.
 */
export async function createExecution(
  db: Database,
  given: Omit<Arguments<"reprise_api.create_execution">, "is_checked" | "check_failure" | "found_inputs">,
  secretBox: SecretBox = openSecretBox(undefined),
): Promise<Execution> {
  const { namespace, flow_id, inputs, revision, idempotency_key } = given;
  const asked = { namespace, flow_id, inputs, revision, idempotency_key };
  const read = await callOne(db, "reprise_api.read_checks", asked);
  if (read === null) return await callOne(db, "reprise_api.create_execution", given);

  const checked = read as unknown as Checked & { problems: InputProblem[] };
  const { definitions } = checked;
  const sealed = sealInputs(secretBox, definitions, inputs);
  const known = [...checked.problems, ...problemsOfSealed(definitions, sealed)];
  const found = await findOut(db, checked, secretBox, {
    given: sealed,
    wrong: known.map(({ path }) => path),
  });
  const problems = inOrderOf(definitions, [...known, ...found.problems]);
  if (problems.length > 0) throw refusedInputs(problems);
  return await callOne(db, "reprise_api.create_execution", { ...given, inputs: sealed, ...judged(found) });
}

/** What a worker has to find out is left to it. */
function judged({ isJudged, judgement, inputs }: FoundOut) {
  if (!isJudged) return {};
  if (judgement?.behavior === "BLOCK_EXECUTION") {
    const hint = "Give other inputs, or change the checks of the flow.";
    throw new RepriseError("RP422", "execution_blocked", judgement.message, { hint });
  }
  // One that is created all the same gets a line in its log from the worker that looks again.
  if (judgement?.behavior === "CREATE_EXECUTION") return {};
  return {
    is_checked: true,
    ...(judgement && { check_failure: judgement.message, ...(inputs && { found_inputs: inputs }) }),
  };
}
