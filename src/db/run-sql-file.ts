import pg from "pg";
import { RepriseError } from "../base/errors.ts";
import type { SqlFile } from "./sql-files.ts";

/** Runs all statements of a file. An error says in which file and line it is, and keeps Postgres's own as its cause. */
export async function runSqlFile(client: pg.ClientBase, file: SqlFile): Promise<void> {
  try {
    await client.query(file.text);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const line = lineOf(file.text, error);
    const place = line === undefined ? `sql/${file.name}` : `sql/${file.name}:${line}`;
    const message = `${place}: ${error.message}${/[.!?]$/.test(error.message) ? "" : "."}`;
    const hint = [error.detail, error.hint, error.where].filter((part) => part !== undefined).join(" ");
    throw new RepriseError("RP422", "sql_file_failed", message, {
      hint: hint === "" ? undefined : hint,
      cause: error,
    });
  }
}

/** The SQLSTATE of an error of Postgres, or of the one that caused it. */
export function sqlStateOf(error: unknown): string | undefined {
  if (error instanceof pg.DatabaseError) return error.code;
  return error instanceof Error && error.cause !== undefined ? sqlStateOf(error.cause) : undefined;
}

function lineOf(text: string, error: pg.DatabaseError): number | undefined {
  if (error.position === undefined) return undefined;
  // Postgres counts characters, not UTF-16 units.
  const before = [...text].slice(0, Number(error.position) - 1);
  return before.filter((character) => character === "\n").length + 1;
}
