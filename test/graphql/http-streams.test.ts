import "./quiet-graphile.ts";
import assert from "node:assert/strict";
import { once } from "node:events";
import { type ClientRequest, createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { after, describe, it } from "node:test";
import { createApiPool } from "../../graphql/api-pool.ts";
import type { ExecutionsChanged } from "../../graphql/execution-feed.ts";
import { silentLogger } from "../../src/base/log.ts";
import { openSecretBox } from "../../src/base/secret-box.ts";
import { openApi } from "../../src/server/api.ts";
import { testDatabase } from "../support/database.ts";

const stack = new AsyncDisposableStack();
after(() => stack.disposeAsync());
const { connectionString } = await testDatabase();
const db = stack.adopt(createApiPool({ connectionString, size: 2 }, silentLogger), (pool) => pool.end());

/** A feed of one event, which says when nobody listens any more. */
function aFeed() {
  const left = Promise.withResolvers<void>();
  const subscribe = () => {
    const events = [{ ids: [], isComplete: true }];
    const end = { done: true as const, value: undefined };
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next(): Promise<IteratorResult<ExecutionsChanged>> {
        const value = events.shift();
        if (value !== undefined) return { done: false, value };
        await left.promise;
        return end;
      },
      async return() {
        left.resolve();
        return end;
      },
    };
  };
  return { executionFeed: { subscribe }, left: left.promise };
}

/** Subscribes by HTTP and reads the first event. */
async function subscribe(port: number): Promise<ClientRequest> {
  const sent = request({ port, host: "127.0.0.1", path: "/graphql", method: "POST", agent: false });
  sent.on("error", () => undefined);
  sent.setHeader("Content-Type", "application/json");
  sent.end(JSON.stringify({ query: "subscription { executionsChanged { isComplete } }" }));
  const [response]: IncomingMessage[] = (await once(sent, "response")) as [IncomingMessage];
  response?.on("error", () => undefined);
  assert.match(String(response?.headers["content-type"]), /^multipart\/mixed/);
  for await (const chunk of response ?? []) if (String(chunk).includes('"isComplete":true')) break;
  return sent;
}

describe("a subscription by HTTP", () => {
  it("ends when the asker hangs up", async () => {
    const { executionFeed, left } = aFeed();
    const api = stack.use(
      await openApi({
        db,
        executionFeed,
        secretBox: openSecretBox(undefined),
        log: silentLogger,
        hasGraphiql: false,
      }),
    );
    const server = createServer(
      (asked, response) => void api.handle(asked, response, () => response.destroy()),
    );
    stack.defer(() => void server.close());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const sent = await subscribe((server.address() as AddressInfo).port);
    sent.destroy();
    await left;
  });
});
