import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClientBase } from "pg";
import { callOne } from "../../../src/db/call.ts";
import { aFlow, aRevision, type FlowSpec, type TaskSpec } from "../../support/a-flow.ts";
import {
  anEndedExecution,
  anExecution,
  aPlan,
  aReplay,
  statesOf,
  taskRunsOf,
} from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker, type Script } from "../../support/hand-worker.ts";

const db = await testDatabase();

async function original(client: ClientBase, tasks: (string | TaskSpec)[], script: Script = {}) {
  return await anEndedExecution(client, await aFlow(client, tasks), script);
}

describe("an anchor of a replay", () => {
  it("is a task run, by its id", () =>
    db.inTransaction(async (client) => {
      const id = await original(client, ["a", "b", "c"]);
      const b = (await taskRunsOf(client, id)).b?.id as string;
      const plan = await aPlan(client, id, { anchors: [b] });
      assert.deepEqual(plan.brief, { a: "CARRIED unchanged", b: "RERUN anchor", c: "RERUN after b" });
      assert.deepEqual(plan.anchors, [{ anchor: b, taskId: "b", path: null, taskRunId: b }]);
    }));

  it("is a task, by its id", () =>
    db.inTransaction(async (client) => {
      const id = await original(client, ["a", "b.x-y_z", "c"]);
      const plan = await aPlan(client, id, { anchors: ["task:b.x-y_z"] });
      assert.equal(plan.brief["b.x-y_z"], "RERUN anchor");
    }));

  it("is `start`, from which everything runs again", () =>
    db.inTransaction(async (client) => {
      const id = await original(client, [{ id: "off", isDisabled: true }, "a", "b"]);
      const plan = await aPlan(client, id);
      assert.deepEqual(plan.brief, { a: "RERUN anchor", b: "RERUN after a" });
      assert.deepEqual([plan.carried_count, plan.rerun_count, plan.saved_ms], [0, 2, "0"]);
    }));

  it("is remembered as `start`, also where the target revision has no task to start with", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, ["a"]);
      const id = await anEndedExecution(client, flow);
      await aRevision(client, flow, [{ id: "a", isDisabled: true }]);
      const replay = await aReplay(client, id, { revision: "latest" });
      assert.deepEqual(replay.anchors, [{ anchor: "start", taskId: null, path: null, taskRunId: null }]);
    }));

  it("is `failed`: whatever failed or was killed", () =>
    db.inTransaction(async (client) => {
      const id = await original(client, ["a", "b", "c"], { b: "FAILED" });
      assert.deepEqual((await aPlan(client, id, { anchors: ["failed"] })).brief, {
        a: "CARRIED unchanged",
        b: "RERUN anchor",
        c: "RERUN after b",
      });
      const killed = await anExecution(client, await aFlow(client, ["a", "b"]));
      await callOne(client, "reprise_api.kill_execution", { execution_id: killed });
      assert.deepEqual((await aPlan(client, killed, { anchors: ["failed"] })).brief, {
        a: "RERUN anchor",
        b: "RERUN after a",
      });
    }));

  it("may be one that the original never reached", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, ["a", "b", "c"]), {}, { rounds: 1 });
      await callOne(client, "reprise_api.kill_execution", { execution_id: id });
      const plan = await aPlan(client, id, { anchors: ["task:c"] });
      assert.deepEqual(plan.brief, {
        a: "CARRIED unchanged",
        b: "RERUN not_ended",
        c: "RERUN anchor",
      });
    }));

  it("may be several: what stands behind the first of them runs again", () =>
    db.inTransaction(async (client) => {
      const id = await original(client, ["a", "b", "c", "d"]);
      const plan = await aPlan(client, id, { anchors: ["task:d", "task:b"] });
      assert.deepEqual(plan.brief, {
        a: "CARRIED unchanged",
        b: "RERUN anchor",
        c: "RERUN after b",
        d: "RERUN anchor b",
      });
    }));

  for (const word of ["start", "failed", "auto"]) {
    it(`is never mistaken for a task called ${word}`, () =>
      db.inTransaction(async (client) => {
        const id = await original(client, ["a", word, "b"], { b: "FAILED" });
        assert.equal((await aPlan(client, id, { anchors: [`task:${word}`] })).brief[word], "RERUN anchor");
        const expected = word === "start" ? "a" : "b";
        assert.equal((await aPlan(client, id, { anchors: [word] })).brief[expected], "RERUN anchor");
      }));
  }

  it("is never mistaken for a task whose id is a number", () =>
    db.inTransaction(async (client) => {
      const id = await original(client, ["a", "7"]);
      assert.equal((await aPlan(client, id, { anchors: ["task:7"] })).brief["7"], "RERUN anchor");
    }));

  for (const anchor of ["", "b", "task:", "task:$outputs", "task:b[", 'task:b["x"', "TASK:b", "-1", "1.5"]) {
    it(`is not \`${anchor}\``, () =>
      db.inTransaction(async (client) => {
        const id = await original(client, ["a", "b"]);
        await assert.rejects(aPlan(client, id, { anchors: [anchor] }), {
          code: "RP400",
          reason: "malformed_anchor",
        });
      }));
  }

  it("must be there", () =>
    db.inTransaction(async (client) => {
      const id = await original(client, ["a"]);
      await client.query("savepoint given");
      for (const anchors of [[], [null], null]) {
        await assert.rejects(aPlan(client, id, { anchors }), { code: "RP400" });
        await client.query("rollback to given");
      }
    }));

  describe("auto", () => {
    const auto = async (
      client: ClientBase,
      first: FlowSpec | (string | TaskSpec)[],
      second: FlowSpec | (string | TaskSpec)[],
      script: Script = {},
      rest: { inputs?: unknown; given?: unknown } = {},
    ) => {
      const flow = await aFlow(client, first);
      const id = await anEndedExecution(client, flow, script, { inputs: rest.given ?? {} });
      await aRevision(client, flow, second);
      return await aPlan(client, id, { anchors: ["auto"], revision: "latest", inputs: rest.inputs ?? null });
    };
    const chosen = (plan: { anchors: unknown }) =>
      (plan.anchors as { taskId: string }[]).map(({ taskId }) => taskId);

    it("chooses what failed", () =>
      db.inTransaction(async (client) => {
        assert.deepEqual(chosen(await auto(client, ["a", "b", "c"], ["a", "b", "c"], { b: "FAILED" })), [
          "b",
        ]);
      }));

    it("chooses what the target revision changes, when that stands before", () =>
      db.inTransaction(async (client) => {
        const changed = ["a", { id: "b", does: "more" }, "c", "d"];
        assert.deepEqual(chosen(await auto(client, ["a", "b", "c", "d"], changed, { d: "FAILED" })), ["b"]);
      }));

    it("chooses what the target revision inserts or enables", () =>
      db.inTransaction(async (client) => {
        assert.deepEqual(chosen(await auto(client, ["a", "c"], ["a", "b", "c"])), ["b"]);
        const off = ["a", { id: "b", isDisabled: true }, "c"];
        assert.deepEqual(chosen(await auto(client, off, ["a", "b", "c"])), ["b"]);
      }));

    it("chooses what reads a variable that the target revision changes", () =>
      db.inTransaction(async (client) => {
        const tasks = ["a", { id: "b", variables: ["v"] }, "c"];
        const plan = await auto(client, { tasks, variables: { v: 1 } }, { tasks, variables: { v: 2 } });
        assert.deepEqual(chosen(plan), ["b"]);
        assert.deepEqual(plan.tasks[1]?.changed_keys, ["variables.v"]);
      }));

    it("chooses what reads an input that the caller changes", () =>
      db.inTransaction(async (client) => {
        const spec = { tasks: ["a", { id: "b", inputs: ["x"] }, "c"], inputs: [{ id: "x" }] };
        const plan = await auto(client, spec, spec, {}, { given: { x: "1" }, inputs: { x: "2" } });
        assert.deepEqual(chosen(plan), ["b"]);
        assert.deepEqual(plan.tasks[1]?.changed_keys, ["inputs.x"]);
      }));

    it("chooses what reads an input whose default the target revision changes", () =>
      db.inTransaction(async (client) => {
        const tasks = ["a", { id: "b", inputs: ["x"] }, "c"];
        const plan = await auto(
          client,
          { tasks, inputs: [{ id: "x", defaults: "1" }] },
          { tasks, inputs: [{ id: "x", defaults: "2" }] },
        );
        assert.deepEqual(chosen(plan), ["b"]);
      }));

    it("compares with what the attempt ran with, not with the execution that carried it", () =>
      db.inTransaction(async (client) => {
        const flow = await aFlow(client, ["a", "b"]);
        const first = await anEndedExecution(client, flow, { b: "FAILED" });
        await aRevision(client, flow, [{ id: "a", does: "more" }, "b"]);
        const second = await callOne(client, "reprise_api.replay_execution", {
          execution_id: first,
          anchors: ["task:b"],
          revision: "latest",
        });
        await (await aHandWorker(client)).drain();
        assert.deepEqual(chosen(await aPlan(client, second.id, { anchors: ["auto"] })), ["a"]);
      }));

    it("finds nothing when nothing failed and nothing changed", () =>
      db.inTransaction(async (client) => {
        const plan = await auto(client, ["a", "b"], ["b", { id: "a" }]);
        assert.deepEqual([plan.codes, plan.is_runnable], [["nothing_to_replay"], false]);
      }));
  });

  describe("failed and auto, where a kill came between two tasks", () => {
    const killed = async (client: ClientBase, tasks: string[], done: number) => {
      const flow = await aFlow(client, tasks);
      const id = await anExecution(client, flow);
      const worker = await aHandWorker(client);
      for (let count = 0; count < done; count += 1) {
        const [begun] = await worker.begin(
          (await taskRunsOf(client, id))[tasks[count] as string]?.id as string,
        );
        if (count === done - 1) await callOne(client, "reprise_api.kill_execution", { execution_id: id });
        await worker.finish([{ attemptId: begun?.attempt_id as string }]);
      }
      assert.equal((await statesOf(client, id)).execution, "KILLED");
      return { flow, id };
    };

    it("go on with what was not reached", () =>
      db.inTransaction(async (client) => {
        const { id } = await killed(client, ["a", "b", "c"], 2);
        for (const anchor of ["failed", "auto"]) {
          const plan = await aPlan(client, id, { anchors: [anchor] });
          assert.deepEqual(plan.brief, { a: "CARRIED unchanged", b: "CARRIED unchanged", c: "RERUN anchor" });
          assert.equal(plan.is_runnable, true);
        }
        const replay = await aReplay(client, id, { anchors: ["failed"] });
        await (await aHandWorker(client)).drain();
        assert.equal((await statesOf(client, replay.id)).execution, "SUCCESS");
      }));

    it("run first what the target revision inserts before it", () =>
      db.inTransaction(async (client) => {
        const { flow, id } = await killed(client, ["a", "c"], 1);
        await aRevision(client, flow, ["a", "b", "c"]);
        const plan = await aPlan(client, id, { anchors: ["failed"], revision: "latest" });
        assert.deepEqual(plan.brief, { a: "CARRIED unchanged", b: "NEW inserted", c: "RERUN anchor" });
      }));

    it("only end again what had come to its end", () =>
      db.inTransaction(async (client) => {
        const { id } = await killed(client, ["a"], 1);
        const plan = await aPlan(client, id, { anchors: ["failed"] });
        assert.deepEqual([plan.brief, plan.is_runnable], [{ a: "CARRIED unchanged" }, true]);
        const replay = await aReplay(client, id, { anchors: ["failed"] });
        assert.deepEqual(await statesOf(client, replay.id), { execution: "SUCCESS", a: "SUCCESS" });
      }));
  });

  describe("failed and auto, where a system step failed", () => {
    it("run only the outputs again", () =>
      db.inTransaction(async (client) => {
        const flow = await aFlow(client, { tasks: ["a", "b"], outputs: [{ id: "x" }] });
        const id = await anEndedExecution(client, flow, { $outputs: "FAILED" });
        for (const anchor of ["failed", "auto"]) {
          const plan = await aPlan(client, id, { anchors: [anchor] });
          assert.deepEqual(plan.brief, { a: "CARRIED unchanged", b: "CARRIED unchanged" });
          assert.deepEqual([plan.is_runnable, plan.rerun_count], [true, 0]);
        }
      }));

    it("run everything after the defaults", () =>
      db.inTransaction(async (client) => {
        const inputs = [{ id: "x", isTemplated: true, defaults: "{{ 1 }}" }];
        const flow = await aFlow(client, { tasks: ["a", "b"], inputs });
        const id = await anEndedExecution(client, flow, { $defaults: "FAILED" });
        const plan = await aPlan(client, id, { anchors: ["failed"] });
        assert.deepEqual([plan.is_runnable, plan.rerun_count], [true, 2]);
      }));
  });
});
