import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "./block-flows.ts";

const db = await testDatabase();

const list = `[${log("a")}, ${log("b")}, ${log("c")}]`;
/** Blocks that decide, or are opened by SQL, with how they look in the end. */
const blocks: [type: string, body: string, line: string][] = [
  ["Sequential", `tasks: ${list}`, "s SUCCESS 1"],
  ["If", `condition: true, then: ${list}`, "s SUCCESS 1"],
  ["ForEach", `values: [v], tasks: ${list}`, "s SUCCESS 1"],
  ["LoopUntil", `condition: true, tasks: ${list}`, "s SUCCESS 2"],
];

describe("a block that goes on in an execution that waits for a slot, and is stopped there", () => {
  for (const [type, body, line] of blocks)
    for (const how of ["a restart", "a mark"])
      it(`goes on where it was in the next restart: ${type}, behind ${how}`, () =>
        db.inTransaction(async (client) => {
          const flow = await aBlockFlow(
            client,
            `concurrency: { limit: 1 }\ntasks: [${block("s", type, body)}]`,
          );
          const worker = await aHandWorker(client);
          const id = await anExecution(client, flow);
          await worker.drain({ b: "FAILED" });
          const other = await anExecution(client, flow);
          const { b } = await taskRunsOf(client, id);
          if (how === "a restart")
            await callOne(client, "reprise_api.restart_execution", { execution_id: id });
          else
            await callOne(client, "reprise_api.change_task_run_state", {
              task_run_id: b?.id as string,
              state: "SUCCESS",
            });
          assert.equal((await linesOf(client, id)).at(-1), "= QUEUED");
          await callOne(client, "reprise_api.kill_execution", { execution_id: id });
          await callOne(client, "reprise_api.kill_execution", { execution_id: other });
          assert.equal((await linesOf(client, id)).at(-1), "= KILLED");

          await callOne(client, "reprise_api.restart_execution", { execution_id: id });
          const ran: string[] = [];
          await worker.drain(({ taskId }) => {
            ran.push(taskId);
            return {};
          });
          assert.deepEqual(ran, how === "a restart" ? ["b", "c"] : ["c"]);
          const lines = (await linesOf(client, id, true)).map((each) => each.replace("[v]", ""));
          assert.deepEqual(lines.toSorted(), [
            "= SUCCESS",
            "a SUCCESS 1",
            how === "a restart" ? "b SUCCESS 2" : "b SUCCESS 1",
            "c SUCCESS 1",
            line,
          ]);
        }));
});
