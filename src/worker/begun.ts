import type { BegunAttempt } from "../db/generated.ts";

/** The columns of a begun attempt that always hold something; in a composite type Postgres cannot say so. */
type Always =
  | "attempt_id"
  | "task_run_id"
  | "execution_id"
  | "task_key"
  | "number"
  | "task_run_created_at"
  | "start_date";

/** An attempt that this worker holds, with what its templates read. */
export type Begun = {
  [Column in keyof BegunAttempt]: Column extends Always
    ? NonNullable<BegunAttempt[Column]>
    : BegunAttempt[Column];
};
