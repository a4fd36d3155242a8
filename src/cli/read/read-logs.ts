import type { Pool } from "pg";
import type { LogLevel } from "../../db/generated.ts";
import { camelRows } from "./camel-rows.ts";

/** A log line as `--json` prints it. */
export interface LogDocument {
  id: string;
  loggedAt: Date;
  level: LogLevel;
  message: string;
  taskId: string | null;
  systemStep: string | null;
  attemptNumber: number | null;
  isCarried: boolean;
}

/** Which lines to read. */
export interface LogFilter {
  level?: LogLevel | undefined;
  taskId?: string | undefined;
  attempt?: number | undefined;
  /** Only those taken after this one. */
  afterId?: string | undefined;
  withCarried?: boolean | undefined;
}

/** Reads the log of an execution, the lines of the attempts that it carries included unless they are not wanted. */
export async function readLogs(
  db: Pool,
  executionId: string,
  filter: LogFilter = {},
): Promise<LogDocument[]> {
  const { rows } = await db.query(
    `select id, logged_at, level, message, task_id, system_step, attempt_number, is_carried
    from reprise_api.logs
    where execution_id = $1
      and ($2::reprise.log_level is null or level >= $2)
      and ($3::text is null or task_id = $3)
      and ($4::integer is null or attempt_number = $4)
      and ($5::bigint is null or id > $5)
      and ($6 or not is_carried)
    order by id`,
    [
      executionId,
      filter.level ?? null,
      filter.taskId ?? null,
      filter.attempt ?? null,
      filter.afterId ?? null,
      filter.withCarried ?? true,
    ],
  );
  return camelRows<LogDocument>(rows);
}
