import type { Pool } from "pg";
import { describePending } from "../db/migrate.ts";

/** What `/readyz` says. */
export interface Readiness {
  isReady: boolean;
  /** What is in the way, a sentence each. */
  problems: string[];
}

/** Looks whether the server can do its work: the database answers, and is at the version of this program. */
export async function checkReadiness(db: Pool): Promise<Readiness> {
  const timeout = new Promise<string[]>((resolve) => {
    setTimeout(resolve, 3000, ["The database does not answer."]).unref();
  });
  const asked = db.query("select").then(
    () => describePending(db),
    () => ["The database cannot be reached."],
  );
  const problems = await Promise.race([asked, timeout]);
  return { isReady: problems.length === 0, problems };
}
