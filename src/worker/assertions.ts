import { callOne, type Database } from "../db/call.ts";
import type { Task } from "../db/generated.ts";
import { ExpressionError } from "../expression/expression-error.ts";
import { renderDeep } from "../expression/render-deep.ts";
import type { Context } from "../expression/template.ts";
import type { CompiledAssertion } from "../flow/compiled-flow.ts";
import { attemptContext, type Surroundings } from "./attempt-context.ts";
import type { Begun } from "./begun.ts";
import { holds } from "./block-steps.ts";

/** An SLA that is a template. */
export type Assertion = Pick<CompiledAssertion, "assert"> & { id: string };

/** An execution and what its SLAs assert, as the database reads it out. */
interface Asserted
  extends Pick<Begun, "inputs" | "variables" | "labels" | "trigger" | "outputs" | "root_id"> {
  execution_id: string;
  namespace: string;
  flow_id: string;
  revision: number;
  state: Begun["execution_state"];
  start_date: string;
  assertions: Assertion[] | null;
}

/** Looks whether what SLAs assert of an execution holds with what its tasks have given so far. */
export async function lookAtAssertions(db: Database, executionId: string, surroundings: Surroundings) {
  const read = await callOne(db, "reprise_engine.read_assertions", { execution_id: executionId });
  if (read === null) return;
  const { assertions, ...found } = read as unknown as Asserted;
  // What cannot be rendered yet may be later. The last look, before the execution ends, says so.
  await reportViolations(db, executionId, assertions ?? [], contextOf(found, surroundings), () => undefined);
}

/** What templates see of an execution that are none of a task's. */
function contextOf(
  { state, start_date, ...found }: Omit<Asserted, "assertions">,
  around: Surroundings,
): Context {
  const begun = { ...found, execution_state: state, start_date: new Date(start_date), iteration: null };
  const {
    task: _,
    taskrun: __,
    ...context
  } = attemptContext(begun as unknown as Begun, found as unknown as Task, around);
  return context;
}

/** Reports those that do not hold, until one of them ends the execution; then it is true. */
export async function reportViolations(
  db: Database,
  executionId: string,
  assertions: readonly Assertion[],
  context: Context,
  onIgnored: (message: string) => void,
): Promise<boolean> {
  for (const { id, assert } of assertions) {
    try {
      if (holds(renderDeep(assert, context))) continue;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      onIgnored(`SLA '${id}' is ignored: ${error.message}`);
      continue;
    }
    const violation = { execution_id: executionId, sla_id: id, reason: `assertion is false: ${assert}.` };
    if (await callOne(db, "reprise_engine.report_violation", violation)) return true;
  }
  return false;
}
