import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Client, ClientBase } from "pg";
import { callOne } from "../../src/db/call.ts";
import { aFlow } from "../support/a-flow.ts";
import { aRace, outcomeOf } from "../support/a-race.ts";
import { anEndedExecution, aReplay, executionOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase, until } from "../support/database.ts";
import { aHandWorker, type HandWorker } from "../support/hand-worker.ts";

const db = await testDatabase();

/** The hands of a worker on another connection. */
async function handsOf<T>(client: ClientBase, work: (worker: HandWorker) => Promise<T>): Promise<T> {
  return await work(await aHandWorker(client));
}

/** An ended execution whose task `b` failed: `failed` is a place to replay it from. */
async function aFailed(client: ClientBase): Promise<string> {
  return await anEndedExecution(client, await aFlow(client, ["a", "b"]), { b: "FAILED" });
}

const replaysOf = async (id: string) =>
  (await db.pool.query("select id from reprise.executions where original_id = $1", [id])).rows.map(
    (row) => row.id,
  );

describe("a replay and a purge of its original at once", () => {
  const purge = async (client: ClientBase, ...execution_ids: string[]) =>
    await callOne(client, "reprise_api.purge_executions", { execution_ids });

  it("keep what is carried when the replay comes first", async () => {
    const client = await db.connect();
    const original = await aFailed(client);
    const { first, second } = await aRace(
      db,
      (one) => aReplay(one, original, { anchors: ["failed"] }),
      (two) => purge(two, original),
    );
    assert.partialDeepStrictEqual(outcomeOf(second), { purged_count: 1, kept_count: 1 });
    assert.notEqual((await executionOf(client, original)).purged_at, null);
    assert.deepEqual((await taskRunsOf(client, first.id)).a?.outputs, { value: "a 1" });
    await handsOf(client, (worker) => worker.drain({}, { waits: (id) => id !== first.id }));
    assert.equal((await executionOf(client, first.id)).state, "SUCCESS");
  });

  it("leave nothing to replay when the purge comes first", async () => {
    const client = await db.connect();
    const original = await aFailed(client);
    const { second } = await aRace(
      db,
      (one) => purge(one, original),
      (two) => aReplay(two, original, { anchors: ["failed"] }),
    );
    await assert.rejects(async () => outcomeOf(second), { code: "RP404", reason: "execution_not_found" });
    assert.equal(await executionOf(client, original), undefined);
    assert.deepEqual(await replaysOf(original), []);
  });

  it("leave nothing to replay when the purge comes first and keeps a husk", async () => {
    const client = await db.connect();
    const original = await aFailed(client);
    const living = await aReplay(client, original, { anchors: ["failed"] });
    const { second } = await aRace(
      db,
      (one) => purge(one, original),
      (two) => aReplay(two, original, { anchors: ["failed"] }),
    );
    await assert.rejects(async () => outcomeOf(second), { code: "RP404", reason: "execution_not_found" });
    assert.deepEqual(await replaysOf(original), [living.id]);
  });

  it("go on with the original when the purge is rolled back", async () => {
    const client = await db.connect();
    const original = await aFailed(client);
    const { second } = await aRace(
      db,
      (one) => purge(one, original),
      (two) => aReplay(two, original, { anchors: ["failed"] }),
      "rollback",
    );
    assert.deepEqual(await replaysOf(original), [outcomeOf(second).id]);
  });
});

describe("a purge of an original and one of its replay at once", () => {
  it("leave nothing of either", async () => {
    const client = await db.connect();
    const original = await aFailed(client);
    const replay = await aReplay(client, original, { anchors: ["failed"] });
    await handsOf(client, (worker) => worker.drain({}, { waits: (id) => id !== replay.id }));
    const purge = (id: string) => (one: ClientBase) =>
      callOne(one, "reprise_api.purge_executions", { execution_ids: [id] });
    const { first, second } = await aRace(db, purge(original), purge(replay.id));
    assert.equal(first.kept_count, 1);
    assert.equal(outcomeOf(second).kept_count, 0);
    for (const id of [original, replay.id]) assert.equal(await executionOf(client, id), undefined);
  });
});

describe("a replay of a replay and a purge of both at once", () => {
  it("take their locks in one order", async () => {
    const client = await db.connect();
    const original = await aFailed(client);
    const { id } = await aReplay(client, original, { anchors: ["failed"] });
    await handsOf(client, (worker) => worker.drain({}, { waits: (other) => other !== id }));

    // Somebody holds the first original, until both of them stand in the line for it.
    const [holder, purger, replayer] = [await db.connect(), await db.connect(), await db.connect()];
    await holder.query("begin");
    await holder.query("select from reprise.executions where id = $1 for update", [original]);
    const purge = callOne(purger, "reprise_api.purge_executions", { execution_ids: [original, id] });
    await untilWaiting(purger);
    const replay = aReplay(replayer, id, { anchors: ["task:b"] });
    const ends = Promise.allSettled([purge, replay]);
    await untilWaiting(replayer);
    await holder.query("commit");

    const [purged, replayed] = await ends;
    assert.partialDeepStrictEqual(outcomeOf(purged), { purged_count: 2, kept_count: 0 });
    await assert.rejects(async () => outcomeOf(replayed), { code: "RP404", reason: "execution_not_found" });
  });
});

async function untilWaiting(client: Client): Promise<void> {
  const { processID } = client as Client & { processID: number };
  const waits = async () => {
    const { rowCount } = await db.pool.query(
      "select from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'",
      [processID],
    );
    return rowCount === 1;
  };
  await until(waits, { what: "it to wait for a lock" });
}
