import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { silentLogger } from "../../src/base/log.ts";
import { type Embedded, startEmbedded } from "../../src/db/embedded.ts";
import { migrate } from "../../src/db/migrate.ts";

/** The variable by which `test/run.ts` tells the test files where the template is. */
export const templateVariable = "REPRISE_TEST_TEMPLATE";

/** Binaries other than those of the packages: a nightly run gives those of the other versions that we promise to run on. */
export const postgresBin: string | undefined = process.env.REPRISE_TEST_POSTGRES_BIN || undefined;

/** A Postgres for tests, with a migrated database in it to clone. */
export interface Template extends AsyncDisposable {
  /** The address of the template database. */
  readonly connectionString: string;
}

/** Starts a Postgres in a temporary folder and migrates the template. `DATABASE_URL` plays no part in tests. */
export async function startTemplate(): Promise<Template> {
  const embedded = await startPostgres(join(tmpdir(), `reprise-test-${randomBytes(8).toString("hex")}`));
  try {
    await migrate(embedded.connectionString, silentLogger);
    await freeze(embedded.connectionString);
  } catch (error) {
    await embedded.stop();
    throw error;
  }
  return { connectionString: embedded.connectionString, [Symbol.asyncDispose]: embedded.stop };
}

async function startPostgres(dataDir: string): Promise<Embedded> {
  return await startEmbedded({
    dataDir,
    log: silentLogger,
    isTemporary: true,
    bin: postgresBin,
  });
}

/** A database that somebody is connected to cannot be cloned, so nobody may connect to the template. */
async function freeze(connectionString: string): Promise<void> {
  const url = new URL(connectionString);
  const name = url.pathname.slice(1);
  url.pathname = "/postgres";
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`alter database ${pg.escapeIdentifier(name)} allow_connections false is_template true`);
  await client.end();
}
