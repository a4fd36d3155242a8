import { isSafeError, type SafeError } from "postgraphile/grafast";
import { GraphQLError } from "postgraphile/graphql";
import { RepriseError } from "../src/base/errors.ts";
import type { Logger } from "../src/base/log.ts";
import { fromSqlError } from "../src/db/sql-error.ts";
import { describeUnforeseen } from "../src/db/unforeseen.ts";

type Explanation = readonly [code: string, reason: string, message: string, hint: string];

const tooSlow: Explanation = [
  "RP422",
  "too_slow",
  "That takes too long.",
  "Ask for less: a shorter time, a smaller page.",
];

const badTime: Explanation = [
  "RP400",
  "malformed_value",
  "A time is not well-formed.",
  "Write it as 2026-01-31T08:00:00Z.",
];

/** What Postgres says when a value has not the form of its type, or takes too long: the asker's part, not ours. */
const askersPart: Readonly<Record<string, Explanation>> = {
  "22007": badTime,
  "22008": badTime,
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
  "42501": [
    "RP403",
    "not_granted",
    "This server may not do that.",
    "Its role is reprise_graphql: sql/grants.sql says what that may do.",
  ],
  "57014": tooSlow,
};

/** What GraphQL itself says of a request: it is no fault of ours, and it has no reason word of its own. */
const queryRefused = {
  code: "RP400",
  reason: "invalid_query",
  hint: "graphql/schema.graphql and GraphiQL say what can be asked.",
};

/**
 * What the asker hears of an error. Ours are said as they are, with their code, reason and hint; GraphQL's own too; of all
 * others only that there was one, and the log has the rest.
 */
export function maskError(error: GraphQLError, log: Logger): GraphQLError {
  const cause = error.originalError;
  if (cause === undefined || cause === null || cause instanceof GraphQLError)
    return explainGraphQLError(error, log);
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
  if (isSafeError(cause)) return explainSafeError(error, cause);
  log.error({ err: cause, path: error.path }, "an API request failed");
  const { message, ...extensions } = describeUnforeseen(cause);
  return again(error, message, { ...extensions });
}

/** Gives an error about the query its code. One that has a path came up while answering, and the query is not to blame. */
export function explainGraphQLError(error: GraphQLError, log: Logger): GraphQLError {
  if (typeof error.extensions.code === "string") return error;
  if (error.path === undefined) return again(error, error.message, { ...error.extensions, ...queryRefused });
  log.error({ err: error, path: error.path }, "an API request failed");
  const { message, ...extensions } = describeUnforeseen(error);
  return again(error, message, { ...extensions });
}

/** What Grafast and Grafserv mean to be told: mostly that a request is not well-formed, or that it took too long. */
function explainSafeError(error: GraphQLError, cause: SafeError): GraphQLError {
  const { statusCode: _statusCode, ...extensions } = cause.extensions ?? {};
  if (/timeout/i.test(cause.message)) {
    const [code, reason, message, hint] = tooSlow;
    return again(error, message, { code, reason, hint });
  }
  return again(error, cause.message, { ...queryRefused, ...extensions });
}

function again(error: GraphQLError, message: string, extensions: Record<string, unknown>): GraphQLError {
  const { nodes = null, source = null, positions = null, path = null } = error;
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}

function sqlState(cause: Error): string | undefined {
  return "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
}
