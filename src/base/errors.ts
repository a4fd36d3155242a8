/** malformed · forbidden · absent · wrong state · valid shape, wrong meaning. The same five are SQLSTATEs in the database. */
export type ErrorCode = "RP400" | "RP403" | "RP404" | "RP409" | "RP422";

/** The codes, for whoever has to tell ours from others'. */
export const errorCodes: readonly ErrorCode[] = ["RP400", "RP403", "RP404", "RP409", "RP422"];

/** What an error may carry beside its sentence. */
export interface RepriseErrorOptions {
  /** What the reader can do about it. */
  hint?: string | undefined;
  /** Data for a program, such as a list of issues. */
  details?: unknown;
  cause?: unknown;
}

/** An error for a person: `message` is a sentence with a full stop, `reason` a stable word for programs. */
export class RepriseError extends Error {
  readonly code: ErrorCode;
  readonly reason: string;
  // Declared only: a field that is not given should not show as undefined.
  declare readonly hint?: string;
  declare readonly details?: unknown;

  constructor(code: ErrorCode, reason: string, message: string, options: RepriseErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "RepriseError";
    this.code = code;
    this.reason = reason;
    if (options.hint !== undefined) this.hint = options.hint;
    if (options.details !== undefined) this.details = options.details;
  }
}
