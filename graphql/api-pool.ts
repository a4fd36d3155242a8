import pg from "pg";
import type { Logger } from "../src/base/log.ts";

/**
 * Plans are made for the values at hand: what is rare (RUNNING) and what is frequent (SUCCESS) want different ones. And what is
 * quick to run is not worth compiling.
 */
const planning = "set plan_cache_mode = force_custom_plan; set jit = off";

/** Longer reads are a mistake in the query, or in its indexes. */
const statementTimeoutMs = 30_000;

/**
 * Opens the connections of the API. Each takes the narrow role before anything else runs on it; one that may not is not
 * used.
 */
export function createApiPool(options: { connectionString: string; size: number }, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.size,
    application_name: "reprise api",
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    async onConnect(client: pg.ClientBase) {
      await client.query(
        `set role reprise_graphql; set statement_timeout = ${statementTimeoutMs}; ${planning}`,
      );
    },
  });
  pool.on("error", (error) => log.warn({ err: error }, "an idle database connection broke"));
  pool.on("connect", (client) => {
    client.on("error", (error) => log.debug({ err: error }, "a database connection broke"));
  });
  return pool;
}
