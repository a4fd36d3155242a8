import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { type Client, createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { callOne } from "../../src/db/call.ts";
import { log } from "../sql/blocks/block-flows.ts";
import { aFlow, aWrittenFlow } from "../support/a-flow.ts";
import { anEndedExecution, anExecution } from "../support/an-execution.ts";
import { until } from "../support/until.ts";
import { anApi } from "./an-api.ts";

const api = await anApi();
const clients: Client[] = [];
after(() => Promise.all(clients.map((client) => client.dispose())));

/** Subscribes by a WebSocket of its own and collects what is told. */
function subscribe<T>(query: string, variables: Record<string, unknown> = {}) {
  const client = createClient({
    url: api.server.url.replace("http", "ws").concat("/graphql"),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: true,
  });
  clients.push(client);
  const told: T[] = [];
  const ended = Promise.withResolvers<unknown>();
  const stop = client.subscribe<T>(
    { query, variables },
    {
      next: ({ data, errors }) => {
        if (errors) ended.resolve(errors);
        else told.push(data as T);
      },
      error: ended.resolve,
      complete: () => ended.resolve(undefined),
    },
  );
  return { told, stop, ended: ended.promise };
}

describe("Subscription.executionChanged", () => {
  const query = `subscription ($id: UUID!) { executionChanged(id: $id) { execution { id state endedTaskRunCount } } }`;
  interface Told {
    executionChanged: { execution: { id: string; state: string; endedTaskRunCount: number } | null };
  }

  it("tells how the execution is, and then how it goes on until its end", async () => {
    const flow = await aFlow(api.db.pool, ["a"]);
    const id = await anExecution(api.db.pool, flow);
    const { told, stop } = subscribe<Told>(query, { id });
    await until(() => told.length > 0, { what: "the first event" });
    assert.deepEqual(told[0]?.executionChanged.execution, { id, state: "CREATED", endedTaskRunCount: 0 });
    await callOne(api.db.pool, "reprise_api.kill_execution", { execution_id: id });
    await until(() => told.at(-1)?.executionChanged.execution?.state === "KILLED", { what: "the end" });
    stop();
  });

  it("goes on behind a failure until another execution is in the place of the one", async () => {
    const retry = "retry: { type: constant, interval: PT1H, maxAttempts: 2, behavior: CREATE_NEW_EXECUTION }";
    const flow = await aWrittenFlow(
      api.db.pool,
      `id: retried\nnamespace: company.team\n${retry}\ntasks: [${log("a")}]`,
    );
    const client = await api.db.pool.connect();
    const id = await anEndedExecution(client, flow, { a: "FAILED" }, { rounds: 1 });
    client.release();
    const { told, ended } = subscribe<{
      executionChanged: {
        execution: { state: string; retryAt: string | null; retriedAs: { id: string } | null };
      };
    }>(
      "subscription ($id: UUID!) { executionChanged(id: $id) { execution { state retryAt retriedAs { id } } } }",
      {
        id,
      },
    );
    await until(() => told.length > 0, { what: "the first event" });
    const { state, retryAt, retriedAs } = told[0]?.executionChanged.execution ?? {};
    assert.deepEqual([state, typeof retryAt, retriedAs], ["RETRIED", "string", null]);
    await api.db.pool.query("update reprise.executions set retry_at = now() where id = $1", [id]);
    await callOne(api.db.pool, "reprise_engine.retry_execution", { execution_id: id });
    assert.equal(await ended, undefined);
    const last = told.at(-1)?.executionChanged.execution;
    assert.deepEqual([last?.state, last?.retryAt, typeof last?.retriedAs?.id], ["RETRIED", null, "string"]);
  });

  it("ends with the execution, or at once when that has ended", async () => {
    const flow = await aFlow(api.db.pool, ["a"]);
    const id = await anExecution(api.db.pool, flow);
    const followers = Array.from({ length: 50 }, () => subscribe<Told>(query, { id }));
    await until(() => followers.every(({ told }) => told.length > 0), { what: "the first events" });
    await callOne(api.db.pool, "reprise_api.kill_execution", { execution_id: id });
    followers.push(subscribe<Told>(query, { id }));
    for (const { ended, told } of followers) {
      assert.equal(await ended, undefined);
      assert.equal(told.at(-1)?.executionChanged.execution?.state, "KILLED");
    }
  });

  it("says of an id that nobody has that there is none", async () => {
    const { ended, told } = subscribe<Told>(query, { id: "00000000-0000-7000-8000-000000000000" });
    assert.match(JSON.stringify(await ended), /"code":"RP404","reason":"execution_not_found"/);
    assert.deepEqual(told, []);
  });

  it("tells of a purge meanwhile as of its end", async () => {
    const flow = await aFlow(api.db.pool, ["a"]);
    const id = await anExecution(api.db.pool, flow);
    const { told, ended } = subscribe<Told>(query, { id });
    await until(() => told.length > 0);
    await api.commit(async (db) => {
      await callOne(db, "reprise_api.kill_execution", { execution_id: id });
      await callOne(db, "reprise_api.purge_executions", { execution_ids: [id] });
    });
    assert.equal(await ended, undefined);
    assert.equal(told.at(-1)?.executionChanged.execution, null);
  });

  it("hears nothing of other executions", async () => {
    const flow = await aFlow(api.db.pool, ["a"]);
    const [one, other] = [await anExecution(api.db.pool, flow), await anExecution(api.db.pool, flow)];
    const { told, stop } = subscribe<Told>(query, { id: one });
    await until(() => told.length > 0);
    await callOne(api.db.pool, "reprise_api.kill_execution", { execution_id: other });
    await callOne(api.db.pool, "reprise_api.kill_execution", { execution_id: one });
    await until(() => told.at(-1)?.executionChanged.execution?.state === "KILLED");
    assert.ok(told.every(({ executionChanged }) => executionChanged.execution?.id === one));
    stop();
  });

  it("tells a burst of changes together", async () => {
    const flow = await aFlow(
      api.db.pool,
      Array.from({ length: 40 }, (_, index) => `t${index}`),
    );
    const id = await anExecution(api.db.pool, flow);
    const { told, stop } = subscribe<Told>(query, { id });
    await until(() => told.length > 0);
    for (let times = 0; times < 60; times += 1) {
      await api.db.pool.query("select reprise_engine.notify_executions(array[$1]::uuid[])", [id]);
    }
    await callOne(api.db.pool, "reprise_api.kill_execution", { execution_id: id });
    await until(() => told.at(-1)?.executionChanged.execution?.state === "KILLED");
    assert.ok(told.length < 30, `${told.length} events for 60 notifications`);
    stop();
  });

  it("refuses an id that is none", async () => {
    const { ended } = subscribe<Told>(query, { id: "none" });
    assert.match(JSON.stringify(await ended), /UUID/i);
  });
});

describe("Subscription.executionsChanged", () => {
  it("tells which executions change, and how they are", async () => {
    const { told, stop } = subscribe<{
      executionsChanged: { ids: string[]; isComplete: boolean; executions: { id: string; state: string }[] };
    }>(`subscription { executionsChanged { ids isComplete executions { id state } } }`);
    const flow = await aFlow(api.db.pool, ["a"]);
    const all = () => told.flatMap(({ executionsChanged }) => executionsChanged.executions);
    const id = await until(async () => {
      // The subscription has no first event that would say that it is there.
      const started = await api.commit((db) => anEndedExecution(db, flow));
      return all().some(({ state }) => state === "SUCCESS") ? started : undefined;
    });
    await until(() => all().some((execution) => execution.id === id && execution.state === "SUCCESS"));
    assert.ok(told.every(({ executionsChanged }) => executionsChanged.isComplete));
    stop();
  });
});

describe("a WebSocket", () => {
  it("carries queries and mutations too, with errors as they are by HTTP", async () => {
    const { told, ended } = subscribe<{ executions: { totalCount: number } }>(
      `{ executions { totalCount } }`,
    );
    await ended;
    assert.ok((told[0]?.executions.totalCount ?? 0) > 0);
    const failed = subscribe(
      `mutation { deleteFlow(input: { namespace: "no", flowId: "such" }) { flowId } }`,
    );
    assert.match(JSON.stringify(await failed.ended), /"reason":"flow_not_found"/);
  });

  it("is refused to pages of other sites", async () => {
    for (const headers of [
      { Origin: "https://elsewhere.example" },
      { Host: "elsewhere.example" },
      { Origin: "null" },
    ]) {
      const socket = new WebSocket(
        api.server.url.replace("http", "ws").concat("/graphql"),
        "graphql-transport-ws",
        {
          headers,
        },
      );
      const status = await new Promise((resolve) => {
        socket.on("unexpected-response", (_request, response) => resolve(response.statusCode));
        socket.on("open", () => resolve("open"));
        socket.on("error", () => undefined);
      });
      assert.equal(status, 403, JSON.stringify(headers));
    }
  });
});
