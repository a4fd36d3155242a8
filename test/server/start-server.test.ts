import "../graphql/quiet-graphile.ts";
import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { WebSocket } from "ws";
import { silentLogger } from "../../src/base/log.ts";
import { startServer } from "../../src/server/server.ts";
import { createPostgresStorage } from "../../src/storage/postgres-storage.ts";
import { anApi } from "../graphql/an-api.ts";
import { aFlow } from "../support/a-flow.ts";
import { anExecution } from "../support/an-execution.ts";

const api = await anApi();

describe("startServer", () => {
  const options = () => ({
    config: { host: "127.0.0.1", port: 0, poolSize: 2 },
    connectionString: api.db.connectionString,
    pool: api.db.pool,
    storage: createPostgresStorage(api.db.pool),
    log: silentLogger,
  });

  it("serves GraphiQL when it is asked to", async () => {
    await using server = await startServer({ ...options(), hasGraphiql: true });
    const response = await fetch(`${server.url}/graphiql`, { headers: { Accept: "text/html" } });
    assert.equal(response.status, 200);
    assert.match(await response.text(), /<html/i);
  });

  it("ends websockets and lets go of the database when it stops", async () => {
    const server = await startServer(options());
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "connection_init" }));
    await once(socket, "message");
    socket.send(
      JSON.stringify({
        id: "1",
        type: "subscribe",
        payload: { query: "subscription { executionsChanged { ids } }" },
      }),
    );
    const closed = once(socket, "close");
    const started = performance.now();
    await Promise.all([server.stop(), server.stop()]);
    await closed;
    assert.ok(performance.now() - started < 4000);
    await assert.rejects(fetch(`${server.url}/healthz`));
    const { rows } = await api.db.pool.query<{ count: string }>(
      "select count(*) from pg_stat_activity where datname = current_database() and application_name in ('reprise api', 'reprise listen')",
    );
    assert.ok(Number(rows[0]?.count) <= 5, "only those of the other server are left");
  });

  it("ends subscriptions by HTTP when it stops", async () => {
    const server = await startServer(options());
    const flow = await aFlow(api.db.pool, ["a"]);
    const id = await anExecution(api.db.pool, flow);
    const response = await fetch(`${server.url}/graphql`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        query: `subscription { executionChanged(id: "${id}") { execution { state } } }`,
      }),
    });
    const reader = response.body?.getReader();
    await reader?.read();
    const started = performance.now();
    const rest = reader?.read();
    await server.stop();
    assert.equal((await rest)?.done, false, "the end of the stream is said");
    assert.ok(performance.now() - started < 2000);
  });

  it("says how a subscription is reached to whoever asks for events", async () => {
    await using server = await startServer(options());
    const refused = await fetch(`${server.url}/graphql`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
      body: JSON.stringify({ query: "subscription { executionsChanged { ids } }" }),
    });
    const { errors } = (await refused.json()) as { errors: [{ extensions: { hint: string } }] };
    assert.equal(refused.status, 406);
    assert.match(
      errors[0].extensions.hint,
      /comes as multipart\/mixed, or by a WebSocket with graphql-transport-ws/,
    );
  });

  it("refuses a port that is taken", async () => {
    const port = Number(new URL(api.server.url).port);
    await assert.rejects(startServer({ ...options(), config: { host: "127.0.0.1", port, poolSize: 2 } }), {
      code: "EADDRINUSE",
    });
  });
});
