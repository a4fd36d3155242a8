import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import { aBlockFlow, linesOf } from "../sql/blocks/block-flows.ts";
import { aLoopBeside, doneIn } from "../sql/blocks/loop-flows.ts";
import { aFlow } from "../support/a-flow.ts";
import { aRace, outcomeOf } from "../support/a-race.ts";
import { anEndedExecution, anExecution, aReplay, executionOf, taskRunsOf } from "../support/an-execution.ts";
import { testDatabase } from "../support/database.ts";
import { aHandWorker, type HandWorker } from "../support/hand-worker.ts";

const db = await testDatabase();

describe("a replay of an execution whose loop begins its next iteration at the same moment", () => {
  it("is planned once more, and carries what there is then", async () => {
    const client = await db.connect();
    const flow = await aBlockFlow(client, aLoopBeside());
    const id = await anExecution(client, flow);
    const worker: HandWorker = await aHandWorker(client);
    let asked = 0;
    const held = await worker.drain(doneIn(2), {
      waits: (one) => one !== id,
      holds: ({ taskId }) => taskId === "l" && ++asked === 2,
    });
    const { second } = await aRace(
      db,
      async (one) => {
        // In the way of whoever replays, behind the plan and before anything is carried.
        await one.query("select from reprise.executions where id = $1 for update", [id]);
        const mine = await aHandWorker(one);
        await one.query("update reprise.attempts set worker_id = $1 where id = $2", [
          mine.id,
          held[0]?.begun.attempt_id,
        ]);
        await mine.finish(held.map((run) => mine.outcome(run, doneIn(2))));
      },
      (two) => aReplay(two, id, { anchors: ["task:x"] }),
    );
    const replay = outcomeOf(second);
    const own = (one: string) => one !== id && one !== replay.id;
    await worker.drain(doneIn(2), { waits: own });
    for (const one of [id, replay.id]) {
      assert.deepEqual((await linesOf(client, one)).sort(), [
        ...["= SUCCESS", "a SUCCESS", "l SUCCESS", "p SUCCESS", "x SUCCESS"],
      ]);
      assert.equal((await executionOf(client, one)).state, "SUCCESS");
    }
  });
});

describe("a replay of an execution of which somebody marks a task run at the same moment", () => {
  it("looks once more at what it had taken for settled", async () => {
    const client = await db.connect();
    const id = await anEndedExecution(client, await aFlow(client, ["a", "b", "c"]));
    const marked = (await taskRunsOf(client, id)).a?.id as string;
    const { second } = await aRace(
      db,
      async (one) => {
        await one.query("select from reprise.executions where id = $1 for update", [id]);
        await callOne(one, "reprise_api.change_task_run_state", { task_run_id: marked, state: "FAILED" });
      },
      (two) => aReplay(two, id, { anchors: ["task:b"] }),
    );
    assert.throws(() => outcomeOf(second), { code: "RP422", reason: "nothing_reached" });
  });
});
