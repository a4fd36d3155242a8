import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anExecution, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

const nameOf = ({ taskId, begun }: HandRun) =>
  taskId + (begun.iteration_path === null ? "" : `[${begun.iteration_path}]`);

describe("restarting what failed in lanes of a block with a limit", () => {
  it("begins no more of them at once than the limit says", () =>
    db.inTransaction(async (client) => {
      const loop = block(
        "l",
        "Loop",
        `values: [1, 2, 3], concurrencyLimit: 1, transmitFailed: false, tasks: [${log("a")}, ${block("s", "Sequential", `tasks: [${log("b")}]`)}]`,
      );
      const id = await anExecution(client, await aBlockFlow(client, `tasks: [${loop}, ${log("n")}]`));
      const worker = await aHandWorker(client);
      await worker.drain(({ taskId }) => (["b", "n"].includes(taskId) ? "FAILED" : "SUCCESS"));
      assert.equal((await linesOf(client, id)).at(-1), "= FAILED");

      await callOne(client, "reprise_api.restart_execution", { execution_id: id });
      const ran: string[][] = [];
      for (;;) {
        const held = await worker.drain({}, { holds: () => true });
        if (held.length === 0) break;
        ran.push(held.map(nameOf));
        await worker.finish(held.map(({ begun }) => ({ attemptId: begun.attempt_id as string })));
      }
      assert.deepEqual(ran, [["b[1]"], ["b[2]"], ["b[3]"], ["n"]]);
      assert.equal((await linesOf(client, id)).at(-1), "= SUCCESS");
    }));

  it("comes to them behind the lanes that a revision has put first", () =>
    db.inTransaction(async (client) => {
      const write = (tasks: string[]) =>
        `tasks: [${block("l", "EachParallel", `value: [v], concurrent: 1, tasks: [${tasks.map((task) => log(task))}]`)}]`;
      const flow = await aBlockFlow(client, write(["a", "b"]));
      const worker = await aHandWorker(client);
      const fails = ({ taskId }: HandRun) => (taskId === "b" ? "FAILED" : "SUCCESS");
      const id = await anExecution(client, flow);
      await worker.drain(fails);
      await aWrittenFlow(client, `id: ${flow.id}\nnamespace: company.team\n${write(["first", "a", "b"])}`);
      const replay = await aReplay(client, id, { anchors: ["task:a[v]"], revision: "latest" });
      await worker.drain(fails);
      assert.deepEqual((await linesOf(client, replay.id)).sort(), [
        "= FAILED",
        "a[v] SUCCESS",
        "b[v] FAILED",
        "l FAILED",
      ]);

      await callOne(client, "reprise_api.restart_execution", { execution_id: replay.id });
      const ran: string[] = [];
      await worker.drain((run) => {
        ran.push(run.taskId);
        return "SUCCESS";
      });
      assert.deepEqual(ran, ["first", "b"]);
      assert.equal((await linesOf(client, replay.id)).at(-1), "= SUCCESS");
    }));
});
