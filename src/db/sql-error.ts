import pg from "pg";
import { type ErrorCode, errorCodes, RepriseError } from "../base/errors.ts";

/**
 * Turns an error that our SQL raised on purpose into a RepriseError, and gives back any other as it is.
 * SQLSTATE is the code, HINT the hint, and DETAIL the reason word, after which details may stand as JSON:
 * `detail = 'invalid_inputs {"issues": […]}'`.
 */
export function fromSqlError(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError) || !isErrorCode(error.code)) return error;
  const [, reason = "unspecified", rest] = /^([a-z][a-z0-9_]*)(?:\s+(.*))?$/s.exec(error.detail ?? "") ?? [];
  return new RepriseError(error.code, reason, error.message, {
    hint: error.hint,
    details: rest === undefined ? undefined : parseOrKeep(rest),
    cause: error,
  });
}

function isErrorCode(code: string | undefined): code is ErrorCode {
  return errorCodes.some((known) => known === code);
}

function parseOrKeep(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
