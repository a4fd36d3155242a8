import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anEndedExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type HandRun } from "../../support/hand-worker.ts";
import { aBlockFlow, block, linesOf, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

const gives = `, outputs: [{ id: o, type: STRING, value: "{{ outputs.a.value ?? 'none' }}" }]`;
const failsInY = ({ taskId, begun }: HandRun) =>
  taskId === "b" && begun.iteration_path?.[0] === "y" ? "FAILED" : "SUCCESS";

/** The attempt of a Loop of which the second iteration had failed: as it is planned, and as it is when all goes well from there. */
async function numbered(anchor: string, rest = "") {
  return await db.inTransaction(async (client) => {
    const tasks = `tasks: [${log("a")}, ${log("b")}]${rest}`;
    const flow = await aBlockFlow(
      client,
      `tasks: [${block("l", "Loop", `values: [x, y], concurrencyLimit: 0, ${tasks}`)}, ${log("z")}]`,
    );
    const id = await anEndedExecution(client, flow, failsInY);
    const plan = await aPlan(client, id, { anchors: [anchor] });
    const planned = plan.tasks.find(({ task_id }) => task_id === "l");
    assert.equal(planned?.disposition, "REOPENED");
    const replay = await aReplay(client, id, { anchors: [anchor] });
    await (await aHandWorker(client)).drain({});
    const [line] = await linesOf(client, replay.id, true);
    return { planned: planned.attempt_number, ended: line };
  });
}

describe("the attempt that a plan says of a Loop that goes on", () => {
  it("is the next where an iteration that had failed runs again", async () => {
    for (const rest of ["", gives])
      assert.deepEqual(await numbered("failed", rest), { planned: 2, ended: "l SUCCESS 2" });
  });

  it("is the same where others run again, and give nothing", async () => {
    assert.deepEqual(await numbered('task:a["x"]'), { planned: 1, ended: "l FAILED 1" });
  });

  it("is not known where others run again, and what they give may be the same or not", async () => {
    assert.deepEqual(await numbered('task:a["x"]', gives), { planned: null, ended: "l FAILED 2" });
    assert.deepEqual(await numbered('task:b["x"]', gives), { planned: null, ended: "l FAILED 1" });
  });
});
