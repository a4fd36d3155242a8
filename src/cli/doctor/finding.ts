import type { Pool } from "pg";

/** What a check found. */
export interface Finding {
  level: "ok" | "warn" | "fail";
  /** What was checked. */
  subject: string;
  message: string;
  hint?: string;
}

/** A check asks the database one thing and says what it finds. */
export type Check = (db: Pool) => Promise<Finding[]>;

/** Nothing to do. */
export function ok(subject: string, message: string): Finding {
  return { level: "ok", subject, message };
}

/** Works, but somebody should look at it. */
export function warn(subject: string, message: string, hint?: string): Finding {
  return { level: "warn", subject, message, ...(hint === undefined ? {} : { hint }) };
}

/** Does not work. */
export function fail(subject: string, message: string, hint?: string): Finding {
  return { level: "fail", subject, message, ...(hint === undefined ? {} : { hint }) };
}
