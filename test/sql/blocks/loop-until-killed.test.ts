import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, linesOf, log } from "./block-flows.ts";
import { aLoop, aLoopBeside, countOf, doneIn } from "./loop-flows.ts";

const db = await testDatabase();

describe("a LoopUntil that has not ended", () => {
  it("is replayed beside where it was killed before it had asked whether it goes on, and the plan leaves that open", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, aLoopBeside());
      const worker = await aHandWorker(client);
      const id = await anExecution(client, flow);
      let asked = 0;
      // The first time is for the first iteration.
      const held = await worker.drain(doneIn(3), {
        holds: ({ taskId }) => taskId === "l" && ++asked === 2,
      });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id, actor: null });
      await worker.finish(
        held.map(({ begun }) => ({ attemptId: begun.attempt_id as string, state: "KILLED" })),
      );
      const before = ["= KILLED", "a SUCCESS", "l KILLED", "p KILLED", "x SUCCESS"];
      assert.deepEqual((await linesOf(client, id)).sort(), before);

      const plan = await aPlan(client, id, { anchors: ["task:x"] });
      assert.deepEqual(
        plan.tasks.map((task) => `${task.task_id} ${task.disposition} ${task.reason} ${task.because_of}`),
        ["p REOPENED around null", "l REOPENED not_ended null", "a UNKNOWN until l", "x RERUN anchor null"],
      );
      const replay = await aReplay(client, id, { anchors: ["task:x"] });
      await worker.drain(doneIn(3));
      const after = ["= SUCCESS", "a SUCCESS", "l SUCCESS", "p SUCCESS", "x SUCCESS"];
      assert.deepEqual((await linesOf(client, replay.id)).sort(), after);
      assert.deepEqual(await countOf(client, replay.id), { iterationCount: 3 });
    }));

  it("counts on in a replay that is made while it asks whether it goes on", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, aLoopBeside());
      const worker = await aHandWorker(client);
      const id = await anExecution(client, flow);
      let asked = 0;
      const held = await worker.drain(doneIn(2), {
        holds: ({ taskId }) => taskId === "l" && ++asked === 3,
      });
      const replay = await aReplay(client, id, { anchors: ["task:x"] });
      await worker.finish(held.map((run) => worker.outcome(run, doneIn(2))));
      await worker.drain(doneIn(2));
      for (const one of [id, replay.id]) {
        const lines = ["= SUCCESS", "a SUCCESS", "l SUCCESS", "p SUCCESS", "x SUCCESS"];
        assert.deepEqual((await linesOf(client, one)).sort(), lines);
        assert.deepEqual(await countOf(client, one), { iterationCount: 2 });
      }
    }));

  it("was killed in an iteration, of which a plan knows that it may not be the last", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(client, aLoop("checkFrequency: { interval: PT1S }", `, ${log("b")}`));
      const worker = await aHandWorker(client);
      const id = await anExecution(client, flow);
      const held = await worker.drain(doneIn(2), { holds: ({ taskId }) => taskId === "b" });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id, actor: null });
      await worker.finish(
        held.map(({ begun }) => ({ attemptId: begun.attempt_id as string, state: "KILLED" })),
      );
      const plan = await aPlan(client, id, { anchors: ["task:b"] });
      assert.deepEqual(
        plan.tasks.map((task) => `${task.task_id} ${task.disposition} ${task.reason}`),
        ["l REOPENED around", "a UNKNOWN until", "b RERUN anchor", "z RERUN after"],
      );
      const replay = await aReplay(client, id, { anchors: ["task:b"] });
      await worker.drain(doneIn(2));
      const lines = ["= SUCCESS", "a SUCCESS", "b SUCCESS", "l SUCCESS", "z SUCCESS"];
      assert.deepEqual((await linesOf(client, replay.id)).sort(), lines);
      assert.deepEqual(await countOf(client, replay.id), { iterationCount: 2 });
    }));
});
