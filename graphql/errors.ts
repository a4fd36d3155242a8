import { isSafeError } from "postgraphile/grafast";
import { GraphQLError } from "postgraphile/graphql";
import { RepriseError } from "../src/base/errors.ts";
import type { Logger } from "../src/base/log.ts";
import { fromSqlError } from "../src/db/sql-error.ts";

/** What Postgres says when a value has not the form of its type, or takes too long: the asker's part, not ours. */
const askersPart: Readonly<
  Record<string, readonly [code: string, reason: string, message: string, hint: string]>
> = {
  "22P02": [
    "RP400",
    "malformed_value",
    "A value has not the form of its type.",
    "Ids of task runs are whole numbers.",
  ],
  "22003": [
    "RP400",
    "malformed_value",
    "A number is too large for its type.",
    "Ids of task runs are whole numbers.",
  ],
  "22021": [
    "RP400",
    "malformed_value",
    "A text holds characters that cannot be stored.",
    "Leave out the NUL character.",
  ],
  "22P05": [
    "RP400",
    "malformed_value",
    "A text holds characters that cannot be stored.",
    "Leave out the NUL character.",
  ],
  "57014": [
    "RP422",
    "too_slow",
    "That takes too long to read.",
    "Ask for less: a shorter time, a smaller page.",
  ],
};

/**
 * What the asker hears of an error. Ours are said as they are, with their code, reason and hint; GraphQL's own too; of all
 * others only that there was one, and the log has the rest.
 */
export function maskError(error: GraphQLError, log: Logger): GraphQLError {
  const cause = error.originalError;
  if (cause === undefined || cause === null || cause instanceof GraphQLError) return error;
  const ours = fromSqlError(cause);
  if (ours instanceof RepriseError) {
    const { code, reason, hint, details } = ours;
    return again(error, ours.message, {
      code,
      reason,
      ...(hint && { hint }),
      ...(details !== undefined && { details }),
    });
  }
  const known = askersPart[sqlState(cause) ?? ""];
  if (known !== undefined) {
    const [code, reason, message, hint] = known;
    return again(error, message, { code, reason, hint });
  }
  if (isSafeError(cause)) return again(error, cause.message, { ...cause.extensions });
  log.error({ err: cause, path: error.path }, "an API request failed");
  return again(error, "Something went wrong on our side; the server's log says what.", { code: "INTERNAL" });
}

function again(error: GraphQLError, message: string, extensions: Record<string, unknown>): GraphQLError {
  const { nodes = null, source = null, positions = null, path = null } = error;
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}

function sqlState(cause: Error): string | undefined {
  return "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
}
