import { setTimeout as delay } from "node:timers/promises";
import { runMigrations, Logger as WorkerLogger } from "graphile-worker";
import pg from "pg";
import type { Logger } from "../base/log.ts";
import { version } from "../base/version.ts";
import { applyCode } from "./apply-code.ts";
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
 * Brings a database up to date: graphile-worker's tables, then our migration files, each once, then the functions, views and
 * grants as a whole when a file changed or a role lacks its rights. Safe to call from many processes at once; a second call
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
    await runMigrations({ connectionString, logger: workerLogger(log) });
    await inTransaction(client, () => runSqlFile(client, files.bootstrap));
    await refuseOlderCode(client);
    const applied = await applyMigrations(client, files.migrations, log);
    const isCodeReplaced = await replaceCode(client, files, log, options.lockTimeoutMs ?? 2000);
    log.info({ migrations: applied.length, isCodeReplaced }, "the database is up to date");
    return { applied, isCodeReplaced };
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

async function applyMigrations(client: pg.Client, files: SqlFile[], log: Logger): Promise<string[]> {
  const recorded = await readRecord(client);
  checkRecord(recorded, files);
  const pending = files.slice(recorded.length);
  for (const file of pending) {
    await inTransaction(client, async () => {
      await runSqlFile(client, file);
      await client.query("insert into reprise_meta.migrations (name, sha256) values ($1, $2)", [
        file.name,
        file.sha256,
      ]);
    });
    log.debug({ file: file.name }, "migration applied");
  }
  return pending.map((file) => file.name);
}

/** Replaces the functions in one transaction: whoever calls them sees the old ones or the new ones, never a mixture. */
async function replaceCode(
  client: pg.Client,
  files: SqlFiles,
  log: Logger,
  lockTimeoutMs: number,
): Promise<boolean> {
  if (await isDone(client, files)) return false; // another process was quicker
  for (let tried = 1; ; tried += 1) {
    try {
      await inTransaction(client, async () => {
        // Waiting for one of our locks makes others wait behind us: give up soon, and come again.
        await client.query(`set local lock_timeout = ${lockTimeoutMs}`);
        await applyCode(client, files);
        await client.query(
          `insert into reprise_meta.code (sha256, version) values ($1, $2)
           on conflict (is_current) do update set sha256 = $1, version = $2, applied_at = now()`,
          [files.sha256, version],
        );
      });
      log.debug({ files: files.code.length }, "functions replaced");
      return true;
    } catch (error) {
      if (!transient.includes(sqlStateOf(error) ?? "") || tried === lockTries) throw error;
      log.warn({ tried }, "the functions are in use; trying again");
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
