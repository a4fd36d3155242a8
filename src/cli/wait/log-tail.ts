import type { Pool } from "pg";
import { logText } from "../present/log-text.ts";
import { readLogs } from "../read/read-logs.ts";

/** Gives the log lines of an execution that came since it was last asked, as text. */
export function openLogTail(db: Pool, executionId: string): () => Promise<string[]> {
  let afterId: string | undefined;
  return async () => {
    const lines = await readLogs(db, executionId, { afterId, withCarried: false });
    afterId = lines.at(-1)?.id ?? afterId;
    return lines.map(logText);
  };
}
