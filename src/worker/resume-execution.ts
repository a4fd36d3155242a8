import type { SecretBox } from "../base/secret-box.ts";
import { type Arguments, callOne, type Database } from "../db/call.ts";
import type { Execution } from "../db/generated.ts";
import type { CompiledInput } from "../flow/compiled-flow.ts";
import { inOrderOf, problemsOfSealed } from "./checked-inputs.ts";
import { rulesOf, sealInputs } from "./given-inputs.ts";
import { findInputs, type InputProblem, type InputRules, refusedInputs } from "./resolve-inputs.ts";
import { watchSecrets } from "./secrets.ts";

/** Resumes an execution, with the inputs that its Pause asks for: secrets encrypted, and those left out that others leave out. */
export async function resumeExecution(
  db: Database,
  given: Arguments<"reprise_api.resume_execution">,
  secretBox: SecretBox,
): Promise<Execution> {
  const { execution_id, task_run_id, inputs } = given;
  const { rows } = await db.query<{ inputs: AskedInput[] | null }>(
    `select w.inputs from reprise_api.waits as w
    where w.execution_id = $1 and ($2::bigint is null or w.task_run_id = $2) and w.kind in ('PAUSE', 'HELD', 'BREAKPOINT')
    order by w.kind <> 'PAUSE' desc, w.task_run_id limit 1`,
    [execution_id, task_run_id ?? null],
  );
  const answered = await answer(
    rows[0]?.inputs ?? [],
    inputs ?? {},
    secretBox,
    rulesOf(db, secretBox, watchSecrets(secretBox)),
  );
  return await callOne(db, "reprise_api.resume_execution", {
    ...given,
    ...(answered === undefined ? {} : { inputs: answered }),
  });
}

/** An input that a Pause asks for: whether one that depends on others has to be given stands with that. */
export type AskedInput = Omit<CompiledInput, "dependsOn"> & {
  dependsOn?: NonNullable<CompiledInput["dependsOn"]> & { required: boolean };
};

/** What a Pause is answered: secrets encrypted, templates rendered. Undefined where SQL needs none of that. Raises RP422 with every fault. */
export async function answer(
  asked: readonly AskedInput[],
  given: unknown,
  secretBox: SecretBox,
  rules: InputRules,
): Promise<Record<string, unknown> | undefined> {
  const definitions = asked.map(({ dependsOn, ...input }) => ({
    ...input,
    ...(dependsOn && { dependsOn, required: dependsOn.required }),
  }));
  if (!definitions.some(({ type, dependsOn }) => type === "SECRET" || type === "YAML" || dependsOn))
    return undefined;
  const sealed = sealInputs(secretBox, definitions, given) as Record<string, unknown>;
  const { nested, unknown } = await nest(definitions, sealed, rules);
  const known = [...problemsOfSealed(definitions, sealed), ...unknown];
  const wrong = known.map(({ path }) => path);
  const { inputs, problems } = await findInputs(definitions, { inputs: nested }, rules, wrong);
  const all = inOrderOf(definitions, [...known, ...problems]);
  if (all.length > 0) throw refusedInputs(all);
  return inputs;
}

/** What is given under dotted ids nests, and nobody asks for anything else; of the rest nothing is checked yet. */
async function nest(
  definitions: readonly CompiledInput[],
  given: Record<string, unknown>,
  { check }: InputRules,
): Promise<{ nested: Record<string, unknown>; unknown: InputProblem[] }> {
  const open = definitions.map(({ id, type }) => ({ id, type, isDeferred: true }));
  const { inputs, problems } = await check(open, given);
  return problems.length === 0 ? { nested: inputs, unknown: [] } : { nested: given, unknown: problems };
}
