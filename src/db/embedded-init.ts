import { execFile } from "node:child_process";
import { access, chown, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { RepriseError } from "../base/errors.ts";
import type { EmbeddedPaths, EmbeddedSettings } from "./embedded-folder.ts";
import { connectionStringOf, embeddedName, embeddedUser } from "./embedded-state.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";

/** Makes Postgres's data folder beside its place and moves it there, so that a crash in between leaves no half of one. */
export async function initialise(
  paths: EmbeddedPaths,
  settings: EmbeddedSettings,
  binaries: PostgresBinaries,
): Promise<void> {
  const made = await readFile(join(paths.data, "PG_VERSION"), "utf8").catch(() => undefined);
  if (made !== undefined) return checkVersion(paths, Number(made), binaries.major);
  const draft = `${paths.data}.${process.pid}`;
  const passwordFile = `${draft}.password`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, settings.password, { mode: 0o600 });
  if (binaries.user !== undefined) {
    for (const path of [draft, passwordFile]) await chown(path, binaries.user.uid, binaries.user.gid);
  }
  try {
    await runInitdb(draft, passwordFile, binaries);
    await rename(draft, paths.data);
  } catch (error) {
    // Of two processes that come at once the second finds the place taken, which is as good.
    if (!(await exists(join(paths.data, "PG_VERSION")))) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
  }
}

async function runInitdb(draft: string, passwordFile: string, binaries: PostgresBinaries): Promise<void> {
  // The same order of texts on every machine, whatever locales it has.
  const locale =
    binaries.major >= 17
      ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
      : ["--locale=C"];
  const args = ["-D", draft, "-U", embeddedUser, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
  await promisify(execFile)(join(binaries.bin, "initdb"), [...args, "--encoding=UTF8", ...locale], {
    ...binaries.user,
    cwd: "/",
  });
}

function checkVersion(paths: EmbeddedPaths, made: number, ours: number): void {
  if (made === ours) return;
  throw new RepriseError(
    "RP409",
    "postgres_version",
    `The data in ${paths.data} is of PostgreSQL ${made}, not ${ours}.`,
    {
      hint: "Dump it with the version that made it, move the folder away and load the dump.",
    },
  );
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

/** Makes our database, unless it is there. */
export async function createDatabase(settings: EmbeddedSettings): Promise<void> {
  const client = new pg.Client({ connectionString: connectionStringOf(settings, "postgres") });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_catalog.pg_database where datname = $1", [
      embeddedName,
    ]);
    if (rowCount === 0) await client.query(`create database ${embeddedName}`);
  } catch (error) {
    // 42P04: another process made it in between.
    if (!(error instanceof pg.DatabaseError && ["42P04", "23505"].includes(error.code ?? ""))) throw error;
  } finally {
    await client.end();
  }
}
