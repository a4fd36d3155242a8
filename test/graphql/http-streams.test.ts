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

/** A feed of one event, once it has come, which says when nobody listens any more. */
function aFeed(come: Promise<void> = Promise.resolve()) {
  const left = Promise.withResolvers<void>();
  const subscribe = () => {
    const events = [{ ids: [], isComplete: true }];
    const end = { done: true as const, value: undefined };
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next(): Promise<IteratorResult<ExecutionsChanged>> {
        await come;
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

/** Subscribes by HTTP, to a server of this feed: what was sent, and the head of the answer. */
async function subscribe(
  executionFeed: ReturnType<typeof aFeed>["executionFeed"],
): Promise<{ sent: ClientRequest; response: IncomingMessage }> {
  const secretBox = openSecretBox(undefined);
  const api = stack.use(
    await openApi({ db, executionFeed, secretBox, log: silentLogger, hasGraphiql: false }),
  );
  const server = createServer(
    (asked, response) => void api.handle(asked, response, () => response.destroy()),
  );
  stack.defer(() => void server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const sent = request({ port, host: "127.0.0.1", path: "/graphql", method: "POST", agent: false });
  sent.on("error", () => undefined);
  sent.setHeader("Content-Type", "application/json");
  sent.end(JSON.stringify({ query: "subscription { executionsChanged { isComplete } }" }));
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  response.on("error", () => undefined);
  assert.match(String(response.headers["content-type"]), /^multipart\/mixed/);
  return { sent, response };
}

async function readEvent(response: IncomingMessage): Promise<void> {
  for await (const chunk of response) if (String(chunk).includes('"isComplete":true')) return;
  assert.fail("The answer ended without an event.");
}

describe("a subscription by HTTP", () => {
  it("ends when the asker hangs up", async () => {
    const { executionFeed, left } = aFeed();
    const { sent, response } = await subscribe(executionFeed);
    await readEvent(response);
    sent.destroy();
    await left;
  });

  it("is answered before anything happens", async () => {
    const first = Promise.withResolvers<void>();
    const { executionFeed } = aFeed(first.promise);
    const { sent, response } = await subscribe(executionFeed);
    first.resolve();
    await readEvent(response);
    sent.destroy();
  });
});
