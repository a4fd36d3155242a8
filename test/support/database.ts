import { randomBytes } from "node:crypto";
import { after } from "node:test";
import pg from "pg";
import { silentLogger } from "../../src/base/log.ts";
import { createPool } from "../../src/db/pool.ts";
import { startTemplate, type Template, templateVariable } from "./template.ts";

export { until } from "./until.ts";

/** A migrated database of a test file's own. */
export interface TestDatabase extends AsyncDisposable {
  readonly connectionString: string;
  readonly pool: pg.Pool;
  /** Runs the work in a transaction that is rolled back. */
  inTransaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
  /** A further connection, closed with the database. */
  connect(): Promise<pg.Client>;
  /** Drops the database; done by itself after the file's tests. */
  drop(): Promise<void>;
}

/**
 * Clones the template for the calling test file; the clone is dropped after its tests. Call it in a `before` hook, or at
 * the top of the file: `const db = await testDatabase();`. An empty one has nothing migrated yet.
 */
export async function testDatabase({ isEmpty = false } = {}): Promise<TestDatabase> {
  const template = await findTemplate();
  const name = `test_${randomBytes(8).toString("hex")}`;
  await administer(template, (client, templateName) =>
    client.query(
      `create database ${name} template ${isEmpty ? "template0" : pg.escapeIdentifier(templateName)}`,
    ),
  );
  const connectionString = withDatabase(template, name);
  const database = openDatabase(connectionString, async () => {
    // A test that failed may have left connections open; they must not hold the others up.
    await administer(template, (client) => client.query(`drop database if exists ${name} with (force)`));
  });
  afterTests(database.drop);
  return database;
}

function openDatabase(connectionString: string, dropDatabase: () => Promise<void>): TestDatabase {
  const pool = createPool({ connectionString, applicationName: "reprise test" }, silentLogger);
  const clients: pg.Client[] = [];
  let dropping: Promise<void> | undefined;
  const close = async () => {
    await Promise.allSettled(clients.map((client) => client.end()));
    await pool.end();
    await dropDatabase();
  };
  const drop = () => {
    dropping ??= close();
    return dropping;
  };
  return {
    connectionString,
    pool,
    inTransaction: (work) => inTransaction(pool, work),
    async connect() {
      const client = new pg.Client({ connectionString });
      client.on("error", () => undefined);
      await client.connect();
      clients.push(client);
      return client;
    },
    drop,
    [Symbol.asyncDispose]: drop,
  };
}

/** Runs the work in a transaction that is rolled back, so that nothing stays. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    return await work(client);
  } finally {
    await client.query("rollback").catch(() => undefined);
    client.release();
  }
}

const cleanUps: (() => Promise<void>)[] = [];

/** Registered while this module loads, since a hook that is added inside of a hook would not run. */
after(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

function afterTests(cleanUp: () => Promise<void>): void {
  cleanUps.push(cleanUp);
}

let ownTemplate: Promise<Template> | undefined;

/** `test/run.ts` starts one Postgres for all files; a file that runs alone starts its own. */
async function findTemplate(): Promise<string> {
  const given = process.env[templateVariable];
  if (given !== undefined) return given;
  if (ownTemplate === undefined) {
    ownTemplate = startTemplate();
    afterTests(async () => (await ownTemplate)?.[Symbol.asyncDispose]());
  }
  return (await ownTemplate).connectionString;
}

async function administer(
  template: string,
  work: (client: pg.Client, templateName: string) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(template, "postgres") });
  await client.connect();
  try {
    await work(client, new URL(template).pathname.slice(1));
  } finally {
    await client.end();
  }
}

function withDatabase(connectionString: string, name: string): string {
  const url = new URL(connectionString);
  url.pathname = `/${name}`;
  return url.href;
}
