import type { Pool } from "pg";
import { camelRows } from "./camel-rows.ts";
import type { ExecutionDocument } from "./read-execution.ts";

/** Reads the whole line that an execution belongs to: the first original and every replay, in the order they came. */
export async function readLineage(db: Pool, rootId: string): Promise<ExecutionDocument[]> {
  const { rows } = await db.query(
    "select * from reprise_api.executions where id = $1 or root_key = $1 order by id",
    [rootId],
  );
  return camelRows<ExecutionDocument>(rows);
}
