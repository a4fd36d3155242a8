import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { aReplayBothWays } from "../../oracle/both-ways.ts";
import { aFlow } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan, aReplay, executionOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aBlockFlow, block, log } from "../blocks/block-flows.ts";

const db = await testDatabase();

/** How many task runs a replay from there would copy without a plan; null where it plans everything. */
async function settledIn(client: ClientBase, id: string, anchors: string[]): Promise<number | null> {
  const { rows } = await client.query<{ task_run_count: number | null }>(
    `select s.task_run_count
    from reprise_engine.find_execution($1) as e
    cross join lateral reprise_engine.find_settled(e, e.flow_revision, $2, '{}') as s`,
    [id, anchors],
  );
  return rows[0]?.task_run_count ?? null;
}

/** Sees that so many are copied from each anchor, and that what is made is what the plan says. */
async function assertSettled(
  client: ClientBase,
  id: string,
  counts: Record<string, number | null>,
): Promise<void> {
  for (const [anchor, count] of Object.entries(counts)) {
    assert.equal(await settledIn(client, id, [anchor]), count, `from ${anchor}`);
    const { plan_hash } = await aPlan(client, id, { anchors: [anchor] });
    await aReplayBothWays(client, id, [anchor], plan_hash as string);
  }
}

describe("what is settled in a replay", () => {
  it("is what stands before the anchor, and before what has not ended well", () =>
    db.inTransaction(async (client) => {
      const tasks = ["a", { id: "b", runIf: "{{ false }}" }, "c", { id: "d", allowFailure: true }, "e", "f"];
      const id = await anEndedExecution(client, await aFlow(client, tasks), {
        b: "SKIPPED",
        d: "FAILED",
        e: "FAILED",
      });
      await assertSettled(client, id, { "task:a": null, "task:c": 2, "task:e": 4, failed: 4 });
      assert.equal(await settledIn(client, id, ["task:f"]), 4);
      assert.equal(await settledIn(client, id, ["task:e", "task:c"]), 2);
      assert.equal(await settledIn(client, id, ["start"]), null);
      assert.equal(await settledIn(client, id, ["task:e", "task:nowhere"]), null);
    }));

  it("holds blocks with all that is in them, and the tasks of the flow before an anchor deep in one", () =>
    db.inTransaction(async (client) => {
      const inner = block("i", "ForEach", `values: [x, y], tasks: [${log("k")}, ${log("l")}]`);
      const flow = await aBlockFlow(
        client,
        `tasks: [${log("a")}, ${inner}, ${block("s", "Sequential", `tasks: [${log("m")}, ${log("n")}]`)}, ${log("z")}]`,
      );
      const id = await anEndedExecution(client, flow, { z: "FAILED" });
      await assertSettled(client, id, { "task:n": 6, 'task:l["y"]': 1, "task:z": 9, failed: 9 });
    }));

  it("ends before a handler that has not ended well", () =>
    db.inTransaction(async (client) => {
      const after = `[${block("s", "Sequential", `tasks: [${log("x")}]`)}, ${log("y")}]`;
      const flow = await aBlockFlow(
        client,
        `tasks: [${log("a")}]\nfinally: [${log("u")}, ${log("v")}, ${log("w")}]\nafterExecution: ${after}`,
      );
      const id = await anEndedExecution(client, flow, { v: "FAILED", x: "FAILED" });
      await assertSettled(client, id, { "task:v": 2, "task:y": 2 });
      const well = await anEndedExecution(client, flow, { x: "FAILED" });
      await assertSettled(client, well, { "task:v": 2, "task:w": 3, "task:x": 4, "task:y": 4 });
    }));

  it("is nothing behind a Pause that runs something as it begins", () =>
    db.inTransaction(async (client) => {
      const pause = block("p", "Pause", `pauseDuration: PT5S, onPause: ${log("op")}`);
      const flow = await aBlockFlow(client, `tasks: [${pause}, ${log("b")}, ${log("z")}]`);
      for (const script of [{}, { op: "FAILED" }] as const) {
        const id = await anEndedExecution(client, flow, script);
        await assertSettled(client, id, { "task:b": null, "task:z": null });
      }
      const failed = await anEndedExecution(client, flow, { b: "FAILED" });
      assert.equal(await settledIn(client, failed, ["task:z"]), null);
      await assertSettled(client, failed, { failed: null });
    }));

  it("counts what it saves as a plan does", () =>
    db.inTransaction(async (client) => {
      const flow = await aBlockFlow(
        client,
        `tasks: [${block("s", "Sequential", `tasks: [${log("m")}]`)}, ${log("z")}]`,
      );
      const id = await anEndedExecution(client, flow);
      await client.query(
        "update reprise.attempts as a set ended_at = started_at + interval '1.5s' from reprise.task_runs as r where r.id = a.task_run_id and r.execution_id = $1",
        [id],
      );
      const replay = await aReplay(client, id, { anchors: ["task:z"] });
      assert.equal(replay.saved_ms, "1500");
      assert.equal((await aPlan(client, id, { anchors: ["task:z"] })).saved_ms, "1500");
    }));

  it("is planned where a replay has brought with it what stands behind", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a", "b", "c"]);
      const replay = await aReplay(client, await anEndedExecution(client, flow), { anchors: ["task:c"] });
      assert.equal((await executionOf(client, replay.id)).state, "RESTARTED");
      assert.equal(await settledIn(client, replay.id, ["task:b"]), null);
      assert.equal(await settledIn(client, replay.id, ["task:c"]), 2);
      assert.equal((await taskRunsOf(client, replay.id)).b?.is_carried, true);
    }));
});
