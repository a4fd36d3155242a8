import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../src/db/call.ts";
import { aBlockFlow, linesOf, log } from "../sql/blocks/block-flows.ts";
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

describe("replays beside restarts of what they came from", () => {
  const handlers = `tasks: [${log("a")}, ${log("b")}]\nfinally: [${log("f1")}, ${log("f2")}]`;
  const restart = async (client: ClientBase, execution_id: string) =>
    await callOne(client, "reprise_api.restart_execution", { execution_id });

  it("remember nothing that a restart of one between has deleted", async () => {
    const client = await db.connect();
    const flow = await aBlockFlow(client, handlers);
    const id = await anEndedExecution(client, flow, { a: "FAILED" });
    const { id: between } = await aReplay(client, id, { anchors: ["task:a"] });
    const worker = await aHandWorker(client);
    await worker.drain({ a: "FAILED" });
    const { id: original } = await aReplay(client, between, { anchors: ["task:a"] });
    const { first: replay, second } = await aRace(
      db,
      (one) => aReplay(one, original, { anchors: ["task:a"] }),
      (two) => restart(two, between),
    );
    outcomeOf(second);
    await worker.drain({});
    assert.equal((await executionOf(client, replay.id)).state, "SUCCESS");
    await aReplay(client, replay.id, { anchors: ["task:a"] });
  });

  it("lose no attempt to an heir that is deleted itself", async () => {
    const client = await db.connect();
    const id = await anEndedExecution(client, await aBlockFlow(client, handlers), { a: "FAILED" });
    const { id: replay } = await aReplay(client, id, { anchors: ["task:f2"] });
    await (await aHandWorker(client)).drain({});
    const { second } = await aRace(
      db,
      (one) => restart(one, replay),
      (two) => restart(two, id),
    );
    outcomeOf(second);
    const { rows } = await client.query(
      "select from reprise.attempts as a where not exists (select from reprise.task_runs as r where r.id = a.task_run_id)",
    );
    assert.deepEqual(rows, []);
  });
});
