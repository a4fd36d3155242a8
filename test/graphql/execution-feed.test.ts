import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, describe, it } from "node:test";
import { everyExecution, openExecutionFeed } from "../../graphql/execution-feed.ts";
import { silentLogger } from "../../src/base/log.ts";
import { testDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";

const db = await testDatabase();
const feed = await openExecutionFeed({ connectionString: db.connectionString, log: silentLogger });
after(() => feed[Symbol.asyncDispose]());

const notify = (ids: string[]) => db.pool.query("select reprise_engine.notify_executions($1)", [ids]);

/** The ids of the next event, and whether it is complete. */
async function next(events: AsyncIterator<{ ids: string[]; isComplete: boolean }>) {
  const { value } = await events.next();
  return value as { ids: string[]; isComplete: boolean };
}

describe("openExecutionFeed", () => {
  it("tells each topic of its own, and one of all", async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const [ofOne, ofAll] = [await feed.subscribe(one), await feed.subscribe(everyExecution)];
    await notify([one, other]);
    assert.deepEqual(await next(ofOne), { ids: [one], isComplete: true });
    const all = await next(ofAll);
    assert.deepEqual([all.ids.sort(), all.isComplete], [[one, other].sort(), true]);
    await Promise.all([ofOne.return?.(), ofAll.return?.()]);
  });

  it("keeps what nobody fetched yet, once each", async () => {
    const id = randomUUID();
    const [events, ofAll] = [await feed.subscribe(id), await feed.subscribe(everyExecution)];
    for (let times = 0; times < 5; times += 1) await notify([id]);
    const last = randomUUID();
    await notify([last]);
    await until(async () => (await next(ofAll)).ids.includes(last));
    assert.deepEqual(await next(events), { ids: [id], isComplete: true });
    await Promise.all([events.return?.(), ofAll.return?.()]);
  });

  it("says that there is more when a burst names too many", async () => {
    const ofAll = await feed.subscribe(everyExecution);
    const first = next(ofAll); // so that the others gather behind it
    await notify([randomUUID()]);
    await first;
    const ids = Array.from({ length: 1500 }, () => randomUUID());
    await notify(ids);
    const event = await next(ofAll);
    assert.equal(event.isComplete, false);
    assert.equal(event.ids.length, 1000);
    await ofAll.return?.();
  });

  it("says that something may be missed after the connection was lost", async () => {
    const [id, events] = await (async () => {
      const one = randomUUID();
      return [one, await feed.subscribe(one)] as const;
    })();
    const event = next(events);
    await db.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'reprise listen'",
    );
    assert.deepEqual(await event, { ids: [id], isComplete: false });
    await events.return?.();
  });

  it("ends its subscriptions when it is disposed", async () => {
    const own = await openExecutionFeed({ connectionString: db.connectionString, log: silentLogger });
    const events = await own.subscribe(everyExecution);
    const ended = events.next();
    await own[Symbol.asyncDispose]();
    assert.deepEqual(await ended, { done: true, value: undefined });
    assert.deepEqual(await events.next(), { done: true, value: undefined });
  });
});
