import { once } from "node:events";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import pg, { type Pool } from "pg";
import { createApiPool } from "../../graphql/api-pool.ts";
import { openExecutionFeed } from "../../graphql/execution-feed.ts";
import type { Config } from "../base/config.ts";
import { RepriseError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { openSecretBox, type SecretBox } from "../base/secret-box.ts";
import type { Storage } from "../storage/storage.ts";
import { openApi } from "./api.ts";
import { createMetrics } from "./metrics.ts";
import { answer, type Route } from "./routes.ts";
import { acceptWebSockets } from "./web-sockets.ts";

/** What a server works with. */
export interface ServerOptions {
  config: Pick<Config, "host" | "port" | "poolSize">;
  connectionString: string;
  /** The migrating owner's connections: for readiness and metrics. What people ask for runs as the narrow role. */
  pool: Pool;
  storage: Storage;
  /** Without one, secrets are refused. */
  secretBox?: SecretBox;
  log: Logger;
  /** Whether GraphiQL is served at /graphiql. */
  hasGraphiql?: boolean;
  /** Further routes, asked in order before GraphQL: the console. */
  routes?: readonly Route[];
}

/** A server that listens. */
export interface Server extends AsyncDisposable {
  /** `http://127.0.0.1:4000`, with the port that it really has. */
  readonly url: string;
  /** Ends subscriptions and connections, lets running requests finish, and lets go of the database. */
  stop(): Promise<void>;
}

/** How long running requests may take once the server stops. */
const graceMs = 5000;

/** Starts the server: GraphQL at /graphql (HTTP and WebSocket), /files/<id>, /schemas/flow.json, /healthz, /readyz and /metrics. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { config, connectionString, log, secretBox = openSecretBox(undefined) } = options;
  await using opened = new AsyncDisposableStack();
  const db = opened.adopt(createApiPool({ connectionString, size: config.poolSize }, log), (pool) =>
    pool.end(),
  );
  await checkRole(db);
  const feed = opened.use(await openExecutionFeed({ connectionString, log }));
  const api = opened.use(
    await openApi({ db, executionFeed: feed, secretBox, log, hasGraphiql: options.hasGraphiql ?? false }),
  );

  const deps = {
    ...options,
    db,
    api,
    readMetrics: createMetrics(options.pool),
    routes: options.routes ?? [],
  };
  const server = createServer((request, response) => void answer(deps, request, response));
  const sockets = acceptWebSockets(server, api, log);
  server.listen(config.port, config.host);
  await once(server, "listening");
  const url = urlOf(server, config.host);
  log.info({ url }, "the server listens");

  const resources = opened.move();
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= close(server, sockets, feed, resources);
    return stopping;
  };
  return { url, stop, [Symbol.asyncDispose]: stop };
}

/** Without the narrow role nothing may be served: the connecting role may do everything. */
async function checkRole(db: Pool): Promise<void> {
  const taken = await db.query<{ role: string }>("select current_user as role").catch((error: unknown) => {
    const code = error instanceof pg.DatabaseError ? error.code : undefined;
    // 22023: there is no such role. 42501: we may not take it.
    if (code !== "22023" && code !== "42501") throw error;
    return { rows: [] };
  });
  if (taken.rows[0]?.role === "reprise_graphql") return;
  throw new RepriseError("RP403", "role_missing", "The role reprise_graphql cannot be taken.", {
    hint: "Migrate first; if that says that roles are missing, an administrator runs: create role reprise_graphql nologin; grant reprise_graphql to <our user>;",
  });
}

async function close(
  server: HttpServer,
  sockets: AsyncDisposable,
  feed: AsyncDisposable,
  resources: AsyncDisposableStack,
): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  // A connection that has been answered stays open for the next request, which is not to come.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  // First the WebSockets, which hear that the server goes away; then the feed, which ends what is followed by HTTP.
  await sockets[Symbol.asyncDispose]();
  await feed[Symbol.asyncDispose]();
  await closed;
  clearInterval(idle);
  clearTimeout(timer);
  await resources.disposeAsync();
}

function urlOf(server: HttpServer, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
