import type { Pool } from "pg";
import { RepriseError } from "../../base/errors.ts";

/** Refuses a task that an execution has not come to, or that there is not. */
export async function checkTaskRun(db: Pool, executionId: string, taskId: string): Promise<void> {
  const { rows } = await db.query(
    "select from reprise_api.task_runs where execution_id = $1 and task_id = $2 limit 1",
    [executionId, taskId],
  );
  if (rows.length > 0) return;
  throw new RepriseError("RP404", "task_run_not_found", `The execution has no task run of \`${taskId}\`.`, {
    hint: `See what it has: reprise execution show ${executionId}`,
  });
}
