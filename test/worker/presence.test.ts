import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { silentLogger } from "../../src/base/log.ts";
import { openPresence } from "../../src/worker/presence.ts";
import { testDatabase } from "../support/database.ts";

const db = await testDatabase();

async function appear(host: string, onTaken: () => void = () => undefined) {
  return await openPresence({
    db: db.pool,
    connectionString: db.connectionString,
    log: silentLogger,
    signal: new AbortController().signal,
    about: {
      pool_ids: [],
      host,
      pid: 1,
      version: "1",
      worker_group: null,
      job_identifiers: [],
      concurrency: 1,
      beat_ms: 500,
    },
    onKill: () => undefined,
    onTaken,
  });
}

const statesOf = async (host: string) =>
  (await db.pool.query("select state from reprise.workers where host = $1 order by id", [host])).rows.map(
    ({ state }) => state,
  );

describe("the presence of a worker", () => {
  it("begins anew when others took it for dead", async () => {
    const taken: string[] = [];
    const presence = await appear("taken", () => taken.push("all"));
    const id = presence.id();
    await db.pool.query("update reprise.workers set state = 'LOST', stopped_at = now() where id = $1", [id]);
    await presence.beat(0);
    assert.deepEqual([taken, await statesOf("taken")], [["all"], ["LOST", "RUNNING"]]);
    assert.notEqual(presence.id(), id);
    await presence[Symbol.asyncDispose]();
    assert.deepEqual(await statesOf("taken"), ["LOST", "STOPPED"]);
  });

  it("does not begin anew by a beat that comes while it leaves", async () => {
    const presence = await appear("leaves");
    await presence[Symbol.asyncDispose]();
    await presence.beat(0);
    assert.deepEqual(await statesOf("leaves"), ["STOPPED"]);
  });
});
