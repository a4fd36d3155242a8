import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { packageRoot, versionOf } from "../base/version.ts";

/** A SQL file of the product. */
export interface SqlFile {
  /** Its path below `sql/`, such as `engine/clock.sql`. */
  name: string;
  text: string;
  sha256: string;
}

/** All that a database gets. */
export interface SqlFiles {
  bootstrap: SqlFile;
  /** In the order of their numbers. */
  migrations: SqlFile[];
  /** Functions and views, replaced when they change. */
  code: SqlFile[];
  /** Run last, each time: it may name any function. */
  grants: SqlFile | undefined;
  /** Changes when any of them does, or graphile-worker's version. */
  sha256: string;
}

/** The SQL files of this program. */
export const sqlFolder: string = join(packageRoot, "sql");

// Verbs may return the rows of views; triggers call functions.
const codeFolders = ["engine", "views", "api", "triggers"];

/** Reads the SQL files. */
export async function readSqlFiles(folder: string = sqlFolder): Promise<SqlFiles> {
  const [bootstrap, migrations, grants, ...code] = await Promise.all([
    readSqlFile(sqlFolder, "bootstrap.sql"),
    readFolder(folder, "migrations"),
    readSqlFile(folder, "grants.sql").catch(() => undefined),
    ...codeFolders.map((name) => readFolder(folder, name)),
  ]);
  const files = { bootstrap, migrations, code: code.flat(), grants };
  const all = [bootstrap, ...migrations, ...files.code, ...(grants === undefined ? [] : [grants])];
  const listing = all.map((file) => `${file.name} ${file.sha256}`);
  return { ...files, sha256: hash([graphileWorkerVersion(), ...listing].join("\n")) };
}

async function readFolder(folder: string, name: string): Promise<SqlFile[]> {
  const names = await readdir(join(folder, name)).catch(() => []);
  const files = names.filter((file) => file.endsWith(".sql")).sort();
  return await Promise.all(files.map((file) => readSqlFile(folder, `${name}/${file}`)));
}

async function readSqlFile(folder: string, name: string): Promise<SqlFile> {
  const text = await readFile(join(folder, name), "utf8");
  return { name, text, sha256: hash(text) };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function graphileWorkerVersion(): string {
  return versionOf(createRequire(import.meta.url).resolve("graphile-worker"));
}
