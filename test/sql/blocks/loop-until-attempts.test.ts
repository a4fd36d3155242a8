import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anEndedExecution, aPlan, aReplay, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";
import { aBlockFlow, block, log } from "./block-flows.ts";

const db = await testDatabase();

const exit = "{ id: exit, type: io.kestra.plugin.core.execution.Exit }";
const both = block("p", "Parallel", `tasks: [${log("x")}, ${log("y")}]`);
const until = (rest: string, condition = "true") =>
  `tasks: [${block("u", "LoopUntil", `condition: ${condition}, ${rest}`)}, ${log("c")}]`;
const handlers = `errors: [${log("e")}, ${log("e2")}], finally: [${log("f")}, ${log("f2")}]`;
const exits: Script = { exit: { state: "RUNNING", outputs: { exit: "FAILED" } } };

const bodies = {
  "where a failure in it is carried": until(`tasks: [${both}, ${log("z")}], ${handlers}`),
  "where a failure in it is allowed": until(
    `tasks: [${block("al", "AllowFailure", `tasks: [${both}]`)}, ${log("z")}], ${handlers}`,
  ),
  "where nothing fails": until(`tasks: [${log("y")}, ${log("z")}], ${handlers}`),
  "where it came to its maximum": until(
    `failOnMaxReached: true, checkFrequency: { maxIterations: 1 }, tasks: [${log("y")}, ${log("z")}], ${handlers}`,
    "false",
  ),
  "where an Exit in it has ended all": until(
    `tasks: [${block("p", "Parallel", `tasks: [${exit}, ${log("y")}]`)}, ${log("z")}]`,
  ),
};

describe("a loop until a condition holds, in a replay that goes on in it", () => {
  for (const [where, body] of Object.entries(bodies))
    it(`has the attempt that the plan says, ${where}`, () =>
      db.inTransaction(async (client) => {
        const id = await anEndedExecution(client, await aBlockFlow(client, body), { ...exits, x: "FAILED" });
        const worker = await aHandWorker(client);
        let reopened = 0;
        for (const [anchor, { id: anchorId }] of Object.entries(await taskRunsOf(client, id))) {
          const anchors = [anchorId];
          const { tasks } = await aPlan(client, id, { anchors });
          const loop = tasks.find(({ task_id }) => task_id === "u");
          // An Exit that runs again by itself may be come to or not.
          const isOpen = tasks.some(({ task_id, reason }) => task_id === "exit" && reason !== "exits");
          if (loop?.disposition !== "REOPENED" || isOpen) continue;
          const replay = await aReplay(client, id, { anchors });
          await worker.drain(exits);
          assert.equal((await taskRunsOf(client, replay.id)).u?.attempt_number, loop.attempt_number, anchor);
          reopened += 1;
        }
        assert.ok(reopened > 0);
      }));
});
