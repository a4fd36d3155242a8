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

/** What a query threw. Others throw errors that look like those of a network too, and theirs are none of the database's. */
const thrownByQueries = new WeakSet<object>();

/** Notes that a query threw this, and gives it back. */
export function notedAsQuerys<T>(error: T): T {
  if (error instanceof Error) thrownByQueries.add(error);
  return error;
}

/**
 * Whether a fault of the database passes by itself: a lost connection, a Postgres that restarts or is full, a deadlock. Classes 08
 * connection, 40 rollback, 53 resources, 57 operator intervention; an error without a code is the network's.
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof RepriseError || isUnstorable(error)) return false;
  if (!(error instanceof pg.DatabaseError)) return true;
  return /^(08|40|53|57)/.test(error.code ?? "");
}

/** Whether something went wrong only because a query of ours met such a fault, or a lock that somebody held, also far below. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (thrownByQueries.has(error) && (isPassing(error) || isLockedOut(error))) return true;
  return isDatabaseAway(error.cause);
}

/**
 * Whether a value cannot be stored: class 22, data exception, and 54, limits exceeded; or no statement could be made of it, since it
 * is too long for a text, or is nothing that JSON has.
 */
export function isUnstorable(error: unknown): error is Error {
  if (error instanceof pg.DatabaseError) return /^(22|54)/.test(error.code ?? "");
  return error instanceof RangeError || error instanceof TypeError;
}

/** Whether somebody holds a lock for longer than a call waits. */
export function isLockedOut(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === "55P03";
}
