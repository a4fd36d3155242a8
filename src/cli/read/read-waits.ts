import type { Pool } from "pg";
import type { TaskRunState, WaitKind } from "../../db/generated.ts";
import type { Asked } from "../present/asked-text.ts";
import { camelRows } from "./camel-rows.ts";

/** What an execution waits for, as `--json` prints it. */
export interface WaitDocument {
  kind: WaitKind;
  taskRunId: string | null;
  taskId: string | null;
  iterationPath: string[] | null;
  since: Date | null;
  dueAt: Date | null;
  ending: TaskRunState | null;
  inputs: Asked[] | null;
  concurrencyLimit: number | null;
  ahead: number | null;
}

/** Reads what an execution waits for, what is resumed first before the rest. */
export async function readWaits(db: Pool, executionId: string): Promise<WaitDocument[]> {
  const { rows } = await db.query(
    `select kind, task_run_id, task_id, iteration_path, since, due_at, ending, inputs, concurrency_limit, ahead
    from reprise_api.waits
    where execution_id = $1
    order by kind, task_run_id`,
    [executionId],
  );
  return camelRows<WaitDocument>(rows);
}
