import assert from "node:assert/strict";
import { describe, it } from "node:test";
import pg from "pg";
import { silentLogger } from "../../src/base/log.ts";
import { answered, type Listener, listen } from "../../src/db/listen.ts";
import { testDatabase, until } from "../support/database.ts";

const db = await testDatabase();

interface Heard {
  listener: Listener;
  messages: string[];
  reconnects: number;
}

async function start(signal = new AbortController().signal): Promise<Heard> {
  const heard: Omit<Heard, "listener"> = { messages: [], reconnects: 0 };
  const listener = await listen({
    connectionString: db.connectionString,
    channels: ["news", "Odd name"],
    log: silentLogger,
    signal,
    onNotification: (channel, payload) => heard.messages.push(`${channel}: ${payload}`),
    onReconnect: () => {
      heard.reconnects += 1;
    },
  });
  return Object.assign(heard, { listener });
}

function notify(channel: string, payload: string): Promise<unknown> {
  return db.pool.query("select pg_notify($1, $2)", [channel, payload]);
}

describe("listen", () => {
  it("hears what is told on its channels from the moment it resolves", async () => {
    const heard = await start();
    await notify("news", "one");
    await notify("Odd name", "two");
    await until(() => heard.messages.length === 2, { what: "two messages" });
    assert.deepEqual(heard.messages, ["news: one", "Odd name: two"]);
    assert.equal(heard.reconnects, 0);
    await heard.listener.stop();
  });

  it("comes back when its connection is killed, and says so once", async () => {
    const heard = await start();
    await db.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'reprise listen' and datname = current_database()`,
    );
    await until(() => heard.reconnects > 0, { what: "a new connection" });
    await notify("news", "after");
    await until(() => heard.messages.includes("news: after"), { what: "the message after the break" });
    assert.equal(heard.reconnects, 1);
    await heard.listener.stop();
  });

  it("takes no server for gone that it could not hear, being busy", async () => {
    const client = new pg.Client({ connectionString: db.connectionString });
    await client.connect();
    try {
      const answer = answered(client.query("select"), 20);
      const until = performance.now() + 200;
      while (performance.now() < until);
      await answer;
      await assert.rejects(answered(client.query("select 1 / 0"), 20), /division by zero/);
    } finally {
      await client.end();
    }
    await assert.rejects(answered(new Promise(() => undefined), 1), /The server does not answer/);
  });

  it("ends with its signal and closes its connection", async () => {
    const controller = new AbortController();
    const heard = await start(controller.signal);
    controller.abort();
    await heard.listener.ended;
    await until(async () => {
      const { rows } = await db.pool.query(
        `select from pg_stat_activity where application_name = 'reprise listen' and datname = current_database()`,
      );
      return rows.length === 0;
    });
  });

  it("gives up waiting for a first connection when the signal comes", async () => {
    const url = new URL(db.connectionString);
    url.port = "1";
    const listening = listen({
      connectionString: url.href,
      channels: ["news"],
      log: silentLogger,
      signal: AbortSignal.timeout(50),
      onNotification: () => undefined,
    });
    await assert.rejects(listening, { name: "TimeoutError" });
  });
});
