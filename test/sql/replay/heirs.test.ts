import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { anEndedExecution, anExecution, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun } from "../../support/hand-worker.ts";
import { aBlockFlow, block, failing, linesOf, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

const loop = (every: string, tasks: string) =>
  block(
    "u",
    "LoopUntil",
    `condition: "{{ false }}", checkFrequency: { interval: ${every}, maxIterations: 3 }, tasks: [${tasks}]`,
  );

describe("a replay whose original drops what it carries, or is to run again", () => {
  it("inherits the attempt that it carries, and none behind that", () =>
    db.inTransaction(async (client) => {
      const beside = block("p", "Parallel", `tasks: [${loop("PT1S", log("b"))}, ${log("y")}]`);
      const flow = await aBlockFlow(client, `tasks: [${beside}, ${log("z")}]`);
      const id = await anEndedExecution(client, flow, failing("b 1"));
      const worker = await aHandWorker(client);
      const replay = await aReplay(client, id, { anchors: ["task:y"] });
      await worker.drain({});
      // b runs again in the original, as attempt 2, and goes when the loop goes on.
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain({});
      await callOne(client, "reprise_api.restart_execution", { execution_id: replay.id });
      await worker.drain({});
      assert.equal((await linesOf(client, replay.id)).at(-1), "= SUCCESS");
    }));

  it("runs what it was made for, though that is no more in the original", () =>
    db.inTransaction(async (client) => {
      const wide = block("p", "Parallel", `tasks: [${log("b")}, ${log("c")}]`);
      const flow = await aBlockFlow(
        client,
        `concurrency: { limit: 1, behavior: QUEUE }\ntasks: [${loop("PT1H", block("al", "AllowFailure", `tasks: [${wide}]`))}]`,
      );
      const worker = await aHandWorker(client);
      const id = await anExecution(client, flow);
      const waits = async () =>
        (await client.query("select from reprise.loops where due_at is not null")).rows.length > 0;
      while (!(await waits())) await worker.drain({ b: "FAILED" }, { rounds: 1 });
      const replay = await aReplay(client, id, { anchors: ["task:c"] });
      assert.equal((await linesOf(client, replay.id)).at(-1), "= QUEUED");
      const ran: string[] = [];
      await worker.drain(({ taskId, number, begun }: HandRun) => {
        if (begun.execution_id === replay.id) ran.push(`${taskId} ${number}`);
        return "SUCCESS";
      });
      assert.equal(ran[0], "c 2");
    }));
});
