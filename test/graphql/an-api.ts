import "./quiet-graphile.ts";
import { after } from "node:test";
import type { PoolClient } from "pg";
import { silentLogger } from "../../src/base/log.ts";
import { type Server, type ServerOptions, startServer } from "../../src/server/server.ts";
import { createPostgresStorage } from "../../src/storage/postgres-storage.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

/** An error as a caller gets it. */
export interface ApiError {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: string; reason?: string; hint?: string; details?: unknown };
}

/** A server on a database of its own. */
export interface TestApi {
  db: TestDatabase;
  server: Server;
  /** Sends a request by HTTP and gives the data; fails on errors. */
  // biome-ignore lint/suspicious/noExplicitAny: what a test asks for is what it knows.
  read(source: string, variables?: Record<string, unknown>): Promise<any>;
  /** Sends a request that must fail, and gives the first error. */
  fail(source: string, variables?: Record<string, unknown>): Promise<ApiError>;
  /** Runs the work in a transaction that is committed. */
  commit<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
}

let opened: Server | undefined;
// Registered before those of the database, and run after them otherwise: the server goes first.
after(() => opened?.stop());

/** Starts the server for the calling test file; it ends with the file's tests. */
export async function anApi(options: Partial<ServerOptions> = {}): Promise<TestApi> {
  const db = await testDatabase();
  const server = await startServer({
    config: { host: "127.0.0.1", port: 0, poolSize: 4 },
    connectionString: db.connectionString,
    pool: db.pool,
    storage: createPostgresStorage(db.pool),
    log: silentLogger,
    ...options,
  });
  opened = server;
  const send = async (query: string, variables: Record<string, unknown> = {}) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as { data?: unknown; errors?: ApiError[] };
  };
  return {
    db,
    server,
    async read(source, variables) {
      const { data, errors } = await send(source, variables);
      if (errors !== undefined) throw new Error(JSON.stringify(errors, null, 2));
      return data;
    },
    async fail(source, variables) {
      const { data, errors } = await send(source, variables);
      const [error] = errors ?? [];
      if (error === undefined) throw new Error(`It did not fail: ${JSON.stringify(data)}`);
      return error;
    },
    commit: (work) => inCommittedTransaction(db, work),
  };
}

async function inCommittedTransaction<T>(
  db: TestDatabase,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await db.pool.connect();
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}
