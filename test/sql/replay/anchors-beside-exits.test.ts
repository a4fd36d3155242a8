import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anEndedExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Scripted } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

describe("anchors beside an Exit that ends the replay again", () => {
  it("are sure to run where nothing stands before them, and else only perhaps", () =>
    db.inTransaction(async (client) => {
      const exit = "{ id: e, type: io.kestra.plugin.core.execution.Exit, state: WARNING }";
      const lanes = [
        block("s", "Sequential", `tasks: [${log("p")}, ${log("q")}]`),
        block("r", "Sequential", `tasks: [${log("u")}, ${log("v")}, ${exit}]`),
      ];
      const exits = { e: { state: "RUNNING", outputs: { exit: "WARNING" } } } satisfies Record<
        string,
        Scripted
      >;
      const flow = await aBlockFlow(client, `tasks: [${block("par", "Parallel", `tasks: [${lanes}]`)}]`);
      const id = await anEndedExecution(client, flow, exits);

      const args = { anchors: ["task:p", "task:q"] };
      const { tasks } = await aPlan(client, id, args);
      const planned = tasks.map(({ task_id, disposition }) => `${task_id} ${disposition}`);
      assert.deepEqual(
        planned.filter((line) => /^[pqe] /.test(line)),
        ["p RERUN", "q UNKNOWN", "e RERUN"],
      );
      const replay = await aReplay(client, id, args);
      await (await aHandWorker(client)).drain(exits);
      const ran = await linesOf(client, replay.id);
      assert.ok(ran.includes("p SUCCESS") && !ran.some((line) => line.startsWith("q ")), ran.join());
      assert.equal(ran.at(-1), "= WARNING");
    }));
});
