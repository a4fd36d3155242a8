import type { Pool } from "pg";
import { camelRows } from "./camel-rows.ts";
import type { TaskRunDocument } from "./read-execution.ts";

const MOST = 5;

/** An execution that a ForEachItem has started, and which has not ended well. */
export interface BatchDocument {
  id: string;
  state: string;
  /** The task run that started it. */
  parentTaskRunId: string;
}

/** Whether a task run starts an execution for each batch. */
export function startsBatches({ taskKind, outputs }: TaskRunDocument): boolean {
  return taskKind === "SUBFLOW" && typeof outputs?.numberOfBatches === "number";
}

/** Reads which executions of ForEachItems have not ended well: what failed first, up to five for each. */
export async function readBatches(db: Pool, taskRuns: readonly TaskRunDocument[]): Promise<BatchDocument[]> {
  const { rows } = await db.query(
    `select e.id, e.state, e.parent_task_run_id
    from unnest($1::bigint[]) with ordinality as r (id, place)
    cross join lateral (
      select x.id, x.state, x.parent_task_run_id
      from reprise_api.executions as x
      where x.parent_task_run_id = r.id and x.state not in ('SUCCESS', 'WARNING', 'RETRIED')
      order by x.state <> 'FAILED', x.id
      limit $2
    ) as e
    order by r.place, e.state <> 'FAILED', e.id`,
    [taskRuns.filter(startsBatches).map(({ id }) => id), MOST],
  );
  return camelRows<BatchDocument>(rows);
}
