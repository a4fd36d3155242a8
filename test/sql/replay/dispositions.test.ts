import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { aFlow, aRevision, type FlowSpec, type TaskSpec } from "../../support/a-flow.ts";
import { anEndedExecution, aPlan, aReplay, statesOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";

const db = await testDatabase();
type Spec = FlowSpec | (string | TaskSpec)[];

/** An original on the first spec, and its plan on the second. */
async function plan(
  client: ClientBase,
  first: Spec,
  second: Spec | undefined,
  anchor: string,
  script: Script = {},
  rest: { inputs?: unknown; given?: unknown; overrides?: unknown } = {},
) {
  const flow = await aFlow(client, first);
  const id = await anEndedExecution(client, flow, script, { inputs: rest.given ?? {} });
  if (second !== undefined) await aRevision(client, flow, second);
  const args = {
    anchors: [anchor],
    revision: "latest",
    inputs: rest.inputs ?? null,
    overrides: rest.overrides ?? null,
  };
  return { id, args, plan: await aPlan(client, id, args) };
}

describe("the plan of a replay", () => {
  it("shows for a carried task run from which attempt it comes and how long that had taken", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, [{ id: "a", retry: { maxAttempts: 2 } }, "b"]);
      const id = await anEndedExecution(client, flow, { a: ["FAILED", "SUCCESS"] });
      await client.query(
        `update reprise.attempts set ended_at = started_at + interval '1500 ms'
        where number = 2 and task_run_id in (select id from reprise.task_runs where execution_id = $1)`,
        [id],
      );
      const { tasks, saved_ms } = await aPlan(client, id, { anchors: ["task:b"] });
      const { a } = await taskRunsOf(client, id);
      assert.partialDeepStrictEqual(tasks[0], {
        disposition: "CARRIED",
        state: "SUCCESS",
        task_run_id: a?.id,
        attempt_number: 2,
        execution_id: id,
        duration_ms: "1500",
        explanation: "It is carried as it ended.",
      });
      assert.equal(saved_ms, "1500");
      assert.partialDeepStrictEqual(tasks[1], {
        disposition: "RERUN",
        attempt_number: 2,
        explanation: "It runs again: the replay starts here.",
      });
    }));

  it("shows what changed of a task that is carried all the same", () =>
    db.inTransaction(async (client) => {
      const first = { id: "a", does: "one", reads: [], variables: ["v"] };
      const second = { ...first, does: "two", allowWarning: true };
      const { plan: shown } = await plan(
        client,
        { tasks: [first, "b"], variables: { v: 1, w: 1 } },
        { tasks: [second, "b"], variables: { v: 2, w: 2 } },
        "task:b",
      );
      assert.equal(shown.brief.a, "CARRIED_CHANGED changed");
      assert.deepEqual(shown.tasks[0]?.changed_keys, ["allowWarning", "does", "variables.v"]);
      assert.match(shown.tasks[0]?.explanation ?? "", /start here instead/);
    }));

  it("does not count a changed description as a change", () =>
    db.inTransaction(async (client) => {
      const described = { id: "a", description: "New words." } as TaskSpec;
      const { plan: shown } = await plan(client, ["a", "b"], [described, "b"], "task:b");
      assert.equal(shown.brief.a, "CARRIED unchanged");
    }));

  it("carries what was skipped, warned, or was allowed to fail", () =>
    db.inTransaction(async (client) => {
      const tasks = ["a", "b", { id: "c", allowFailure: true }, "d"];
      const script = { a: "SKIPPED", b: "WARNING", c: "FAILED" } as const;
      const { id, args, plan: shown } = await plan(client, tasks, undefined, "task:d", script);
      assert.deepEqual(
        shown.tasks.map(({ disposition, state }) => `${disposition} ${state}`),
        ["CARRIED SKIPPED", "CARRIED WARNING", "CARRIED WARNING", "RERUN SUCCESS"],
      );
      const replay = await aReplay(client, id, args);
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await statesOf(client, replay.id), {
        execution: "WARNING",
        a: "SKIPPED",
        b: "WARNING",
        c: "WARNING",
        d: "SUCCESS",
      });
    }));

  it("shows that what decided over a skipped task has changed", () =>
    db.inTransaction(async (client) => {
      const tasks = [{ id: "a", runIf: "{{ inputs.x }}", inputs: ["x"] }, "b"];
      const spec = { tasks, inputs: [{ id: "x" }] };
      const { plan: shown } = await plan(
        client,
        spec,
        undefined,
        "task:b",
        { a: "SKIPPED" },
        {
          given: { x: "false" },
          inputs: { x: "true" },
        },
      );
      assert.equal(shown.brief.a, "CARRIED_CHANGED changed");
      assert.deepEqual(shown.tasks[0]?.changed_keys, ["inputs.x"]);
    }));

  it("still shows it in a replay of the replay that carried the skip", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, [{ id: "a", runIf: "false" }, "b"]);
      const first = await anEndedExecution(client, flow, { a: "SKIPPED" });
      await aRevision(client, flow, [{ id: "a", runIf: "true" }, "b"]);
      const second = await aReplay(client, first, { anchors: ["task:b"], revision: "latest" });
      await (await aHandWorker(client)).drain();
      assert.equal(
        (await aPlan(client, second.id, { anchors: ["task:b"] })).brief.a,
        "CARRIED_CHANGED changed",
      );
    }));

  it("runs new tasks before the anchor first, and they hold back the anchor but nothing that is carried", () =>
    db.inTransaction(async (client) => {
      const { id, args, plan: shown } = await plan(client, ["a", "b", "c"], ["a", "x", "b", "c"], "task:c");
      assert.deepEqual(shown.brief, {
        a: "CARRIED unchanged",
        x: "NEW inserted",
        b: "CARRIED unchanged",
        c: "RERUN anchor",
      });
      const replay = await aReplay(client, id, args);
      assert.deepEqual(Object.keys(await taskRunsOf(client, replay.id)), ["a", "b", "x"]);
      const order: string[] = [];
      await (await aHandWorker(client)).drain(({ taskId, number }) => {
        order.push(`${taskId} ${number}`);
        return "SUCCESS";
      });
      assert.deepEqual(order, ["x 1", "c 2"]);
    }));

  it("says of no task that it runs again when it never ran", () =>
    db.inTransaction(async (client) => {
      const first = await plan(client, ["a", "b"], ["a", "x", "b"], "failed", { a: "FAILED" });
      assert.match(first.plan.tasks[0]?.explanation ?? "", /again/);
      for (const task of first.plan.tasks.slice(1)) assert.doesNotMatch(task.explanation ?? "", /again/);
      const second = await plan(client, ["a"], ["a", "x"], "task:x");
      assert.equal(second.plan.brief.x, "RERUN anchor");
      assert.doesNotMatch(second.plan.tasks[1]?.explanation ?? "", /again/);
    }));

  it("runs new tasks behind the anchor in their turn", () =>
    db.inTransaction(async (client) => {
      const { plan: shown } = await plan(client, ["a", "b"], ["a", "b", "x"], "task:b");
      assert.equal(shown.brief.x, "RERUN after b");
    }));

  it("drops what the target revision removes, disables or renames", () =>
    db.inTransaction(async (client) => {
      const second = ["a", { id: "c", isDisabled: true }, "renamed", "e"];
      const { id, args, plan: shown } = await plan(client, ["a", "b", "c", "d", "e"], second, "task:e");
      assert.deepEqual(shown.brief, {
        a: "CARRIED unchanged",
        renamed: "NEW inserted",
        e: "RERUN anchor",
        b: "REMOVED removed",
        c: "REMOVED disabled",
        d: "REMOVED removed",
      });
      const disabled = shown.tasks.find(({ task_id }) => task_id === "c");
      assert.equal(disabled?.explanation, "The target revision disables it: it is dropped.");
      const replay = await aReplay(client, id, args);
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await statesOf(client, replay.id), {
        execution: "SUCCESS",
        a: "SUCCESS",
        renamed: "SUCCESS",
        e: "SUCCESS",
      });
    }));

  it("follows the order of the target revision", () =>
    db.inTransaction(async (client) => {
      const { id, args, plan: shown } = await plan(client, ["a", "b", "c"], ["c", "a", "b"], "task:a");
      assert.deepEqual(shown.brief, {
        c: "CARRIED unchanged",
        a: "RERUN anchor",
        b: "RERUN after a",
      });
      const replay = await aReplay(client, id, args);
      const order: string[] = [];
      await (await aHandWorker(client)).drain(({ taskId }) => {
        order.push(taskId);
        return "SUCCESS";
      });
      assert.deepEqual(order, ["a", "b"]);
      assert.equal((await statesOf(client, replay.id)).execution, "SUCCESS");
    }));

  it("runs what an enabling brings, and what the original never reached", () =>
    db.inTransaction(async (client) => {
      const first = ["a", { id: "off", isDisabled: true }, "b", "c"];
      const flow = await aFlow(client, first);
      const id = await anEndedExecution(client, flow, {}, { rounds: 1 });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      await aRevision(client, flow, ["a", "off", "b", "d", "c"]);
      const shown = await aPlan(client, id, { anchors: ["task:c"], revision: "latest" });
      assert.deepEqual(shown.brief, {
        a: "CARRIED unchanged",
        off: "NEW inserted",
        b: "RERUN not_ended",
        d: "NEW inserted",
        c: "RERUN anchor",
      });
    }));

  it("carries a failure before the anchor, behind which nothing can run", () =>
    db.inTransaction(async (client) => {
      const {
        id,
        args,
        plan: shown,
      } = await plan(client, ["a", "b", "c"], ["x", "a", "b", "y", "c"], "task:c", { b: "FAILED" });
      assert.deepEqual(shown.brief, {
        x: "NEW inserted",
        a: "CARRIED unchanged",
        b: "CARRIED_FAILED failed",
        y: "NOT_REACHED held_back b",
        c: "NOT_REACHED held_back b",
      });
      assert.deepEqual([shown.codes, shown.is_runnable], [["failure_carried", "anchor_not_reached"], true]);
      const replay = await aReplay(client, id, args);
      await (await aHandWorker(client)).drain();
      assert.deepEqual(await statesOf(client, replay.id), {
        execution: "FAILED",
        x: "SUCCESS",
        a: "SUCCESS",
        b: "FAILED",
      });
      await callOne(client, "reprise_api.restart_execution", { execution_id: replay.id });
      await (await aHandWorker(client)).drain();
      const runs = await taskRunsOf(client, replay.id);
      assert.deepEqual(runs.b?.attempts, ["2 SUCCESS"]);
      assert.deepEqual(runs.c?.attempts, ["1 SUCCESS"]);
      assert.equal((await statesOf(client, replay.id)).execution, "SUCCESS");
    }));

  it("carries nothing that had not ended: killed runs again", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a", "b", "c"]);
      const id = await anEndedExecution(client, flow, { b: "KILLED" });
      const shown = await aPlan(client, id, { anchors: ["task:c"] });
      assert.equal(shown.brief.b, "RERUN not_ended");
    }));
});
