import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aFlow } from "../../support/a-flow.ts";
import {
  anEndedExecution,
  anExecution,
  executionOf,
  statesOf,
  taskRunsOf,
} from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";

const db = await testDatabase();
const inputs = [
  { id: "x", isTemplated: true, defaults: "{{ 1 }}" },
  { id: "y", required: false },
];
const outputs = [{ id: "z", reads: ["a"] }];
const failed = { state: "FAILED", error: { reason: "expression_failed", message: "No." } } as const;

describe("the system steps of an execution", () => {
  it("render defaults before the first task, for it to read", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, { tasks: [{ id: "a", inputs: ["x"] }], inputs });
      const seen: unknown[] = [];
      const id = await anEndedExecution(client, flow, ({ taskId, begun }) => {
        seen.push([taskId, begun.inputs]);
        return { outputs: { x: "1", y: null } };
      });
      assert.deepEqual(seen, [
        ["$defaults", { y: null }],
        ["a", { x: "1", y: null }],
      ]);
      assert.deepEqual((await executionOf(client, id)).inputs, { x: "1", y: null });
    }));

  it("are left out when every input has its value", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, { tasks: ["a"], inputs });
      const id = await anExecution(client, flow, { inputs: { x: "given" } });
      assert.deepEqual(Object.keys(await taskRunsOf(client, id)), ["a"]);
    }));

  it("fail the execution when defaults cannot be rendered, and nothing begins", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, { tasks: ["a"], inputs }), {
        $defaults: failed,
      });
      assert.deepEqual(await statesOf(client, id), { execution: "FAILED", $defaults: "FAILED" });
      assert.deepEqual((await executionOf(client, id)).error, failed.error);
    }));

  it("render outputs after the last task", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, { tasks: ["a", "b"], outputs }), {
        $outputs: { outputs: { z: 1 } },
      });
      const execution = await executionOf(client, id);
      assert.deepEqual([execution.state, execution.outputs], ["SUCCESS", { z: 1 }]);
      assert.deepEqual(Object.keys(await taskRunsOf(client, id)), ["a", "b", "$outputs"]);
    }));

  it("render outputs of an execution that failed as well, which stays FAILED", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, { tasks: ["a", "b"], outputs }), {
        a: "FAILED",
        $outputs: { outputs: { z: 1 } },
      });
      const execution = await executionOf(client, id);
      assert.deepEqual([execution.state, execution.outputs, execution.error], ["FAILED", { z: 1 }, null]);
    }));

  it("fail the execution when outputs cannot be rendered", () =>
    db.inTransaction(async (client) => {
      const id = await anEndedExecution(client, await aFlow(client, { tasks: ["a"], outputs }), {
        a: "WARNING",
        $outputs: failed,
      });
      const execution = await executionOf(client, id);
      assert.deepEqual([execution.state, execution.error], ["FAILED", failed.error]);
    }));

  it("render outputs where every task is disabled", () =>
    db.inTransaction(async (client) => {
      const flow = await aFlow(client, { tasks: [{ id: "a", isDisabled: true }], inputs, outputs });
      const id = await anEndedExecution(client, flow, {
        $defaults: { outputs: { x: "1", y: null } },
        $outputs: { outputs: { z: 1 } },
      });
      const execution = await executionOf(client, id);
      assert.deepEqual([execution.state, execution.outputs], ["SUCCESS", { z: 1 }]);
    }));
});
