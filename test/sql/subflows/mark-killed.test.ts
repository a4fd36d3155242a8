import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { anExecution, executionOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, directory, linesOf, log } from "../blocks/block-flows.ts";
import { childrenOf, subflow } from "./subflow-flows.ts";

const db = await testDatabase();
const rest = `${log("y")}, ${block("q", "Sequential", `tasks: [${log("a")}], finally: [${log("f")}]`)}, ${directory("wd", [log("m")])}, ${log("z")}`;

/** An execution whose Subflow `s` has lost its child to a kill, and that has gone on behind it; and what marks `s`. */
async function aKilled(client: ClientBase, around: (task: string) => string) {
  const child = await aBlockFlow(client, `tasks: [${log("x")}]`);
  const id = await anExecution(
    client,
    await aBlockFlow(client, `tasks: [${around(subflow("s", child))}, ${rest}]`),
  );
  const worker = await aHandWorker(client);
  await worker.drain({}, { rounds: 1 });
  const [started] = await childrenOf(client, id);
  await callOne(client, "reprise_api.kill_execution", { execution_id: started?.id as string });
  await worker.drain();
  const { s } = await taskRunsOf(client, id);
  const mark = (state: "SUCCESS" | "FAILED") =>
    callOne(client, "reprise_api.change_task_run_state", { task_run_id: s?.id as string, state });
  return { id, worker, mark };
}

/** What is to be seen when all of the rest has run again. */
const runAgain = [
  "= SUCCESS",
  "a SUCCESS 2",
  "f SUCCESS 2",
  "m SUCCESS 2",
  "q SUCCESS 1",
  "s SUCCESS 1",
  "wd SUCCESS 2",
  "y SUCCESS 2",
  "z SUCCESS 2",
];

/** What is to be seen of the rest, and the state of all. */
async function restOf(client: ClientBase, id: string): Promise<string[]> {
  return (await linesOf(client, id, true)).filter((line) => !/^[pc] /.test(line)).toSorted();
}

describe("marking the Subflow whose child was killed", () => {
  const alone = (task: string) => task;
  const inside = (task: string) => block("p", "Parallel", `tasks: [${task}, ${log("c")}]`);

  it("as done runs again what ran behind it, in its order", () =>
    db.inTransaction(async (client) => {
      for (const around of [alone, inside]) {
        const { id, worker, mark } = await aKilled(client, around);
        await mark("SUCCESS");
        const order: string[] = [];
        await worker.drain((run) => {
          order.push(run.taskId);
          return {};
        });
        assert.deepEqual(order, ["y", "a", "f", "m", "z"]);
        assert.deepEqual(await restOf(client, id), runAgain);
      }
    }));

  it("as failed leaves nothing behind it as if it had run", () =>
    db.inTransaction(async (client) => {
      for (const around of [alone, inside]) {
        const { id, worker, mark } = await aKilled(client, around);
        await mark("FAILED");
        await worker.drain();
        assert.deepEqual(await restOf(client, id), [
          "= FAILED",
          "a CANCELLED 1",
          "m CANCELLED 1",
          "q CANCELLED 1",
          "s FAILED 1",
          "wd CANCELLED 1",
          "y CANCELLED 1",
          "z CANCELLED 1",
        ]);
        await callOne(client, "reprise_api.restart_execution", { execution_id: id });
        await worker.drain();
        assert.equal((await executionOf(client, id)).state, "SUCCESS");
      }
    }));

  it("and marking again goes on with what was not come to", () =>
    db.inTransaction(async (client) => {
      for (const around of [alone, inside]) {
        const { id, worker, mark } = await aKilled(client, around);
        await mark("FAILED");
        await worker.drain();
        await mark("SUCCESS");
        const order: string[] = [];
        await worker.drain((run) => {
          order.push(run.taskId);
          return run.taskId === "y" ? "FAILED" : {};
        });
        assert.deepEqual(order, ["y"]);
        const { y } = await taskRunsOf(client, id);
        await callOne(client, "reprise_api.change_task_run_state", {
          task_run_id: y?.id as string,
          state: "SUCCESS",
        });
        await worker.drain();
        assert.deepEqual(await restOf(client, id), runAgain);
      }
    }));
});
