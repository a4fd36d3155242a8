import assert from "node:assert/strict";
import type { ClientBase } from "pg";
import { RepriseError } from "../../src/base/errors.ts";
import { callOne } from "../../src/db/call.ts";
import type { FlowReference } from "../support/a-flow.ts";
import { anExecution } from "../support/an-execution.ts";
import type { HandRun, HandWorker, Scripted } from "../support/hand-worker.ts";
import { assertClosed, endOf, type Run } from "./what-happened.ts";

type Behaviour = (run: HandRun) => Scripted;

/** A script in which one task run ends well, and gives nothing. */
function butFor(script: Behaviour, name: string): Behaviour {
  return (run) => {
    const { taskId, begun } = run;
    const path = begun.iteration_path as string[] | null;
    const own = `${taskId}${path === null ? "" : `[${path}]`}`;
    const scripted = script(run);
    return own === name && scripted === "FAILED" ? { outputs: {} } : scripted;
  };
}

/**
 * What failed is marked as having ended well, and the execution goes on from there: it ends as one does in which it had, but for what that does
 * not come to, and was there.
 */
export async function holdMarked(
  client: ClientBase,
  worker: HandWorker,
  flow: FlowReference,
  id: string,
  run: Run,
  script: Behaviour,
  withoutRest = (lines: string[], _wanted: string[]) => lines,
): Promise<boolean> {
  await client.query("savepoint unmarked");
  try {
    await callOne(client, "reprise_api.change_task_run_state", { task_run_id: run.id, state: "SUCCESS" });
  } catch (error) {
    if (!(error instanceof RepriseError)) throw error;
    assert.match(String(error.reason), /^(task_run_not_markable|killed_task_runs_left)$/);
    await client.query("rollback to savepoint unmarked");
    return false;
  }
  await worker.drain(script);
  await assertClosed(client);
  const marked = await endOf(client, id);
  await client.query("rollback to savepoint unmarked");

  const fresh = await anExecution(client, flow);
  await worker.drain(butFor(script, run.name));
  const wanted = await endOf(client, fresh);
  assert.deepEqual(withoutRest(marked, wanted), wanted, `${run.name} marked as done`);
  return true;
}
