import type {} from "postgraphile";
import { TYPES } from "postgraphile/@dataplan/pg";
import type {} from "postgraphile/grafserv";
import { hasOddJson, readJson, viewJson, writeJson } from "../src/base/json.ts";

// PostGraphile has one codec for Postgres's json, in all schemas of a process, and no place to give another.
Object.assign(TYPES.json, { fromPg: readJson, toPg: writeJson });

/**
 * JSON comes and goes with the order of its keys, and in answers and variables with numbers as they are written. Literals in the text of a
 * query are read by Grafast itself, which has `1.0` as 1.
 */
export const JsonPlugin: GraphileConfig.Plugin = {
  name: "JsonPlugin",
  version: "0.0.0",
  description: "JSON keeps the order of its keys, and how its numbers are written.",
  schema: {
    hooks: {
      GraphQLScalarType: (config, build) =>
        config.name === build.inflection.builtin("JSON")
          ? { ...config, serialize: viewJson, parseValue: exactOf }
          : config,
    },
  },
  grafserv: {
    middleware: {
      async processGraphQLRequestBody(next, { request, body }) {
        const text = request && (await textOf(request));
        if (text !== undefined && hasOddJson(text)) noteExact(body, text);
        return await next();
      },
    },
  },
};

type Request = { getBody(): unknown };

async function textOf(request: Request): Promise<string | undefined> {
  const body = (await request.getBody()) as { type?: string; text?: string; buffer?: Buffer };
  return body.type === "text"
    ? body.text
    : body.type === "buffer"
      ? body.buffer?.toString("utf8")
      : undefined;
}

/** What the maps and lists of the variables of a request are exactly, where JavaScript has lost something: other scalars are none the wiser. */
const exact = new WeakMap<object, unknown>();

function exactOf(value: unknown): unknown {
  return typeof value === "object" && value !== null ? (exact.get(value) ?? value) : value;
}

function noteExact({ variableValues }: { variableValues?: unknown }, text: string): void {
  const note = (plain: unknown, other: unknown): void => {
    if (typeof plain !== "object" || plain === null || typeof other !== "object" || other === null) return;
    exact.set(plain, other);
    for (const [key, part] of Object.entries(plain)) note(part, (other as Record<string, unknown>)[key]);
  };
  try {
    note(variableValues, (readJson(text) as { variables?: unknown } | null)?.variables);
  } catch (error) {
    // What is nested too deeply for that is refused by others.
    if (!(error instanceof RangeError)) throw error;
  }
}
