import { entriesOf, mapOf } from "../base/key-order.ts";
import type { SecretBox } from "../base/secret-box.ts";
import { type Arguments, callOne, type Database } from "../db/call.ts";
import type { Execution } from "../db/generated.ts";
import type { CompiledInput } from "../flow/compiled-flow.ts";
import { valueAt } from "../flow/nested.ts";
import { type InputRules, resolveInputs } from "./resolve-inputs.ts";
import { sealInput } from "./secrets.ts";

/** How whoever has no worker's rights finds out about inputs. */
export function rulesOf(db: Database, secretBox: SecretBox): InputRules {
  return {
    check: async (definitions, given) =>
      (await callOne(db, "reprise_api.check_values", { definitions, given })) as Record<string, unknown>,
    seal: (definition, value) => sealInput(secretBox, definition, value),
  };
}

/** Encrypts what is given for inputs that are secrets, whether their ids are given dotted or nested. */
export function sealInputs(
  secretBox: SecretBox,
  definitions: readonly CompiledInput[],
  inputs: unknown,
): unknown {
  if (typeof inputs !== "object" || inputs === null || Array.isArray(inputs)) return inputs;
  const sealed: Record<string, unknown> = {};
  for (const definition of definitions) {
    const { id, type } = definition;
    if (type !== "SECRET") continue;
    const value = valueAt(inputs, [id]) ?? valueAt(inputs, id.split("."));
    // What is given dotted is looked at first.
    if (value !== undefined && value !== null) sealed[id] = sealInput(secretBox, definition, value);
  }
  return Object.keys(sealed).length === 0
    ? inputs
    : { ...withoutNested(inputs, Object.keys(sealed)), ...sealed };
}

/** Without what was given nested and is given dotted now, for nothing may be left of it in the clear. */
function withoutNested(inputs: object, ids: readonly string[]): object {
  const leave = (value: unknown, prefix: string): unknown => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const entries = entriesOf(value as Record<string, unknown>).flatMap(
      ([key, child]): [string, unknown][] => {
        const id = prefix === "" ? key : `${prefix}.${key}`;
        if (ids.includes(id)) return [];
        return [[key, ids.some((other) => other.startsWith(`${id}.`)) ? leave(child, id) : child]];
      },
    );
    return mapOf(entries);
  };
  return leave(inputs, "") as object;
}

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
  const definitions = (rows[0]?.inputs ?? []).map(({ dependsOn, ...input }) => ({
    ...input,
    ...(dependsOn && { dependsOn, required: dependsOn.required }),
  }));
  if (!definitions.some(({ type, dependsOn }) => type === "SECRET" || type === "YAML" || dependsOn)) {
    return await callOne(db, "reprise_api.resume_execution", given);
  }
  const sealed = sealInputs(secretBox, definitions, inputs ?? {}) as Record<string, unknown>;
  const nested = await resolveInputs(
    definitions,
    // An unknown one is for SQL to refuse.
    { inputs: Object.fromEntries(Object.entries(sealed).map(([id, value]) => [id, value])) },
    rulesOf(db, secretBox),
  );
  return await callOne(db, "reprise_api.resume_execution", { ...given, inputs: nested });
}

/** An input that a Pause asks for: whether one that depends on others has to be given stands with that. */
type AskedInput = Omit<CompiledInput, "dependsOn"> & {
  dependsOn?: NonNullable<CompiledInput["dependsOn"]> & { required: boolean };
};

/** The inputs that a replay is given, its secrets encrypted. */
export async function sealReplayInputs(
  db: Database,
  { execution_id, revision, inputs }: { execution_id: string; revision?: string | null; inputs?: unknown },
  secretBox: SecretBox,
): Promise<unknown> {
  if (inputs === undefined || inputs === null) return inputs;
  const { rows } = await db.query<{ inputs: CompiledInput[] }>(
    `select r.inputs
    from reprise_api.executions as e
    join reprise_api.flows as f on f.namespace = e.namespace and f.id = e.flow_id
    join reprise_api.flow_revisions as r on r.namespace = f.namespace and r.flow_id = f.id
      and r.revision::text = case $2 when 'original' then e.flow_revision::text when 'latest' then f.latest_revision::text else $2 end
    where e.id = $1`,
    [execution_id, revision ?? "original"],
  );
  return sealInputs(secretBox, rows[0]?.inputs ?? [], inputs);
}
