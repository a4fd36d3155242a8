import { once } from "node:events";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import pg, { type Pool } from "pg";
import { createApiPool } from "../../graphql/api-pool.ts";
import { openExecutionFeed } from "../../graphql/execution-feed.ts";
import type { Config } from "../base/config.ts";
import { RepriseError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { Storage } from "../storage/storage.ts";
import { type Api, openApi } from "./api.ts";
import { checkOrigin } from "./guard.ts";
import { createMetrics } from "./metrics.ts";
import { answer, type Route } from "./routes.ts";

/** What a server works with. */
export interface ServerOptions {
  config: Pick<Config, "host" | "port" | "poolSize">;
  connectionString: string;
  /** The migrating owner's connections: for readiness and metrics. What people ask for runs as the narrow role. */
  pool: Pool;
  storage: Storage;
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

/** Starts the server: GraphQL at /graphql (HTTP and WebSocket), /files/<id>, /healthz, /readyz and /metrics. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { config, connectionString, log } = options;
  await using opened = new AsyncDisposableStack();
  const db = opened.adopt(createApiPool({ connectionString, size: config.poolSize }, log), (pool) =>
    pool.end(),
  );
  await checkRole(db);
  const aborter = new AbortController();
  const feed = opened.use(await openExecutionFeed({ connectionString, log, signal: aborter.signal }));
  const api = opened.use(
    await openApi({ db, executionFeed: feed, log, hasGraphiql: options.hasGraphiql ?? false }),
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
    stopping ??= close(server, sockets, resources);
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

/** Takes WebSockets for the API, and keeps count of them so that they can be ended. */
function acceptWebSockets(server: HttpServer, api: Api, log: Logger): Set<Duplex> {
  const sockets = new Set<Duplex>();
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", (error) => log.debug({ err: error }, "a websocket broke"));
    try {
      checkOrigin(request);
    } catch {
      socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
      return;
    }
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    if (!api.upgrade(request, socket, head))
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
  });
  return sockets;
}

async function close(
  server: HttpServer,
  sockets: Set<Duplex>,
  resources: AsyncDisposableStack,
): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  // Disposing ends the feed, and with it the subscriptions: their subscribers hear that they are complete.
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  for (const socket of sockets) socket.end(closeFrame);
  setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, 500).unref();
  await closed;
  clearTimeout(timer);
  await resources.disposeAsync();
}

/** A WebSocket's frame that says "going away" (1001). */
const closeFrame = Buffer.from([0x88, 0x02, 0x03, 0xe9]);

function urlOf(server: HttpServer, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
