import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aWrittenFlow } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan, aReplay } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { aBlockFlow, block, failing, linesOf, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

const [a, b, c] = [log("a"), log("b"), log("c")];
const sequence = (...tasks: string[]) => block("s", "Sequential", `tasks: [${tasks.join(", ")}]`);

/** What a replay on a second revision plans, and how it ends where nothing fails any more. */
async function moved(tasks: string[], into: string[], anchor: string, fails: string[] = []) {
  return await db.inTransaction(async (client) => {
    const flow = await aBlockFlow(client, `tasks: [${tasks.join(", ")}]`);
    const id = await anEndedExecution(client, flow, failing(...fails));
    await aWrittenFlow(client, `id: ${flow.id}\nnamespace: ${flow.namespace}\ntasks: [${into.join(", ")}]`);
    const options = { anchors: [anchor], revision: "latest" };
    const plan = await aPlan(client, id, options);
    if (!plan.is_runnable) return { planned: plan.codes, ended: [] };
    const replay = await aReplay(client, id, options);
    await (await aHandWorker(client)).drain({});
    return {
      planned: plan.tasks.map(({ task_id, disposition, reason }) => `${task_id} ${disposition} ${reason}`),
      ended: await linesOf(client, replay.id, true),
    };
  });
}

describe("tasks that a revision has moved into a new block", () => {
  it("are carried in it", async () => {
    assert.deepEqual(await moved([a, b, c], [sequence(a, b), c], "task:c"), {
      planned: ["s REOPENED wraps", "a CARRIED unchanged", "b CARRIED unchanged", "c RERUN anchor"],
      ended: ["s SUCCESS 1", "a SUCCESS 1", "b SUCCESS 1", "c SUCCESS 2", "= SUCCESS"],
    });
  });

  it("run again from where the replay starts", async () => {
    assert.deepEqual(await moved([a, b, c], [sequence(a, b), c], "task:b"), {
      planned: ["s REOPENED wraps", "a CARRIED unchanged", "b RERUN anchor", "c RERUN after"],
      ended: ["s SUCCESS 1", "a SUCCESS 1", "b SUCCESS 2", "c SUCCESS 2", "= SUCCESS"],
    });
  });

  it("run again as a whole where it starts at the block", async () => {
    assert.deepEqual(await moved([a, b, c], [a, sequence(b, c)], "task:s"), {
      planned: ["a CARRIED unchanged", "s RERUN anchor", "b RERUN inside", "c RERUN inside"],
      ended: ["a SUCCESS 1", "s SUCCESS 1", "b SUCCESS 2", "c SUCCESS 2", "= SUCCESS"],
    });
  });

  it("run beside what is new in it, through blocks in blocks, and none of them is a change", async () => {
    const nested = block("p", "Parallel", `tasks: [${sequence(a, log("n"))}, ${b}]`);
    assert.deepEqual(await moved([a, b, c], [nested, c], "auto"), {
      planned: [
        "p REOPENED wraps",
        "s REOPENED wraps",
        "a CARRIED unchanged",
        "n RERUN anchor",
        "b CARRIED unchanged",
        "c RERUN after",
      ],
      ended: [
        "p SUCCESS 1",
        "s SUCCESS 1",
        "a SUCCESS 1",
        "b SUCCESS 1",
        "n SUCCESS 1",
        "c SUCCESS 2",
        "= SUCCESS",
      ],
    });
    assert.deepEqual(await moved([a, b, c], [sequence(a, b), c], "auto"), {
      planned: ["nothing_to_replay"],
      ended: [],
    });
  });

  it("may fail there, if the block allows it", async () => {
    const allowed = block("s", "AllowFailure", `tasks: [${b}]`);
    assert.deepEqual(await moved([a, b, c], [a, allowed, c], "task:c", ["b 1"]), {
      planned: ["a CARRIED unchanged", "s REOPENED wraps", "b CARRIED_FAILED failed", "c RERUN anchor"],
      ended: ["a SUCCESS 1", "s WARNING 1", "b FAILED 1", "c SUCCESS 1", "= WARNING"],
    });
    assert.deepEqual(await moved([a, b, c], [a, sequence(b), c], "failed", ["b 1"]), {
      planned: ["a CARRIED unchanged", "s REOPENED wraps", "b RERUN anchor", "c RERUN after"],
      ended: ["a SUCCESS 1", "s SUCCESS 1", "b SUCCESS 2", "c SUCCESS 1", "= SUCCESS"],
    });
  });

  it("run again where the block decides what runs in it", async () => {
    const loop = block("s", "LoopUntil", `condition: "{{ true }}", tasks: [${a}]`);
    assert.deepEqual(await moved([a, b, c], [loop, b, c], "task:b"), {
      planned: ["s NEW inserted", "a RERUN inside", "b RERUN anchor", "c RERUN after"],
      ended: ["s SUCCESS 2", "a SUCCESS 2", "b SUCCESS 2", "c SUCCESS 2", "= SUCCESS"],
    });
  });
});
