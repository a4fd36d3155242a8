import type { SecretBox } from "../base/secret-box.ts";
import { callOne, type Database } from "../db/call.ts";
import type { Task } from "../db/generated.ts";
import { ExpressionError } from "../expression/expression-error.ts";
import { askedBy, renderInTurn } from "../expression/render-in-turn.ts";
import type { Context } from "../expression/template.ts";
import type { CompiledAssertion, CompiledSla } from "../flow/compiled-flow.ts";
import { executionContext, type Surroundings } from "./attempt-context.ts";
import type { Begun } from "./begun.ts";
import { holds } from "./block-steps.ts";
import { revealContext, watchSecrets } from "./secrets.ts";

/** An SLA that is a template. */
export type Assertion = Pick<CompiledAssertion, "assert"> & Pick<CompiledSla, "id" | "key">;

/** An execution and what its SLAs assert, as the database reads it out. */
interface Asserted {
  /** What there is of a task: its flow. */
  task: Pick<Task, "namespace" | "flow_id" | "revision">;
  begun: Omit<Begun, "start_date"> & { start_date: string };
  assertions: Assertion[] | null;
}

/** Looks whether what SLAs assert of an execution holds with what its tasks have given so far. */
export async function lookAtAssertions(
  db: Database,
  executionId: string,
  surroundings: Surroundings,
  secretBox: SecretBox,
) {
  const read = await callOne(db, "reprise_engine.read_assertions", { execution_id: executionId });
  if (read === null) return;
  const { task, begun, assertions } = read as unknown as Asserted;
  const execution = { ...begun, start_date: new Date(begun.start_date) };
  const seen = executionContext(execution, task as Task, surroundings);
  const known = revealContext(seen, watchSecrets(secretBox), secretBox);
  const context = askedBy(known, { name: `${task.namespace}.${task.flow_id}` });
  // What cannot be rendered yet may be later. The last look, before the execution ends, says so.
  await reportViolations(db, executionId, assertions ?? [], context, () => undefined);
}

/** Reports those that do not hold, until one of them ends the execution; then it is true. */
export async function reportViolations(
  db: Database,
  executionId: string,
  assertions: readonly Assertion[],
  context: Context,
  onIgnored: (message: string) => void,
): Promise<boolean> {
  for (const { id, key = id, assert } of assertions) {
    try {
      if (holds(await renderInTurn(assert, context))) continue;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      onIgnored(`SLA '${id}' is ignored: ${error.message}`);
      continue;
    }
    const violation = { execution_id: executionId, sla_id: key, reason: `assertion is false: ${assert}.` };
    if (await callOne(db, "reprise_engine.report_violation", violation)) return true;
  }
  return false;
}
