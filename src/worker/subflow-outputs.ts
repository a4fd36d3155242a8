import { callMany, type Database } from "../db/call.ts";
import type { Task } from "../db/generated.ts";
import { TaskError } from "../tasks/task-type.ts";
import type { Begun } from "./begun.ts";

// Outputs of children in one call.
const READ_AT_ONCE = 500;

/** What the executions of a ForEachItem have given, for the last task of it. Fails where one was purged that may have given something. */
export async function* readSubflowOutputs(
  db: Database,
  { task_run_id }: Pick<Begun, "task_run_id">,
  task: Pick<Task, "id">,
): AsyncGenerator<Record<string, unknown>> {
  for (let behind = -1; ; ) {
    const some = await callMany(db, "reprise_engine.read_subflow_outputs", {
      task_run_id,
      behind,
      batch: READ_AT_ONCE,
    });
    if (some.length === 0) return;
    for (const { iteration, outputs, is_lost, execution_id, batches } of some) {
      if (is_lost === true) throw lost(Number(iteration), Number(batches), execution_id, task.id);
      if (outputs !== null) yield outputs as Record<string, unknown>;
      behind = iteration as number;
    }
  }
}

function lost(batch: number, batches: number, executionId: string | null, taskId: string): TaskError {
  const execution = executionId === null ? "its execution" : `its execution ${executionId}`;
  const items = taskId.replace(/_merge$/, "_items");
  return new TaskError(
    "subflow_purged",
    `What batch ${batch} gave (of ${batches}, counted from 0) is gone: ${execution} was purged. Replay from \`${items}\`, which starts an execution for each batch anew.`,
    { details: { iteration: batch, executionId } },
  );
}
