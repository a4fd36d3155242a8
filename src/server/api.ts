import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { postgraphile } from "postgraphile";
import { grafserv } from "postgraphile/grafserv/node";
import { type ApiOptions, apiPreset } from "../../graphql/preset.ts";

/** The GraphQL API, ready to answer. */
export interface Api extends AsyncDisposable {
  /** Answers a request; calls back with nothing when the request is not for it, or with what went wrong. */
  handle(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): Promise<void>;
  /** Takes a WebSocket; false when it is not for it. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
}

/** Builds the schema and what answers with it. Fails when the database does not give the schema. */
export async function openApi(options: ApiOptions): Promise<Api> {
  const instance = postgraphile(apiPreset(options));
  try {
    await instance.getSchemaResult();
    const served = instance.createServ(grafserv);
    await served.ready();
    // `addTo` would answer every request of the server, also those of others.
    const handle = served.createHandler();
    const upgrade = await served.getUpgradeHandler();
    return {
      handle: async (request, response, next) => void (await handle(request, response, next)),
      upgrade(request, socket, head) {
        if (upgrade === null || !served.shouldHandleUpgrade(request, socket, head)) return false;
        upgrade(request, socket, head);
        return true;
      },
      async [Symbol.asyncDispose]() {
        await instance.release();
      },
    };
  } catch (error) {
    await instance.release();
    throw error;
  }
}
