import type {} from "postgraphile";
import type { Result } from "postgraphile/grafserv";
import { type DocumentNode, GraphQLError } from "postgraphile/graphql";
import type { Logger } from "../src/base/log.ts";
import { describeUnforeseen } from "../src/db/unforeseen.ts";
import { explainGraphQLError } from "./errors.ts";
import { tooLarge } from "./limits.ts";

/** Errors that come up before anything runs pass by `maskError`: gives them a code and a reason too. */
export function requestErrorsPlugin(log: Logger): GraphileConfig.Plugin {
  return {
    name: "RequestErrorsPlugin",
    version: "0.0.0",
    description: "Gives a code and a reason to what is wrong with a request.",
    grafserv: {
      middleware: {
        setPreset(next, event) {
          const { getExecutionConfig } = event;
          event.getExecutionConfig = async function (context) {
            const config = await getExecutionConfig.call(this, context);
            const { parseAndValidate } = config;
            return { ...config, parseAndValidate: (query) => explain(() => parseAndValidate(query), log) };
          };
          return next();
        },
        async processRequest(next) {
          const result = await next();
          return result === null ? null : explainStatus(result);
        },
      },
    },
  };
}

type Parsed =
  | { document: DocumentNode; errors?: undefined }
  | { document?: undefined; errors: readonly GraphQLError[] };

function explain(parse: () => Parsed, log: Logger): Parsed {
  const parsed = attempt(parse);
  if (parsed.errors === undefined) return parsed;
  return { errors: parsed.errors.map((error) => explainOne(error, log)) };
}

/** Parsing and validating go into a query as deep as it is nested. What is too deep for that is too deep for us. */
function attempt(parse: () => Parsed): Parsed {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) return { errors: [tooLarge("It is nested too deeply.")] };
    throw error;
  }
}

function explainOne(error: GraphQLError, log: Logger): GraphQLError {
  if (!(error instanceof GraphQLError)) return tooLarge("It is nested too deeply.");
  // GraphQL gives up where comparing the fields of a query with each other has no end.
  if (error.message === "Validation aborted.") return tooLarge("It names the same fields too often.");
  return explainGraphQLError(error, log);
}

const reasons: Readonly<Record<number, readonly [reason: string, hint: string]>> = {
  400: ["malformed_request", 'Send {"query": "…", "variables": {…}} as application/json.'],
  405: ["method_not_allowed", "Send a POST."],
  406: [
    "not_acceptable",
    "Accept application/json. A subscription then comes as multipart/mixed, or by a WebSocket with graphql-transport-ws.",
  ],
  413: ["request_too_large", "A flow's text may have 2 MB, a whole request 8 MB."],
  415: ["unsupported_media_type", "Send application/json."],
};

/** Gives the errors of HTTP their code and reason. Those of GraphQL have theirs. */
function explainStatus(result: Result): Result {
  if (result.type !== "buffer" || result.statusCode < 400) return result;
  const body: { errors?: { message: string; extensions?: Record<string, unknown> }[] } = readJson(
    result.buffer,
  );
  if (body.errors === undefined) return result;
  const known = reasons[result.statusCode];
  const errors = body.errors.map((error) => {
    if (error.extensions?.code !== undefined) return error;
    if (known === undefined) {
      const { message, ...extensions } = describeUnforeseen(undefined);
      return { message, extensions };
    }
    const [reason, hint] = known;
    return { message: sentence(error.message), extensions: { code: "RP400", reason, hint } };
  });
  const buffer = Buffer.from(JSON.stringify({ ...body, errors }));
  const allow = result.statusCode === 405 ? { allow: "POST" } : {};
  return {
    ...result,
    buffer,
    headers: { ...result.headers, ...allow, "content-length": String(buffer.length) },
  };
}

function readJson(buffer: Buffer) {
  try {
    return JSON.parse(buffer.toString());
  } catch {
    return {};
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, "")}.`;
}
