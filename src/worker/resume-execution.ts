import { RepriseError } from "../base/errors.ts";
import { holdsSealed, type SecretBox } from "../base/secret-box.ts";
import { type Arguments, callOne, type Database } from "../db/call.ts";
import type { Execution, Task } from "../db/generated.ts";
import { askedBy } from "../expression/render-in-turn.ts";
import type { Context } from "../expression/template.ts";
import type { CompiledInput } from "../flow/compiled-flow.ts";
import { needsNoWorker } from "../flow/judge-checks.ts";
import { holdsTemplate } from "../flow/words.ts";
import type { AskedInput } from "./asked-inputs.ts";
import { attemptContext } from "./attempt-context.ts";
import type { Begun } from "./begun.ts";
import { inOrderOf, problemsOfSealed } from "./checked-inputs.ts";
import { rulesOf, sealInputs } from "./given-inputs.ts";
import { findInputs, type InputProblem, type InputRules, refusedInputs } from "./resolve-inputs.ts";
import { type Secrets, watchSecrets } from "./secrets.ts";

/** Resumes an execution, with the inputs that its Pause asks for: secrets encrypted, and those left out that others leave out. */
export async function resumeExecution(
  db: Database,
  given: Omit<Arguments<"reprise_api.resume_execution">, "is_found">,
  secretBox: SecretBox,
): Promise<Execution> {
  const { execution_id, inputs } = given;
  const secrets = watchSecrets(secretBox);
  const answering = {
    ...{ secretBox, secrets },
    rules: rulesOf(db, secretBox, secrets),
    readPaused: async (id: string) => await callOne(db, "reprise_api.read_paused", { task_run_id: id }),
  };
  return await whileAsked(given.task_run_id ?? null, async (task_run_id) => {
    const read = (await callOne(db, "reprise_api.read_asked", { execution_id, task_run_id })) as unknown;
    const { taskRunId } = read as Asked;
    const answered = await answer(read as Asked, inputs ?? {}, answering);
    return await callOne(db, "reprise_api.resume_execution", {
      ...given,
      ...(answered && { inputs: answered.given, task_run_id: taskRunId ?? task_run_id }),
      // Nobody gives what looks encrypted: where templates have made a secret a part of it, a worker is to render it.
      ...(answered?.isSecret === false && { inputs: answered.inputs, is_found: true }),
    });
  });
}

/**
 * What was made of what a Pause asks for is for no other. Where none was named, and the one that came first goes on meanwhile, the next is
 * asked instead.
 */
export async function whileAsked<T, N>(
  named: N | null,
  resume: (taskRunId: N | null) => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await resume(named);
    } catch (error) {
      const isGone = error instanceof RepriseError && error.reason === "task_run_not_paused";
      if (named !== null || !isGone) throw error;
    }
  }
}

/** What a Pause asks for, and what templates see of its execution. */
export interface Asked {
  asked: AskedInput[];
  inputs?: Record<string, unknown>;
  vars?: unknown;
  flow?: { namespace: string; id: string };
  /** Whose attempt saw more than that, and what that is an attempt of. */
  taskRunId?: string;
  task?: Task;
}

/** What answering a Pause takes. */
export interface Answering {
  secretBox: SecretBox;
  secrets: Secrets;
  rules: InputRules;
  /** Reads what the attempt of the Pause saw. */
  readPaused(taskRunId: string): Promise<unknown>;
  /** Whether the secrets in what was given are encrypted already. */
  isSealed?: boolean;
}

/** What a Pause is answered. */
export interface Answered {
  /** What was given, secrets encrypted. */
  given: Record<string, unknown>;
  /** What that makes, templates rendered. */
  inputs: Record<string, unknown>;
  /** Whether a secret has come into it that was not given as one, or could not be read here. */
  isSecret: boolean;
}

/** What a Pause is answered. Undefined where SQL needs none of that. Raises RP422 with every fault. */
export async function answer(
  read: Asked,
  given: unknown,
  { secretBox, secrets, rules, readPaused, isSealed = false }: Answering,
): Promise<Answered | undefined> {
  const { asked, inputs: around, vars, flow } = read;
  const definitions = asked.map(({ dependsOn, ...input }) => ({
    ...input,
    ...(dependsOn && { dependsOn, required: dependsOn.required }),
  }));
  if (!definitions.some(needsTemplates)) return undefined;
  const sealed = (isSealed ? given : sealInputs(secretBox, definitions, given)) as Record<string, unknown>;
  const { nested, unknown } = await nest(definitions, sealed, rules);
  const wrong = [...problemsOfSealed(definitions, sealed), ...unknown];
  const wrongIds = wrong.map(({ path }) => path);
  const reveal = <T>(value: T): T => (secretBox.isOpen ? secrets.reveal(value) : value);
  const templates = templatesOf(definitions);
  const known = needsNoWorker(templates) ? { flow } : await contextOf(read, readPaused);
  const context = askedBy(
    { ...reveal(known), vars: reveal(vars), inputs: nested },
    { name: `${flow?.namespace}.${flow?.id}` },
  );
  // What the Pause asks for lies over what the flow was given.
  const see = (inputs: Record<string, unknown>) => reveal({ ...around, ...inputs });
  const { inputs, problems } = await findInputs(definitions, context, { ...rules, see }, wrongIds);
  const all = inOrderOf(definitions, [...wrong, ...problems]);
  if (all.length > 0) throw refusedInputs(all, "onResume");
  const made = secrets.seal(inputs);
  const isUnread = !secretBox.isOpen && holdsTemplate(templates) && holdsSealed([known, vars, around]);
  return { given: sealed, inputs: made, isSecret: made !== inputs || isUnread };
}

function templatesOf(definitions: readonly CompiledInput[]): unknown {
  return definitions.map(({ isTemplated, defaults, expression, dependsOn }) => [
    ...[isTemplated ? defaults : undefined, expression, dependsOn?.condition],
  ]);
}

/** What the Pause sees. Files and the environment are for workers. */
async function contextOf(
  { taskRunId, task, flow }: Asked,
  readPaused: Answering["readPaused"],
): Promise<Context> {
  const read = taskRunId === undefined ? null : await readPaused(taskRunId);
  if (read === null || task === undefined) return { flow };
  const begun = read as Omit<Begun, "start_date" | "task_run_created_at"> & Record<TimeOfBegun, string>;
  const times = {
    start_date: new Date(begun.start_date),
    task_run_created_at: new Date(begun.task_run_created_at),
  };
  return attemptContext({ ...begun, ...times }, task, { envs: {} });
}

type TimeOfBegun = "start_date" | "task_run_created_at";

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
  const open = definitions.map(({ id }) => ({ id, isDeferred: true }));
  const { inputs, problems } = await check(open, given);
  return problems.length === 0 ? { nested: inputs, unknown: [] } : { nested: given, unknown: problems };
}
