import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, executionOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, log } from "./block-flows.ts";

const db = await testDatabase();
const wake = async (client: ClientBase, batch: number) =>
  await callOne(client, "reprise_engine.wake_due", { batch });
const later = async (client: ClientBase) =>
  await client.query(
    "select set_config('reprise.now', (reprise_engine.clock() + interval '1 minute')::text, true)",
  );

/** Executions that wait in a Pause: the first for a second, each further one for a second longer. */
async function somePauses(client: ClientBase, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let seconds = 1; seconds <= count; seconds += 1) {
    const pause = block("p", "Pause", `delay: PT${seconds}S`);
    ids.push(await anExecution(client, await aBlockFlow(client, `tasks: [${pause}, ${log("z")}]`)));
  }
  await (await aHandWorker(client)).drain({}, { rounds: 1 });
  return ids;
}

async function stillPaused(client: ClientBase, ids: string[]): Promise<number[]> {
  const states: string[] = [];
  for (const id of ids) states.push((await executionOf(client, id)).state);
  return states.flatMap((state, place) => (state === "PAUSED" ? [place] : []));
}

describe("what is due", () => {
  it("is woken a batch at a time, first what is due longest", () =>
    db.inTransaction(async (client) => {
      const ids = await somePauses(client, 3);
      await later(client);
      assert.equal(await wake(client, 2), 0);
      assert.deepEqual(await stillPaused(client, ids), [2]);
      assert.equal(await wake(client, 2), null);
      assert.deepEqual(await stillPaused(client, ids), []);
    }));

  it("is woken a batch at a time within an execution too", () =>
    db.inTransaction(async (client) => {
      const loop = block(
        "l",
        "ForEach",
        `values: [1, 2, 3], concurrencyLimit: 0, tasks: [${block("p", "Pause", "delay: PT1S")}]`,
      );
      const id = await anExecution(client, await aBlockFlow(client, `tasks: [${loop}]`));
      await (await aHandWorker(client)).drain({}, { rounds: 2 });
      await later(client);
      const waiting = async () => (await client.query("select from reprise.pauses")).rowCount;
      const found: unknown[] = [await waiting()];
      while ((await wake(client, 1)) === 0) found.push(await waiting());
      assert.deepEqual(found, [3, 2, 1, 0]);
      assert.equal((await executionOf(client, id)).state, "SUCCESS");
    }));

  it("is said when it comes next", () =>
    db.inTransaction(async (client) => {
      const setClock = async (time: string) =>
        await client.query("select set_config('reprise.now', $1, true)", [time]);
      await setClock("2026-01-01 00:00:00Z");
      await somePauses(client, 2);
      assert.equal(await wake(client, 10), 1_000);
      await setClock("2026-01-01 00:00:01.5Z");
      assert.equal(await wake(client, 10), 500);
    }));

  it("waits where somebody is at work on it, and keeps nothing else from being woken", async () => {
    const [one, two] = [await db.connect(), await db.connect()];
    const ids = await somePauses(one, 3);
    await two.query("begin");
    await two.query("select from reprise.executions where id = $1 for no key update", [ids[0]]);
    await one.query("begin");
    await later(one);
    const answers = [await wake(one, 1), await wake(one, 1), await wake(one, 1)];
    assert.deepEqual(answers, [0, 0, null]);
    assert.deepEqual(await stillPaused(one, ids), [0]);
    await two.query("rollback");
    assert.equal(await wake(one, 1), 0);
    assert.deepEqual(await stillPaused(one, ids), []);
    await one.query("rollback");
  });
});
