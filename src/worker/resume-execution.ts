import type { SecretBox } from "../base/secret-box.ts";
import { type Arguments, callOne, type Database } from "../db/call.ts";
import type { Execution } from "../db/generated.ts";
import { askedBy } from "../expression/render-in-turn.ts";
import type { CompiledInput } from "../flow/compiled-flow.ts";
import type { AskedInput } from "./asked-inputs.ts";
import { inOrderOf, problemsOfSealed } from "./checked-inputs.ts";
import { rulesOf, sealInputs } from "./given-inputs.ts";
import { findInputs, type InputProblem, type InputRules, refusedInputs } from "./resolve-inputs.ts";
import { type Secrets, watchSecrets } from "./secrets.ts";

/** Resumes an execution, with the inputs that its Pause asks for: secrets encrypted, and those left out that others leave out. */
export async function resumeExecution(
  db: Database,
  given: Arguments<"reprise_api.resume_execution">,
  secretBox: SecretBox,
): Promise<Execution> {
  const { execution_id, task_run_id, inputs } = given;
  const read = await callOne(db, "reprise_api.read_asked", {
    execution_id,
    task_run_id: task_run_id ?? null,
  });
  const secrets = watchSecrets(secretBox);
  const answered = await answer(read as unknown as Asked, inputs ?? {}, {
    ...{ secretBox, secrets },
    rules: rulesOf(db, secretBox, secrets),
  });
  return await callOne(db, "reprise_api.resume_execution", {
    ...given,
    ...(answered === undefined ? {} : { inputs: answered }),
  });
}

/** What a Pause asks for, and what templates see of its execution. */
export interface Asked {
  asked: AskedInput[];
  inputs?: Record<string, unknown>;
  vars?: unknown;
  flow?: { namespace: string; id: string };
}

/** What a Pause is answered: secrets encrypted, templates rendered. Undefined where SQL needs none of that. Raises RP422 with every fault. */
export async function answer(
  { asked, inputs: around, vars, flow }: Asked,
  given: unknown,
  { secretBox, secrets, rules }: { secretBox: SecretBox; secrets: Secrets; rules: InputRules },
): Promise<Record<string, unknown> | undefined> {
  const definitions = asked.map(({ dependsOn, ...input }) => ({
    ...input,
    ...(dependsOn && { dependsOn, required: dependsOn.required }),
  }));
  if (!definitions.some(needsTemplates)) return undefined;
  const sealed = sealInputs(secretBox, definitions, given) as Record<string, unknown>;
  const { nested, unknown } = await nest(definitions, sealed, rules);
  const known = [...problemsOfSealed(definitions, sealed), ...unknown];
  const wrong = known.map(({ path }) => path);
  const context = askedBy({ flow, vars, inputs: nested }, { name: `${flow?.namespace}.${flow?.id}` });
  const reveal = <T>(value: T): T => (secretBox.isOpen ? secrets.reveal(value) : value);
  // What the Pause asks for lies over what the flow was given.
  const see = (inputs: Record<string, unknown>) => reveal({ ...around, ...inputs });
  const { inputs, problems } = await findInputs(definitions, context, { ...rules, see }, wrong);
  const all = inOrderOf(definitions, [...known, ...problems]);
  if (all.length > 0) throw refusedInputs(all);
  return secrets.seal(inputs);
}

function needsTemplates({ type, dependsOn, isTemplated, expression }: CompiledInput): boolean {
  return (
    type === "SECRET" || type === "YAML" || dependsOn !== undefined || isTemplated || expression !== undefined
  );
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
