import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anEndedExecution, anExecution, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

const VALUES = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

const wide = (rest = "concurrencyLimit: 0", tasks = log("a")) =>
  `tasks: [${block("l", "ForEach", `values: [${VALUES}], ${rest}, tasks: [${tasks}]`)}]`;

/** A database in which waves are small. */
async function inWaves(work: (client: ClientBase) => Promise<void>): Promise<void> {
  await db.inTransaction(async (client) => {
    await client.query("select set_config('reprise.first_wave', '2', true)");
    await work(client);
  });
}

/** How many task runs of `a` there are. */
async function countBegun(client: ClientBase, executionId: string): Promise<number> {
  return (await linesOf(client, executionId)).filter((line) => line.startsWith("a[")).length;
}

/** Takes the job that stands behind the lanes of a block; false when there is none. */
async function takeWave(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ id: string }>(
    `delete from graphile_worker._private_jobs as j
    using graphile_worker._private_tasks as t
    where t.id = j.task_id and t.identifier = 'reprise.Wave'
    returning j.payload ->> 'id' as id`,
  );
  if (rows[0] === undefined) return false;
  await callOne(client, "reprise_engine.widen_block", { task_run_id: rows[0].id });
  return true;
}

const all = (state: string) => ["l SUCCESS", ...VALUES.map((value) => `a[${value}] ${state}`), "= SUCCESS"];

describe("the lanes of a very wide block without a limit", () => {
  it("begin in waves that double whenever workers have come to all of them", () =>
    inWaves(async (client) => {
      const id = await anExecution(client, await aBlockFlow(client, wide()));
      const worker = await aHandWorker(client);
      const holds = ({ taskId }: { taskId: string }) => taskId === "a";
      const held = await worker.drain({}, { holds });
      assert.equal(await countBegun(client, id), 2);
      for (const count of [4, 8, 9]) {
        assert.ok(await takeWave(client));
        held.push(...(await worker.drain({}, { holds })));
        assert.equal(await countBegun(client, id), count);
      }
      assert.equal(await takeWave(client), false);
      await worker.finish(held.map((run) => worker.outcome(run, {})));
      await worker.drain();
      assert.deepEqual(await linesOf(client, id), all("SUCCESS"));
    }));

  it("hand on their places, to a worker that has room without a job", () =>
    inWaves(async (client) => {
      const id = await anExecution(client, await aBlockFlow(client, wide()));
      const worker = await aHandWorker(client);
      await worker.drain({}, { room: 2 });
      assert.deepEqual(await linesOf(client, id), all("SUCCESS"));
      assert.ok(await takeWave(client), "it was not needed, and changes nothing");
      assert.deepEqual(await linesOf(client, id), all("SUCCESS"));
    }));

  it("begin all, whatever fails in the first", () =>
    inWaves(async (client) => {
      const id = await anEndedExecution(
        client,
        await aBlockFlow(client, wide("concurrencyLimit: 0", `${log("a")}, ${log("b")}`)),
        ({ taskId, begun }) => (taskId === "a" && begun.iteration_path?.[0] === "1" ? "FAILED" : "SUCCESS"),
      );
      const lines = await linesOf(client, id);
      assert.equal(lines.filter((line) => line.endsWith("] SUCCESS")).length, 16);
      assert.deepEqual([lines[0], lines.at(-1)], ["l FAILED", "= FAILED"]);
    }));

  it("go on one after the other where there is a limit", () =>
    inWaves(async (client) => {
      const id = await anEndedExecution(client, await aBlockFlow(client, wide("concurrencyLimit: 1")), {
        a: "FAILED",
      });
      assert.deepEqual(await linesOf(client, id), ["l FAILED", "a[1] FAILED", "= FAILED"]);
      assert.equal(await takeWave(client), false);
    }));

  it("begin no more once the execution is being killed", () =>
    inWaves(async (client) => {
      const id = await anExecution(client, await aBlockFlow(client, wide()));
      const worker = await aHandWorker(client);
      const held = await worker.drain({}, { holds: ({ taskId }) => taskId === "a" });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      assert.ok(await takeWave(client));
      await worker.finish(held.map(({ begun }) => ({ attemptId: begun.attempt_id, state: "KILLED" })));
      const killed = ["l KILLED", "a[1] KILLED", "a[2] KILLED", "= KILLED"];
      assert.deepEqual(await linesOf(client, id), killed);

      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain();
      assert.deepEqual((await linesOf(client, id)).sort(), all("SUCCESS").sort());
    }));

  it("begin no more once the execution has ended", () =>
    inWaves(async (client) => {
      const id = await anExecution(client, await aBlockFlow(client, wide()));
      const worker = await aHandWorker(client);
      await worker.drain({}, { holds: ({ taskId }) => taskId === "a" });
      await client.query("select reprise_engine.end_executions(array[$1::uuid], 'FAILED', $2)", [
        id,
        { reason: "ended", message: "ended" },
      ]);
      const before = await linesOf(client, id);
      assert.ok(await takeWave(client));
      assert.deepEqual(await linesOf(client, id), before);
      assert.equal(await callOne(client, "reprise_engine.reconcile_jobs", {}), 0);
    }));

  it("are found again when their job is lost", () =>
    inWaves(async (client) => {
      const id = await anExecution(client, await aBlockFlow(client, wide()));
      const worker = await aHandWorker(client);
      await worker.drain({}, { holds: ({ taskId }) => taskId === "a" });
      await client.query("delete from graphile_worker._private_jobs");
      assert.equal(await callOne(client, "reprise_engine.reconcile_jobs", {}), 1);
      assert.equal(await callOne(client, "reprise_engine.reconcile_jobs", {}), 0);
      assert.ok(await takeWave(client));
      assert.equal(await countBegun(client, id), 4);
    }));

  it("of a Parallel and of an EachParallel begin so too, and a Dag knows its own order", () =>
    inWaves(async (client) => {
      const tasks = ["a", "b", "c", "d", "e"].map((id) => log(id));
      const flow = await aBlockFlow(
        client,
        `tasks: [${block("p", "Parallel", `tasks: [${tasks}]`)}, ${block("q", "EachParallel", `value: [x, y], tasks: [${log("m")}, ${log("n")}]`)}, ${block("g", "Dag", `tasks: [${["u", "v", "w"].map((id) => `{ task: ${log(id)} }`)}]`)}]`,
      );
      const id = await anEndedExecution(client, flow, { c: "FAILED" });
      assert.deepEqual(
        (await linesOf(client, id)).filter((line) => / FAILED/.test(line)),
        ["p FAILED", "c FAILED", "= FAILED"],
      );
      const replay = await aReplay(client, id, { anchors: ["failed"] });
      await (await aHandWorker(client)).drain();
      const lines = await linesOf(client, replay.id);
      assert.equal(lines.length, 1 + 5 + 1 + 4 + 1 + 3 + 1);
      assert.ok(lines.every((line) => line.endsWith(" SUCCESS")));
    }));
});
