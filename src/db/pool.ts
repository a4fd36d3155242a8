import pg from "pg";
import type { Logger } from "../base/log.ts";
import { valueTypes } from "./value-types.ts";

/** How to open a pool. */
export interface PoolOptions {
  connectionString: string;
  /** How many connections it may open. */
  size?: number;
  /** What `pg_stat_activity` shows, so that an administrator can tell our processes apart. */
  applicationName?: string;
  /** Statements for each new connection, before anything else runs on it; where they fail, the connection is not used. */
  setup?: string;
  /** How long to wait for an answer before the connection counts as broken; without it, for ever. */
  answerWithinMs?: number;
}

/**
 * Opens a pool. Values come as node-postgres gives them: `bigint` as a string, since ids must not lose digits and nobody
 * calculates with them; `timestamptz` as a Date; `jsonb` parsed; `json` read with the order of its keys and the kinds of its
 * numbers; `numeric` as a string.
 * An idle connection that breaks is logged and replaced; the next query gets a new one.
 */
export function createPool(options: PoolOptions, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.size ?? 10,
    application_name: options.applicationName ?? "reprise",
    // A database that is down should be noticed, not waited for without end.
    connectionTimeoutMillis: 10_000,
    ...(options.answerWithinMs === undefined ? {} : { query_timeout: options.answerWithinMs }),
    types: valueTypes,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    async onConnect(client: pg.ClientBase) {
      if (options.setup !== undefined) await client.query(options.setup);
    },
  });
  // Without a listener on both, a restart of Postgres would end the process.
  pool.on("error", (error) => log.warn({ err: error }, "an idle database connection broke"));
  pool.on("connect", (client) => {
    client.on("error", (error) => log.debug({ err: error }, "a database connection broke"));
  });
  return pool;
}
