import { holdsSealed, noKey, type SecretBox } from "../base/secret-box.ts";
import { type Arguments, callOne, type Database } from "../db/call.ts";
import type { Execution, ReplayPlan } from "../db/generated.ts";
import { valueAt } from "../flow/nested.ts";
import { type Checked, type FoundOut, findOut } from "./checked-inputs.ts";
import { sealInputs } from "./given-inputs.ts";

/** Makes a plan as a process does that can render templates. */
export async function planReplay(
  db: Database,
  given: Omit<Arguments<"reprise_api.replay_plan">, "judgement">,
  secretBox: SecretBox,
): Promise<ReplayPlan> {
  return await callOne(db, "reprise_api.replay_plan", {
    ...given,
    ...(await judgeReplay(db, given, secretBox)),
  });
}

/** Replays an execution as a process does that can render templates. */
export async function replayExecution(
  db: Database,
  given: Omit<Arguments<"reprise_api.replay_execution">, "judgement">,
  secretBox: SecretBox,
): Promise<Execution> {
  const judged = await judgeReplay(db, given, secretBox);
  return await callOne(db, "reprise_api.replay_execution", { ...given, ...judged });
}

/** What is said of a replay that is planned or created. */
interface Asked {
  execution_id: string | null;
  revision?: string | null | undefined;
  inputs?: unknown;
  idempotency_key?: string | null | undefined;
}

/** A problem of a plan. */
interface Problem {
  code: string;
  message: string;
  isBlocking: boolean;
}

/**
 * Looks at a replay as a process does that can render templates and has the key of secrets: gives its inputs, secrets encrypted, and
 * what is to be told to `replay_plan` and `replay_execution`. What needs a worker is left to one, before the first task.
 */
export async function judgeReplay(
  db: Database,
  { execution_id, revision, inputs, idempotency_key }: Asked,
  secretBox: SecretBox,
): Promise<{ inputs: unknown; judgement: unknown }> {
  const read = await callOne(db, "reprise_api.read_replay_checks", {
    execution_id,
    revision: revision ?? "original",
    inputs: inputs ?? null,
    idempotency_key: idempotency_key ?? null,
  });
  if (read === null) return { inputs: inputs ?? null, judgement: null };

  const checked = read as unknown as Checked & { wrong: string[] };
  const { definitions } = checked;
  const sealed = inputs === undefined || inputs === null ? null : sealInputs(secretBox, definitions, inputs);
  const problems = secretBox.isOpen ? [] : withoutKey(checked);
  if (problems.length > 0) return { inputs: sealed, judgement: { problems } };
  // What SQL has found is told by SQL.
  const found = await findOut(db, checked, secretBox, { given: sealed, wrong: checked.wrong });
  return { inputs: sealed, judgement: judged(found) };
}

/** Secrets that are carried are read by tasks: all of them are named. */
function withoutKey({ definitions, inputs }: Checked): Problem[] {
  return definitions
    .filter(({ id }) => holdsSealed(valueAt(inputs, id.split("."))))
    .map(({ id }) => ({
      code: "encryption_not_configured",
      message: `Invalid value for input \`${id}\`. Cause: ${noKey}`,
      isBlocking: true,
    }));
}

function judged({ problems, isJudged, judgement, inputs, leftOut = [] }: FoundOut) {
  if (problems.length > 0) {
    return {
      problems: problems.map(({ message, hint }) => ({
        code: "invalid_inputs",
        message: hint === undefined ? message : `${message.replace(/\.$/, "")}. ${hint}`,
        isBlocking: true,
      })),
    };
  }
  if (judgement === undefined) return { problems: [], isChecked: isJudged, leftOut };
  const { behavior, message } = judgement;
  if (behavior === "BLOCK_EXECUTION")
    return { problems: [{ code: "execution_blocked", message, isBlocking: true }], leftOut };
  const told = [{ code: "check_failed", message, isBlocking: false }];
  // One that is created all the same gets a line in its log from the worker that looks again.
  if (behavior === "CREATE_EXECUTION") return { problems: told, leftOut };
  return { problems: told, isChecked: true, leftOut, failure: message, ...(inputs && { inputs }) };
}
