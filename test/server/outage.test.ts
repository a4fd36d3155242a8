import "../graphql/quiet-graphile.ts";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { silentLogger } from "../../src/base/log.ts";
import { callOne } from "../../src/db/call.ts";
import { createPool } from "../../src/db/pool.ts";
import { startServer } from "../../src/server/server.ts";
import { createPostgresStorage } from "../../src/storage/postgres-storage.ts";
import { aFlow } from "../support/a-flow.ts";
import { aLink } from "../support/a-link.ts";
import { anExecution } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";

const stack = new AsyncDisposableStack();
after(() => stack.disposeAsync());
const db = await testDatabase();
const link = stack.use(await aLink(db.connectionString));
const { connectionString } = link;
const pool = stack.adopt(createPool({ connectionString }, silentLogger), (opened) => opened.end());
const server = stack.use(
  await startServer({
    config: { host: "127.0.0.1", port: 0, poolSize: 4 },
    connectionString,
    pool,
    storage: createPostgresStorage(pool),
    log: silentLogger,
  }),
);

/** The status of an answer, and what its body says. */
async function ask(path: string, query?: string) {
  const response = await fetch(`${server.url}${path}`, {
    ...(query && {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ query }),
    }),
  });
  const text = await response.text();
  return { status: response.status, text, reason: /"reason":"(\w+)"/.exec(text)?.[1] };
}

const list = "{ executions { totalCount } }";
const run = `mutation { createExecution(input: { namespace: "a", flowId: "b" }) { execution { id } } }`;
const file = "/files/00000000-0000-4000-8000-000000000000";

describe("a server whose database goes away", () => {
  it("says so, stays alive, and serves again when the database is back", async () => {
    assert.equal((await ask("/readyz")).status, 200);
    await link.cut();
    try {
      for (const query of [list, run]) {
        const answer = await ask("/graphql", query);
        assert.deepEqual([answer.status, answer.reason], [200, "database_unreachable"]);
        assert.match(answer.text, /"code":"RP500"/);
        assert.doesNotMatch(answer.text, /127\.0\.0\.1|ECONN/);
      }
      for (const path of ["/metrics", file]) {
        const answer = await ask(path);
        assert.deepEqual([answer.status, answer.reason], [503, "database_unreachable"], path);
      }
      assert.equal((await ask("/healthz")).status, 200);
      assert.equal((await ask("/readyz")).status, 503);
    } finally {
      await link.mend();
    }
    assert.equal((await ask("/readyz")).status, 200);
    assert.equal((await ask("/graphql", list)).text, '{"data":{"executions":{"totalCount":0}}}');
    assert.equal((await ask("/graphql", run)).reason, "flow_not_found");
    assert.equal((await ask(file)).status, 404);
    assert.equal((await ask("/metrics")).status, 200);
  });

  it("tells who follows an execution what was missed meanwhile", async () => {
    const id = await anExecution(db.pool, await aFlow(db.pool, ["a"]));
    const states: (string | undefined)[] = [];
    await using stopping = new AsyncDisposableStack();
    const client = createClient({
      url: `${server.url.replace("http", "ws")}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    stopping.defer(async () => void (await client.dispose()));
    client.subscribe<{ executionChanged: { execution: { state: string } | null } | null }>(
      {
        query: `subscription ($id: UUID!) { executionChanged(id: $id) { execution { state } } }`,
        variables: { id },
      },
      {
        next: ({ data }) => void states.push(data?.executionChanged?.execution?.state),
        error: () => void states.push("broken"),
        complete: () => undefined,
      },
    );
    await until(() => states.length > 0, { what: "the first event" });
    await link.cut();
    await callOne(db.pool, "reprise_api.kill_execution", { execution_id: id });
    await link.mend();
    await until(() => states.at(-1) === "KILLED", { what: "the end" });
  });

  it("stops while the database is away", async () => {
    await link.cut();
    await server.stop();
    await assert.rejects(fetch(`${server.url}/healthz`));
  });
});
