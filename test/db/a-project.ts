import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { silentLogger } from "../../src/base/log.ts";
import { migrate } from "../../src/db/migrate.ts";
import { testDatabase } from "../support/database.ts";

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** A project's SQL files, and an empty database to bring up to them. */
export async function aProject(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), "reprise-sql-"));
  folders.push(folder);
  const db = await testDatabase({ isEmpty: true });
  const write = async (more: Record<string, string>) => {
    for (const [name, text] of Object.entries(more)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  };
  const run = (options = {}, log = silentLogger) => migrate(db.connectionString, log, { folder, ...options });
  await write(files);
  return { db, folder, write, run };
}

/** A migration that makes a table. */
export const table = { "migrations/001_things.sql": "create table reprise.things (id integer);" };

/** A file that makes a function. */
export function fn(
  name: string,
  args: string,
  body = "select 1",
  returns = "integer",
): Record<string, string> {
  return {
    [`engine/${name}.sql`]: `create or replace function reprise_engine.${name}(${args})
      returns ${returns} language sql stable as $$ ${body} $$;
      comment on function reprise_engine.${name} is 'A function.';`,
  };
}
