import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { silentLogger } from "../src/base/log.ts";
import { startEmbedded } from "../src/db/embedded.ts";
import { migrate } from "../src/db/migrate.ts";
import { createPool } from "../src/db/pool.ts";

/** A Postgres for a benchmark: in a temporary folder, but with commits as durable as in earnest. */
export interface DurablePostgres extends AsyncDisposable {
  /** A new migrated database, and a pool of as many connections. Gone with its disposal. */
  database(poolSize: number): Promise<BenchDatabase>;
}

/** A migrated database that holds nothing. */
export interface BenchDatabase extends AsyncDisposable {
  readonly connectionString: string;
  readonly pool: pg.Pool;
  /** Writes out what is dirty, so that no measurement pays for the one before. */
  settle(): Promise<void>;
}

// What Postgres does by itself; the embedded one would take short cuts in a temporary folder.
const DURABLE = { fsync: "on", full_page_writes: "on", synchronous_commit: "on", autovacuum_naptime: "60s" };

/** Starts it. */
export async function startDurablePostgres(): Promise<DurablePostgres> {
  const embedded = await startEmbedded({
    dataDir: join(tmpdir(), `reprise-bench-${randomBytes(8).toString("hex")}`),
    log: silentLogger,
    isTemporary: true,
    settings: DURABLE,
  });
  await migrate(embedded.connectionString, silentLogger);
  const template = new URL(embedded.connectionString);
  const admin = new pg.Client({ connectionString: withDatabase(template, "postgres") });
  await admin.connect();
  let count = 0;

  return {
    async database(poolSize) {
      count += 1;
      const name = `bench_${count}`;
      await admin.query(
        `create database ${name} template ${pg.escapeIdentifier(template.pathname.slice(1))}`,
      );
      return openDatabase(withDatabase(template, name), poolSize, async () => {
        await admin.query(`drop database ${name} with (force)`);
      });
    },
    async [Symbol.asyncDispose]() {
      await admin.end();
      await embedded.stop();
    },
  };
}

function openDatabase(connectionString: string, size: number, drop: () => Promise<void>): BenchDatabase {
  const pool = createPool({ connectionString, size, applicationName: "reprise bench" }, silentLogger);
  return {
    connectionString,
    pool,
    async settle() {
      await pool.query("vacuum analyze");
      await pool.query("checkpoint");
    },
    async [Symbol.asyncDispose]() {
      await pool.end();
      await drop();
    },
  };
}

function withDatabase(url: URL, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}
