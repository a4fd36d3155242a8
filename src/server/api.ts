import type { IncomingMessage, ServerResponse } from "node:http";
import type { ServerOptions as WebSocketOptions } from "graphql-ws";
import { postgraphile } from "postgraphile";
import { makeGraphQLWSConfig } from "postgraphile/grafserv";
import { grafserv } from "postgraphile/grafserv/node";
import { type ApiOptions, apiPath, apiPreset } from "../../graphql/preset.ts";

/** The GraphQL API, ready to answer. */
export interface Api extends AsyncDisposable {
  /** Answers a request; calls back with nothing when the request is not for it, or with what went wrong. */
  handle(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): Promise<void>;
  /** Where it is: `/graphql`. */
  readonly path: string;
  /** How WebSockets are answered. */
  readonly webSocketOptions: WebSocketOptions;
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
    return {
      handle: async (request, response, next) => void (await handle(request, response, next)),
      path: apiPath,
      webSocketOptions: makeGraphQLWSConfig(served),
      async [Symbol.asyncDispose]() {
        await instance.release();
      },
    };
  } catch (error) {
    await instance.release();
    throw error;
  }
}
