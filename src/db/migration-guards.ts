import type pg from "pg";
import { RepriseError } from "../base/errors.ts";
import { version } from "../base/version.ts";
import { readUser } from "./roles.ts";
import { sqlStateOf } from "./run-sql-file.ts";
import type { SqlFile } from "./sql-files.ts";

/** Whether an error says that the database is new, or one that this user has no business with. */
export function isUnknownDatabase(error: unknown): boolean {
  return ["42P01", "3F000", "42501"].includes(sqlStateOf(error) ?? "");
}

/** Refuses a Postgres that is too old. */
export async function checkServer(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ number: number }>(
    "select current_setting('server_version_num')::integer as number",
  );
  const number = rows[0]?.number ?? 0;
  if (number >= 160_000) return;
  throw new RepriseError("RP422", "postgres_too_old", "Reprise needs PostgreSQL 16 or later.", {
    hint: `This server is ${Math.floor(number / 10_000)}.`,
  });
}

/** An old server that starts during a rolling upgrade must not put its functions over the new ones. */
export async function refuseOlderCode(client: pg.ClientBase): Promise<void> {
  const theirs = await readVersion(client);
  if (theirs === undefined || compareVersions(theirs, version) <= 0) return;
  throw new RepriseError(
    "RP409",
    "database_is_newer",
    `The database is of version ${theirs}, this is ${version}.`,
    {
      hint: `Start version ${theirs} or later.`,
    },
  );
}

async function readVersion(client: pg.ClientBase): Promise<string | undefined> {
  try {
    const { rows } = await client.query<{ version: string }>("select version from reprise_meta.code");
    return rows[0]?.version;
  } catch (error) {
    if (isUnknownDatabase(error)) return undefined;
    throw error;
  }
}

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

/** Only the owner may change the database; a worker with the narrow role, say, waits until that is done. */
export async function refuseStranger(client: pg.ClientBase): Promise<void> {
  const { name, isOwner } = await readUser(client);
  if (isOwner) return;
  throw new RepriseError(
    "RP403",
    "may_not_migrate",
    `The database has to be migrated, and ${name} may not do that.`,
    {
      hint: `As its owner: reprise migrate. A worker's user needs a role too, and a new database its owner: see "Run it for real" in the README.`,
    },
  );
}

/** What was applied must be the beginning of what there is, unchanged. */
export function checkRecord(recorded: { name: string; sha256: string }[], files: SqlFile[]): void {
  for (const [index, row] of recorded.entries()) {
    const file = files.find(({ name }) => name === row.name);
    if (file === undefined) {
      throw new RepriseError(
        "RP409",
        "migration_unknown",
        `The database has ${row.name}, this program has not.`,
        {
          hint: "It was migrated by a later version: start that one.",
        },
      );
    }
    if (file.sha256 !== row.sha256) {
      throw new RepriseError(
        "RP409",
        "migration_edited",
        `sql/${row.name} was edited after it was applied.`,
        {
          hint: "Restore it and put the change into a new file; a database that holds nothing of worth can be made anew.",
        },
      );
    }
    if (files[index] !== file) {
      throw new RepriseError(
        "RP409",
        "migration_out_of_order",
        `sql/${files[index]?.name} comes before ${row.name}, which is applied.`,
        {
          hint: "Give the new file the next number.",
        },
      );
    }
  }
}
