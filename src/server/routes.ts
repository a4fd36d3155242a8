import type { IncomingMessage, ServerResponse } from "node:http";
import type { Pool } from "pg";
import { longestRequest } from "../../graphql/preset.ts";
import { RepriseError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { uploadFile } from "../storage/postgres-storage.ts";
import type { Storage } from "../storage/storage.ts";
import { flowSchemaPath, flowSchemaText } from "../tasks/reference/flow-schema.ts";
import type { Api } from "./api.ts";
import { serveFile } from "./files.ts";
import { checkOrigin } from "./guard.ts";
import { isMultipart, readMultipart, type Uploads } from "./multipart.ts";
import { checkReadiness } from "./readiness.ts";
import { sendError, sendJson, sendText } from "./reply.ts";

/** A further route: says whether it answered. */
export type Route = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<boolean>;

/** What the routes work with. */
export interface RouteDeps {
  /** As the narrow role. */
  db: Pool;
  /** As the owner. */
  pool: Pool;
  storage: Storage;
  api: Api;
  log: Logger;
  routes: readonly Route[];
  readMetrics(): Promise<string>;
}

/** Answers a request; never throws. */
export async function answer(
  deps: RouteDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Whatever is sent is what it says it is, is nobody's frame, and no other site's resource.
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("X-Frame-Options", "DENY");
  response.setHeader("Referrer-Policy", "no-referrer");
  response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
  try {
    checkOrigin(request);
    await route(deps, request, response);
  } catch (error) {
    fail(deps.log, request, response, error);
  }
}

async function route(deps: RouteDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? "/").replace(/[?#].*$/s, "");
  const [, file] = /^\/files\/([^/]+)$/.exec(path) ?? [];
  if (file !== undefined) return reading(request, response, () => serveFile(deps, file, request, response));
  if (path === "/healthz")
    return reading(request, response, () => sendJson(response, 200, { isHealthy: true }));
  if (path === "/readyz") return reading(request, response, () => sendReadiness(deps.pool, response));
  if (path === flowSchemaPath)
    return reading(request, response, () =>
      sendText(response, 200, "application/schema+json", flowSchemaText()),
    );
  if (path === "/metrics") return reading(request, response, () => sendMetrics(deps, response));
  for (const further of deps.routes) if (await further(request, response, path)) return;
  const asked =
    path === deps.api.path && isMultipart(request) ? await readMultipart(request, uploadsOf(deps)) : request;
  await deps.api.handle(asked, response, (error) => {
    fail(deps.log, request, response, error ?? notFound(path));
  });
}

/** Files come in as the owner: the narrow role touches none. */
function uploadsOf({ pool, storage }: RouteDeps): Uploads {
  return {
    put: (name, content, signal) => uploadFile(pool, name, content, signal),
    remove: (uri) => storage.remove(uri),
    longestField: longestRequest,
  };
}

async function reading(
  request: IncomingMessage,
  response: ServerResponse,
  work: () => Promise<void> | void,
): Promise<void> {
  if (request.method === "GET" || request.method === "HEAD") return await work();
  response.setHeader("Allow", "GET, HEAD");
  throw new RepriseError("RP400", "method_not_allowed", "This can only be read: use GET.");
}

async function sendReadiness(pool: Pool, response: ServerResponse): Promise<void> {
  const readiness = await checkReadiness(pool);
  sendJson(response, readiness.isReady ? 200 : 503, readiness);
}

async function sendMetrics({ readMetrics }: RouteDeps, response: ServerResponse): Promise<void> {
  sendText(response, 200, "text/plain; version=0.0.4; charset=utf-8", await readMetrics());
}

function notFound(path: string): RepriseError {
  return new RepriseError("RP404", "not_found", `There is nothing at ${path.slice(0, 200)}.`, {
    hint: "GraphQL is at /graphql, by POST.",
  });
}

function fail(log: Logger, request: IncomingMessage, response: ServerResponse, error: unknown): void {
  // Whoever hung up hears nothing any more, and that is no fault of ours.
  if (response.destroyed || response.writableEnded) return;
  if (!(error instanceof RepriseError)) log.error({ err: error, url: request.url }, "a request failed");
  // Once the head is sent, the only way to say that the rest is missing is to break off.
  if (response.headersSent) response.destroy();
  else sendError(response, error);
}
