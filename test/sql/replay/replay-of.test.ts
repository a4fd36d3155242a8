import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { aFlow, aRevision } from "../../support/a-flow.ts";
import {
  anEndedExecution,
  anExecution,
  aPlan,
  aReplay,
  executionOf,
  statesOf,
  taskRunsOf,
} from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { dumpOf } from "../../support/dump.ts";
import { aHandWorker } from "../../support/hand-worker.ts";

const db = await testDatabase();

describe("a replay of an unusual original", () => {
  describe("of a replay", () => {
    it("carries what ran in either, and names both its original and the first", () =>
      db.inTransaction(async (client) => {
        const id = await anEndedExecution(client, await aFlow(client, ["a", "b", "c", "d"]), { b: "FAILED" });
        const worker = await aHandWorker(client);
        const second = await aReplay(client, id, { anchors: ["failed"] });
        await worker.drain({ c: "FAILED" });
        const third = await aReplay(client, second.id, { anchors: ["failed"] });
        const plan = await aPlan(client, second.id, { anchors: ["failed"] });
        assert.deepEqual(
          plan.tasks.map(({ task_id, execution_id }) => [task_id, execution_id === id]),
          [
            ["a", true],
            ["b", false],
            ["c", false],
            ["d", false],
          ],
        );
        await worker.drain();
        const runs = [
          await taskRunsOf(client, id),
          await taskRunsOf(client, second.id),
          await taskRunsOf(client, third.id),
        ];
        assert.deepEqual(runs[2]?.a?.outputs, { value: "a 1" });
        assert.equal(runs[2]?.a?.carried_attempt_id, runs[1]?.a?.carried_attempt_id);
        assert.deepEqual(runs[2]?.b?.outputs, { value: "b 2" });
        assert.deepEqual(runs[2]?.c?.attempts, ["2 SUCCESS"]);
        assert.deepEqual([third.original_id, third.root_id, third.attempt_number], [second.id, id, 3]);
      }));

    it("counts on, and shows what had been tried, where its original never came to a task that the first had run", () =>
      db.inTransaction(async (client) => {
        const id = await anEndedExecution(client, await aFlow(client, ["a", "b", "c"]), { c: "FAILED" });
        const worker = await aHandWorker(client);
        const second = await aReplay(client, id, { anchors: ["task:a"] });
        await worker.drain({ a: "FAILED" });
        const plan = await aPlan(client, second.id, { anchors: ["failed"] });
        assert.deepEqual(
          plan.tasks.map(({ task_id, attempt_number }) => [task_id, attempt_number]),
          [
            ["a", 3],
            ["b", 2],
            ["c", 2],
          ],
        );
        const third = await aReplay(client, second.id, { anchors: ["failed"] });
        await worker.drain();
        const runs = await taskRunsOf(client, third.id);
        assert.deepEqual(
          [runs.a?.attempts, runs.b?.attempts, runs.c?.attempts],
          [["3 SUCCESS"], ["2 SUCCESS"], ["2 SUCCESS"]],
        );
        const tried = await client.query<{ number: number; state: string }>(
          "select number, state from reprise_api.list_attempts($1)",
          [runs.c?.id],
        );
        assert.deepEqual(
          tried.rows.map(({ number, state }) => `${number} ${state}`),
          ["1 FAILED", "2 SUCCESS"],
        );
      }));

    it("counts on, too, where its original was killed before it came to the task", () =>
      db.inTransaction(async (client) => {
        const id = await anEndedExecution(client, await aFlow(client, ["a", "b"]));
        const second = await aReplay(client, id, { anchors: ["task:a"] });
        await callOne(client, "reprise_api.kill_execution", { execution_id: second.id });
        const third = await aReplay(client, second.id, { anchors: ["start"] });
        await (await aHandWorker(client)).drain();
        const runs = await taskRunsOf(client, third.id);
        assert.deepEqual([runs.a?.attempts, runs.b?.attempts], [["2 SUCCESS"], ["2 SUCCESS"]]);
      }));

    it("counts on from its original alone, though a sibling counts the same", () =>
      db.inTransaction(async (client) => {
        const id = await anEndedExecution(client, await aFlow(client, ["a"]), { a: "FAILED" });
        const worker = await aHandWorker(client);
        const siblings = [await aReplay(client, id), await aReplay(client, id)];
        await worker.drain({ a: "FAILED" });
        for (const { id: sibling } of siblings)
          assert.deepEqual((await taskRunsOf(client, sibling)).a?.attempts, ["2 FAILED"]);
        const third = await aReplay(client, siblings[1]?.id as string);
        await worker.drain();
        assert.deepEqual((await taskRunsOf(client, third.id)).a?.attempts, ["3 SUCCESS"]);
      }));
  });

  it("of a running original takes what has ended, and the original goes on", () =>
    db.inTransaction(async (client) => {
      const id = await anExecution(client, await aFlow(client, ["a", "b", "c"]));
      const worker = await aHandWorker(client);
      await worker.drain({}, { rounds: 1 });
      const [begun] = await worker.begin((await taskRunsOf(client, id)).b?.id as string);
      const args = { anchors: ["task:c"] };
      assert.deepEqual((await aPlan(client, id, args)).brief, {
        a: "CARRIED unchanged",
        b: "RERUN not_ended",
        c: "RERUN anchor",
      });
      const before = await dumpOf(client, id);
      const replay = await aReplay(client, id, args);
      assert.deepEqual(await dumpOf(client, id), before);
      await worker.finish([{ attemptId: begun?.attempt_id as string }]);
      await worker.drain();
      assert.deepEqual(await statesOf(client, id), {
        execution: "SUCCESS",
        a: "SUCCESS",
        b: "SUCCESS",
        c: "SUCCESS",
      });
      const runs = await taskRunsOf(client, replay.id);
      assert.deepEqual([runs.b?.attempts, runs.c?.attempts], [["2 SUCCESS"], ["1 SUCCESS"]]);
    }));

  it("of one whose outputs failed runs only those", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, { tasks: ["a"], outputs: [{ id: "x", reads: ["a"] }] });
      const id = await anEndedExecution(client, flow, { $outputs: "FAILED" });
      const replay = await aReplay(client, id, { anchors: ["failed"] });
      const order: string[] = [];
      await (await aHandWorker(client)).drain(({ taskId, outputs }) => {
        order.push(taskId);
        return { outputs: { x: outputs.a } };
      });
      assert.deepEqual(order, ["$outputs"]);
      const { state, outputs, error } = await executionOf(client, replay.id);
      assert.deepEqual([state, outputs, error], ["SUCCESS", { x: { value: "a 1" } }, null]);
    }));

  it("of one whose defaults failed renders them again", () =>
    db.inTransaction(async (client) => {
      const inputs = [{ id: "x", isTemplated: true, defaults: "{{ 1 }}" }];
      const id = await anEndedExecution(client, await aFlow(client, { tasks: ["a"], inputs }), {
        $defaults: "FAILED",
      });
      const replay = await aReplay(client, id, { anchors: ["failed"] });
      await (await aHandWorker(client)).drain({ $defaults: { outputs: { x: "1" } } });
      const { state, inputs: rendered } = await executionOf(client, replay.id);
      assert.deepEqual([state, rendered], ["SUCCESS", { x: "1" }]);
    }));

  it("ends at once where nothing is left to run", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, { tasks: ["a"], outputs: [{ id: "x" }] });
      const id = await anEndedExecution(client, flow, { a: "WARNING", $outputs: "FAILED" });
      await aRevision(client, flow, ["a"]);
      const replay = await aReplay(client, id, { anchors: ["failed"], revision: "latest" });
      assert.equal(replay.state, "WARNING");
    }));
});
