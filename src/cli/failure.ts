import { RepriseError } from "../base/errors.ts";
import { exitCodes } from "./exit-code.ts";

/** An error as a person or a program reads it: the document that `--json` prints is `{"error": Failure}`. */
export interface Failure {
  /** One of the five codes of the product, or RP500 for what nobody foresaw. */
  code: string;
  /** A stable word. */
  reason: string;
  message: string;
  hint?: string;
  details?: unknown;
}

/** Says what went wrong, and with which exit code the process ends. */
export function describeFailure(error: unknown): { failure: Failure; exitCode: number } {
  if (error instanceof RepriseError) return { failure: ofReprise(error), exitCode: exitCodeOf(error) };
  return { failure: ofUnexpected(error), exitCode: exitCodes.failed };
}

/** An error about how a command was called. */
export function usageError(message: string, hint?: string): RepriseError {
  return new RepriseError("RP400", "usage", message, { hint });
}

/** The reason word of what a signal stopped. */
export const stopped = "stopped";

function exitCodeOf({ code, reason }: RepriseError): number {
  if (reason === stopped) return exitCodes.stopped;
  if (code === "RP400") return exitCodes.usage;
  // The thing named may well exist in a database that does not run.
  if (code === "RP404" && reason !== "no_database") return exitCodes.notFound;
  return exitCodes.failed;
}

function ofReprise({ code, reason, message, hint, details }: RepriseError): Failure {
  return {
    code,
    reason,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  };
}

const unreachable = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "ETIMEDOUT",
  "ECONNRESET",
  "57P03",
  "28P01",
  "28000",
  "3D000",
];
/** A schema, table or function of ours is not there. */
const unmigrated = ["3F000", "42P01", "42883"];

function ofUnexpected(error: unknown): Failure {
  const message = messageOf(error);
  const code = codeOf(error);
  if (unreachable.includes(code)) {
    return {
      code: "RP500",
      reason: "database_unreachable",
      message: `The database cannot be reached: ${message}.`,
      hint: "Check DATABASE_URL, and that Postgres runs.",
    };
  }
  if (unmigrated.includes(code)) {
    return {
      code: "RP500",
      reason: "database_not_migrated",
      message: `The database is not up to date: ${message}.`,
      hint: "Run: reprise migrate",
    };
  }
  return { code: "RP500", reason: "unexpected", message: `${message.replace(/\.$/, "")}.` };
}

function messageOf(error: unknown): string {
  // Node tries every address of a name, and gathers what each said.
  if (error instanceof AggregateError && error.message === "") return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
