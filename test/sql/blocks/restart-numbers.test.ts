import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { anEndedExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

/** How an execution in which these tasks fail ends after restarts, and after a replay of what failed. */
async function restarted(body: string, fails: string[], restarts = 1) {
  return await db.inTransaction(async (client) => {
    const script = ({ taskId }: HandRun) => (fails.includes(taskId) ? "FAILED" : "SUCCESS");
    const flow = await aBlockFlow(client, body);
    const id = await anEndedExecution(client, flow, script);
    const worker = await aHandWorker(client);
    const replay = await aReplay(client, id, { anchors: ["failed"] });
    await worker.drain(script);
    for (let count = 0; count < restarts; count += 1) {
      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      await worker.drain(script);
    }
    const plan = await aPlan(client, id, { anchors: ["failed"] });
    const numbers = Object.fromEntries(plan.tasks.map((task) => [task.task_id, task.attempt_number]));
    return {
      ended: await linesOf(client, id, true),
      replayed: await linesOf(client, replay.id, true),
      numbers,
    };
  });
}

describe("attempts that a restart begins", () => {
  it("go on counting in handlers of the flow and what runs after it", async () => {
    const body = `tasks: [${log("a")}]
errors: [${block("s", "Sequential", `tasks: [${log("e")}]`)}]
finally: [${log("f")}]
afterExecution: [${log("g")}]`;
    const { ended, replayed, numbers } = await restarted(body, ["a"]);
    const wanted = ["a FAILED 2", "s SUCCESS 2", "e SUCCESS 2", "f SUCCESS 2", "g SUCCESS 2", "= FAILED"];
    assert.deepEqual(ended, wanted);
    assert.deepEqual(replayed, wanted);
    assert.deepEqual(numbers, { a: 3, s: 3, e: 3, f: 3, g: 3 });
    assert.deepEqual((await restarted(body, ["a"], 3)).ended.slice(2, 4), ["e SUCCESS 4", "f SUCCESS 4"]);
  });

  it("go on counting in handlers of blocks and iterations, and what these give", async () => {
    const handlers = `errors: [${log("e")}], finally: [${log("f")}]`;
    const sequence = block("s", "Sequential", `tasks: [${log("a")}], ${handlers}`);
    const { ended, replayed } = await restarted(`tasks: [${sequence}]`, ["a"]);
    assert.deepEqual(ended, ["s FAILED 1", "a FAILED 2", "e SUCCESS 2", "f SUCCESS 2", "= FAILED"]);
    assert.deepEqual(replayed, ended);

    const loop = block(
      "l",
      "Loop",
      `values: [x], tasks: [${log("a")}], ${handlers}, transmitFailed: false, outputs: [{ id: o, type: INT, value: 1 }]`,
    );
    const after = await restarted(`tasks: [${loop}, ${log("z")}]`, ["a", "z"]);
    assert.deepEqual(after.ended.sort(), after.replayed.sort());
  });

  it("go on counting in a loop with a condition that begins anew", async () => {
    const check = "checkFrequency: { maxIterations: 1, interval: PT0S }, failOnMaxReached: true";
    const loop = block("l", "LoopUntil", `condition: "{{ false }}", ${check}, tasks: [${log("a")}]`);
    const { ended, replayed } = await restarted(`tasks: [${loop}]`, []);
    assert.deepEqual(ended, ["l FAILED 4", "a SUCCESS 2", "= FAILED"]);
    assert.deepEqual(replayed, ended);
  });

  it("go on counting in a replay of it that does not come to them at once", async () => {
    const { numbers } = await restarted(`tasks: [${log("a")}]\nerrors: [${log("e")}]`, ["a", "e"]);
    assert.deepEqual(numbers, { a: 3, e: 3 });
  });
});
