import { isSealed, noKey, noKeyHint, type SecretBox } from "../base/secret-box.ts";
import type { Database } from "../db/call.ts";
import { askedBy } from "../expression/render-in-turn.ts";
import type { CompiledCheck, CompiledInput } from "../flow/compiled-flow.ts";
import { type Judgement, judgeChecks, needsNoWorker } from "../flow/judge-checks.ts";
import { valueAt, withoutValue, withValue } from "../flow/nested.ts";
import { rulesOf } from "./given-inputs.ts";
import { findInputs, type InputProblem } from "./resolve-inputs.ts";
import { sealInput, watchSecrets } from "./secrets.ts";

/** What the database says of a flow that checks something before its executions are created. */
export interface Checked {
  flow: Record<string, unknown>;
  checks: CompiledCheck[];
  definitions: CompiledInput[];
  variables: Record<string, unknown>;
  /** Those that are right, as far as SQL can tell; secrets that were just given are not encrypted yet. */
  inputs: Record<string, unknown>;
  isComplete: boolean;
}

/** What templates tell of that. */
export interface FoundOut {
  problems: InputProblem[];
  /** What the checks make of it; undefined where all hold. */
  judgement?: Judgement;
  /** Whether the checks could be asked here: a worker has to where a template takes one. */
  isJudged: boolean;
  /** The inputs, complete and secrets encrypted, where something was to be found out about them. */
  inputs?: Record<string, unknown>;
  /** The ids of those that are left out, since what they depend on does not ask for them. */
  leftOut?: readonly string[];
}

/**
 * Finds out about inputs that depend on others and asks the checks, where that needs no worker, so that what is wrong is refused here and
 * now. `given` are the inputs as they were given, secrets encrypted; `wrong` the ids of those that are known to be wrong.
 */
export async function findOut(
  db: Database,
  { definitions, checks, flow, variables: vars, ...checked }: Checked,
  secretBox: SecretBox,
  { given, wrong = [] }: { given: unknown; wrong?: readonly string[] },
): Promise<FoundOut> {
  const secrets = watchSecrets(secretBox);
  const reveal = <T>(value: T): T => (secretBox.isOpen ? secrets.reveal(value) : value);
  for (const { id, type } of definitions) {
    const secret = type === "SECRET" ? valueAt(given, [id]) : undefined;
    if (isSealed(secret)) reveal(secret);
  }
  const plain = reveal(wrong.reduce((right, id) => withoutValue(right, id.split(".")), checked.inputs));
  const open = definitions.filter(({ isDeferred, isTemplated }) => isDeferred === true || isTemplated);
  const templates = open.map(({ defaults, expression, dependsOn }) => [
    ...[defaults, expression, dependsOn?.condition],
  ]);
  const isHere = needsNoWorker(templates);
  if (!checked.isComplete && !isHere) return { problems: [], isJudged: false };

  const name = `${flow.namespace}.${flow.id}`;
  const seen = (inputs: unknown) => askedBy({ flow, vars, inputs }, { name });
  const found = checked.isComplete
    ? { inputs: plain, problems: [], leftOut: [] }
    : await findInputs(open, seen(plain), rulesOf(db, secretBox, secrets), wrong);
  const inputs = reveal(found.inputs);
  if (found.problems.length > 0 || wrong.length > 0) return { problems: found.problems, isJudged: false };
  const sealed = checked.isComplete
    ? {}
    : {
        inputs: secrets.seal(withSecretsSealed(secretBox, definitions, inputs)),
        leftOut: found.leftOut,
      };
  if (!needsNoWorker(checks.map(({ condition }) => condition)))
    return { problems: [], isJudged: false, ...sealed };
  const judgement = secrets.maskMessages(await judgeChecks(checks, seen(inputs)));
  return { problems: [], isJudged: true, ...(judgement && { judgement }), ...sealed };
}

/** What is wrong with secrets stands in their place. */
export function problemsOfSealed(definitions: readonly CompiledInput[], sealed: unknown): InputProblem[] {
  return definitions.flatMap(({ id, type }) => {
    const problem = type === "SECRET" ? valueAt(sealed, [id, "problem"]) : undefined;
    if (problem === undefined) return [];
    const message = `Invalid value for input \`${id}\`. Cause: ${problem}`;
    return [{ path: id, code: "invalid_input", message, ...(problem === noKey && { hint: noKeyHint }) }];
  });
}

/** In the order of the inputs, each fault once; behind those of inputs that there are none of. */
export function inOrderOf(
  definitions: readonly CompiledInput[],
  problems: readonly InputProblem[],
): InputProblem[] {
  const places = new Map(definitions.map(({ id }, place) => [id, place]));
  const byMessage = new Map(problems.map((problem) => [problem.message, problem]));
  return [...byMessage.values()].sort((a, b) => (places.get(a.path) ?? -1) - (places.get(b.path) ?? -1));
}

function withSecretsSealed(
  secretBox: SecretBox,
  definitions: readonly CompiledInput[],
  inputs: Record<string, unknown>,
): Record<string, unknown> {
  return definitions.reduce((sealed, definition) => {
    const path = definition.id.split(".");
    const value = valueAt(sealed, path);
    if (definition.type !== "SECRET" || value === undefined || value === null) return sealed;
    return withValue(sealed, path, sealInput(secretBox, definition, value));
  }, inputs);
}
