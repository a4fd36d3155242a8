import { createHash } from "node:crypto";
import pg from "pg";
import { RepriseError } from "../base/errors.ts";
import { writeJson } from "../base/json.ts";
import { functionArguments, type SqlFunctions, unreadColumns } from "./generated.ts";
import { readValue } from "./read-composite.ts";
import { fromSqlError, notedAsQuerys } from "./sql-error.ts";

/** Whatever can run a query: a pool, or a client inside a transaction. */
export type Database = pg.Pool | pg.ClientBase;

/** The name of a SQL function of ours, with its schema. */
export type FunctionName = keyof SqlFunctions;

/** The arguments of a SQL function, by name. Those with a default may be left out. */
export type Arguments<N extends FunctionName> = SqlFunctions[N]["arguments"];

/** What one row of a SQL function's result is; a function that returns a plain value gives that value. */
export type Result<N extends FunctionName> = SqlFunctions[N]["result"];

/** What `callOne` gives: a function that returns a set may return nothing. */
export type OneResult<N extends FunctionName> = SqlFunctions[N]["returnsSet"] extends true
  ? Result<N> | undefined
  : Result<N>;

/** Calls a SQL function and gives the first row of its result. What the function raises comes as a RepriseError. */
export async function callOne<N extends FunctionName>(
  db: Database,
  name: N,
  args: Arguments<N>,
): Promise<OneResult<N>> {
  const rows = await callMany(db, name, args);
  return rows[0] as OneResult<N>;
}

/** Calls a SQL function and gives all rows of its result. */
export async function callMany<N extends FunctionName>(
  db: Database,
  name: N,
  args: Arguments<N>,
): Promise<Result<N>[]> {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const types: Readonly<Record<string, string>> = functionArguments[name] ?? {};
  const text = callText(
    name,
    given.map(([argument]) => argument),
  );
  const values = given.map(([argument, value]) => toParameter(value, types[argument]));
  const result = await queryPrepared(db, text, values);
  for (const [column, reader] of Object.entries(unreadColumns[name] ?? {})) {
    for (const row of result.rows) row[column] = readValue(row[column], reader);
  }
  const plain = plainField(result, name);
  if (plain === undefined) return result.rows;
  return result.rows.map((row) => (plain.dataTypeID === voidType ? undefined : row[plain.name]));
}

/** The type of a function that returns nothing. */
const voidType = 2278;

/** How often all prepared statements were given up, because a function's result changed while we ran. */
let generation = 0;

const statementNames = new Map<string, string>();

/** Prepared statements are named after their text, since names are cut at 63 characters. */
function statementName(text: string): string {
  const known = statementNames.get(text);
  if (known !== undefined) return `${known}_${generation}`;
  const name = `reprise_${createHash("sha256").update(text).digest("base64url").slice(0, 32)}`;
  statementNames.set(text, name);
  return `${name}_${generation}`;
}

// The result is whatever the function returns; `generated.ts` says what, and the database is trusted.
// biome-ignore lint/suspicious/noExplicitAny: node-postgres types a row of unknown columns so.
type Rows = pg.QueryResult<any>;

async function queryPrepared(db: Database, text: string, values: unknown[]): Promise<Rows> {
  try {
    return await db.query({ name: statementName(text), text, values });
  } catch (error) {
    // A rolling upgrade changed what the function takes or returns. Nothing has run yet, so a pool may ask again with a new
    // statement; a client may be inside a transaction, which the error has ended.
    if (!isStalePlan(error) && !(db instanceof pg.Pool && isUnfound(error)))
      throw fromSqlError(notedAsQuerys(error));
    generation += 1;
    if (!(db instanceof pg.Pool)) throw error;
    return await db.query({ name: statementName(text), text, values }).catch((second: unknown) => {
      throw fromSqlError(notedAsQuerys(second));
    });
  }
}

function isStalePlan(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === "0A000" && /cached plan/.test(error.message);
}

/** A function whose arguments have other types now is one that a statement of before does not find any more. */
function isUnfound(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === "42883";
}

/**
 * Who names a table locks it before the names behind it are looked up, also where nothing reads it: so a call finds an upgrade at work
 * before it has entered a function, and waits. Inside it would go on with the function of before on the tables of now.
 */
const GATE = "with gate as (select from reprise_meta.code)";

function callText(name: string, argumentNames: string[]): string {
  const list = argumentNames.map((argument, index) => `${pg.escapeIdentifier(argument)} => $${index + 1}`);
  return `${GATE} select * from ${name}(${list.join(", ")})`;
}

/** node-postgres turns an array into a Postgres array and an object into JSON; what is JSON must say so itself. */
function toParameter(value: unknown, type: string | undefined): unknown {
  if (value === null) return null;
  if (type === "json" || type === "jsonb") return storableJson(value);
  if ((type === "json[]" || type === "jsonb[]") && Array.isArray(value)) {
    return value.map((element) => (element === null ? null : storableJson(element)));
  }
  return value;
}

/** The JSON of a value. Postgres's json would take what no text of its may hold, and refuse it to whoever reads it. */
function storableJson(value: unknown): string {
  const text = writeJson(value);
  if (text.includes("\\u") && UNSTORABLE.test(text))
    throw new RepriseError(
      "RP422",
      "not_storable",
      `${unstorablePart(value)} cannot be stored: unsupported Unicode escape sequence.`,
      {
        hint: "It holds a NUL, or half of a character.",
      },
    );
  return text;
}

/** Where at the top of a value that stands, as SQL says it. */
function unstorablePart(value: unknown): string {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  const found = isMap && Object.entries(value).find(([, part]) => UNSTORABLE.test(writeJson(part)));
  return found ? `\`${found[0]}\`` : "The JSON";
}

const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** Postgres names the only column after the function where a function returns a value and not a row. */
function plainField(result: Rows, name: string): pg.FieldDef | undefined {
  const [first, ...others] = result.fields;
  return others.length === 0 && first?.name === name.slice(name.indexOf(".") + 1) ? first : undefined;
}
