import { setTimeout as delay } from "node:timers/promises";
import { runMigrations, Logger as WorkerLogger } from "graphile-worker";
import pg from "pg";
import type { Logger } from "../base/log.ts";
import { version } from "../base/version.ts";
import { applyCode } from "./apply-code.ts";
import { addLabels, applyMigrations, lockTables, shutGate } from "./apply-migrations.ts";
import {
  checkRecord,
  checkServer,
  isUnknownDatabase,
  refuseOlderCode,
  refuseStranger,
} from "./migration-guards.ts";
import { readRoles } from "./roles.ts";
import { runSqlFile, sqlStateOf } from "./run-sql-file.ts";
import { readSqlFiles, type SqlFile, type SqlFiles, sqlFolder } from "./sql-files.ts";
import { assertKept, findViewDependents } from "./view-dependents.ts";

/** What a migration did. */
export interface MigrationReport {
  /** The migration files that it applied. */
  applied: string[];
  /** Whether it replaced the functions and views. */
  isCodeReplaced: boolean;
}

/** How to migrate otherwise than usual. */
export interface MigrateOptions {
  /** The folder of the SQL files. */
  folder?: string;
  /** How long to wait for a lock before the next try. */
  lockTimeoutMs?: number;
}

/** Two processes that migrate one database at once take turns under this lock; the number is ours by choice. */
const advisoryLock = "7370737695";

/** Lock waits and deadlocks: somebody works with what we replace. */
const transient = ["55P03", "40P01", "40001"];
const lockTries = 30;

/**
 * Brings a database up to date: graphile-worker's tables, then our migration files, each once, and the functions, views and
 * grants as a whole when a file changed or a role lacks its rights, in one transaction with the former. Safe to call from many processes at once; a second call
 * costs two queries. Whoever does not own the database may call it too, and is refused only when there is something to do.
 */
export async function migrate(
  connectionString: string,
  log: Logger,
  options: MigrateOptions = {},
): Promise<MigrationReport> {
  const files = await readSqlFiles(options.folder ?? sqlFolder);
  const client = new pg.Client({ connectionString, application_name: "reprise migrate", keepAlive: true });
  client.on("error", (error) => log.debug({ err: error }, "the migrating connection broke"));
  client.on("notice", ({ severity, message, hint }) => {
    if (severity === "WARNING") log.warn({ hint }, message);
  });
  await client.connect();
  try {
    if (await isDone(client, files)) return { applied: [], isCodeReplaced: false };
    await refuseOlderCode(client);
    await refuseStranger(client);
    await client.query("select pg_catalog.pg_advisory_lock($1)", [advisoryLock]);
    await checkServer(client);
    // These two stand for themselves: graphile-worker's own migrations get along with the workers of before or stop them, and the
    // bootstrap only adds.
    await runMigrations({ connectionString, logger: workerLogger(log) });
    await inTransaction(client, () => runSqlFile(client, files.bootstrap));
    await refuseOlderCode(client);
    const report = await upgrade(client, files, log, options.lockTimeoutMs ?? 2000);
    const { applied, isCodeReplaced } = report;
    log.info({ migrations: applied.length, isCodeReplaced }, "the database is up to date");
    return report;
  } finally {
    await client.end();
  }
}

/** What is missing in a database, for `doctor`: undefined when it is up to date. */
export async function describePending(db: pg.Pool | pg.ClientBase, folder = sqlFolder): Promise<string[]> {
  const files = await readSqlFiles(folder);
  const recorded = await readRecord(db).catch(() => []);
  const pending = files.migrations.filter((file) => !recorded.some((row) => row.name === file.name));
  const edited = files.migrations.filter((file) =>
    recorded.some((row) => row.name === file.name && row.sha256 !== file.sha256),
  );
  const isCodeCurrent = await isCurrent(db, files);
  return [
    ...pending.map((file) => `sql/${file.name} is not applied.`),
    ...edited.map((file) => `sql/${file.name} was edited after it was applied.`),
    ...(isCodeCurrent ? [] : ["The functions are not those of this version."]),
  ];
}

async function isCurrent(db: pg.Pool | pg.ClientBase, files: SqlFiles): Promise<boolean> {
  try {
    const { rowCount } = await db.query("select from reprise_meta.code where sha256 = $1", [files.sha256]);
    return rowCount === 1;
  } catch (error) {
    if (isUnknownDatabase(error)) return false;
    throw error;
  }
}

/** Whether nothing is left to do: a role that an administrator made later on still needs its grants. */
async function isDone(client: pg.Client, files: SqlFiles): Promise<boolean> {
  if (!(await isCurrent(client, files))) return false;
  if (files.grants === undefined) return true;
  return (await readRoles(client)).every(({ exists, isGranted }) => isGranted || !exists);
}

async function readRecord(db: pg.Pool | pg.ClientBase): Promise<{ name: string; sha256: string }[]> {
  const { rows } = await db.query("select name, sha256 from reprise_meta.migrations order by name");
  return rows;
}

async function findPending(client: pg.Client, files: SqlFile[]): Promise<SqlFile[]> {
  const recorded = await readRecord(client);
  checkRecord(recorded, files);
  return files.slice(recorded.length);
}

/** Whether the database never held our functions: nobody runs on it yet. */
async function isNew(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query("select from reprise_meta.code");
  return rowCount === 0;
}

/**
 * Makes the tables and functions those of the files, and gives the migrations that it applied. A new database gets its migrations one by
 * one. In one that is in use they come in one transaction with the functions, views and grants that belong to them: whoever calls those
 * sees the old ones or the new ones with their tables, never a mixture.
 */
async function upgrade(
  client: pg.Client,
  files: SqlFiles,
  log: Logger,
  lockTimeoutMs: number,
): Promise<MigrationReport> {
  let pending = await findPending(client, files.migrations);
  const applied = pending.map((file) => file.name);
  if (await isNew(client)) {
    for (const file of pending) await inTransaction(client, () => applyMigrations(client, [file]));
    pending = [];
  } else if (pending.length > 0) {
    pending = await addLabels(client, pending);
  } else if (await isDone(client, files)) return { applied: [], isCodeReplaced: false }; // another process was quicker
  await patiently(log, () =>
    inTransaction(client, async () => {
      // Waiting for one of our locks makes others wait behind us: give up soon, and come again.
      await client.query(`set local lock_timeout = ${lockTimeoutMs}`);
      await shutGate(client, lockTimeoutMs);
      if (pending.length > 0) await lockTables(client, lockTimeoutMs);
      const dependents = await findViewDependents(client);
      await applyMigrations(client, pending);
      await applyCode(client, files);
      await assertKept(client, dependents);
      await client.query(
        `insert into reprise_meta.code (sha256, version) values ($1, $2)
         on conflict (is_current) do update set sha256 = $1, version = $2, applied_at = now()`,
        [files.sha256, version],
      );
    }),
  );
  log.debug({ migrations: applied, files: files.code.length }, "migrations applied, functions replaced");
  return { applied, isCodeReplaced: true };
}

/** Does something again that somebody else's locks were in the way of. */
async function patiently(log: Logger, work: () => Promise<void>): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      if (!transient.includes(sqlStateOf(error) ?? "") || tried === lockTries) throw error;
      log.warn({ tried }, "the tables or functions are in use; trying again");
      await delay(100 + Math.random() * 400);
    }
  }
}

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query("begin");
  try {
    await work();
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

/** graphile-worker tells of each of its own migrations; that is for whoever looks closely. */
function workerLogger(log: Logger): WorkerLogger {
  return new WorkerLogger(() => (level, message) => log.debug({ level }, message));
}
