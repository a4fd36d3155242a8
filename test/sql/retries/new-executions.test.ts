import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anEndedExecution, anExecution, executionOf, taskRunsOf } from "../../support/an-execution.ts";
import { testDatabase } from "../../support/database.ts";
import { aHandWorker } from "../../support/hand-worker.ts";
import { ownLabels } from "../../support/own-labels.ts";
import { aBlockFlow, block, directory, log } from "../blocks/block-flows.ts";
import { historyOf } from "../gates/gate-flows.ts";
import { aLine, aWaiting, fails, failsOnce, lineOf, newExecution } from "./retry-flows.ts";

const db = await testDatabase();
const handlers = `errors: [${log("e")}]\nfinally: [${log("f")}]\nafterExecution: [${log("z")}]`;

describe("a retry that creates a new execution", () => {
  it("ends what failed as RETRIED until its budget is used up, and then as any failure", () =>
    db.inTransaction(async (client) => {
      const source = `${newExecution()}\ntasks: [${log("a")}, ${log("b")}]\noutputs: [{ id: o, type: STRING, value: x }]\n${handlers}`;
      const { line } = await aLine(client, source, fails);
      assert.deepEqual(line, [
        "a RETRIED, z SUCCESS, = RETRIED",
        "a RETRIED, z SUCCESS, = RETRIED",
        "a FAILED, e SUCCESS, f SUCCESS, $outputs SUCCESS, z SUCCESS, = FAILED",
      ]);
    }));

  it("ends with the first execution that succeeds", () =>
    db.inTransaction(async (client) => {
      const { line } = await aLine(client, `${newExecution()}\ntasks: [${log("a")}, ${log("b")}]`, failsOnce);
      assert.deepEqual(line, ["a RETRIED, = RETRIED", "a SUCCESS, b SUCCESS, = SUCCESS"]);
    }));

  it("may be a task's own, and leaves the failures of others alone", () =>
    db.inTransaction(async (client) => {
      const own = `tasks: [{ ${log("a").slice(2, -2)}, ${newExecution("maxAttempts: 2")} }, ${log("b")}]\n${handlers}`;
      assert.deepEqual((await aLine(client, own, fails)).line, [
        "a RETRIED, z SUCCESS, = RETRIED",
        "a FAILED, e SUCCESS, f SUCCESS, z SUCCESS, = FAILED",
      ]);
      assert.deepEqual((await aLine(client, own, { b: "FAILED" })).line, [
        "a SUCCESS, b FAILED, e SUCCESS, f SUCCESS, z SUCCESS, = FAILED",
      ]);
    }));

  it("may be a block's, for the tasks in it that have none of their own", () =>
    db.inTransaction(async (client) => {
      const inside = block(
        "s",
        "Sequential",
        `${newExecution("maxAttempts: 2")}, tasks: [${log("x")}, ${log("a")}]`,
      );
      const source = `retry: { type: constant, interval: PT1S, maxAttempts: 2 }\ntasks: [${inside}, ${log("b")}]`;
      assert.deepEqual((await aLine(client, source, failsOnce)).line, [
        "s RETRIED, x SUCCESS, a RETRIED, = RETRIED",
        "s SUCCESS, x SUCCESS, a SUCCESS, b SUCCESS, = SUCCESS",
      ]);
      const flow = await aBlockFlow(client, source);
      const id = await anEndedExecution(client, flow, ({ taskId, number }) =>
        taskId === "b" && number === 1 ? "FAILED" : "SUCCESS",
      );
      assert.deepEqual((await taskRunsOf(client, id)).b?.attempts, ["1 FAILED", "2 SUCCESS"]);
    }));

  it("warns in the end where the failure is allowed", () =>
    db.inTransaction(async (client) => {
      const own = `tasks: [{ ${log("a").slice(2, -2)}, allowFailure: true, ${newExecution("maxAttempts: 2")} }]`;
      assert.deepEqual((await aLine(client, own, fails)).line, [
        "a RETRIED, = RETRIED",
        "a WARNING, = WARNING",
      ]);
    }));

  it("ends the blocks around what failed, and stops what runs beside it", () =>
    db.inTransaction(async (client) => {
      const inner = block("s", "Sequential", `tasks: [${log("a")}], errors: [${log("e")}]`);
      const beside = block("t", "Sequential", `tasks: [${log("x")}, ${log("y")}]`);
      const flow = await aBlockFlow(
        client,
        `${newExecution("maxAttempts: 2")}\ntasks: [${block("p", "Parallel", `tasks: [${inner}, ${beside}]`)}, ${log("b")}]`,
      );
      const id = await anExecution(client, flow);
      const worker = await aHandWorker(client);
      const [held] = await worker.drain(fails, {
        holds: ({ taskId, number }) => taskId === "x" && number === 1,
      });
      assert.deepEqual(await lineOf(client, id), [
        "p RETRIED, s RETRIED, t KILLED, a RETRIED, x KILLED, = RETRIED",
        "p FAILED, s FAILED, t SUCCESS, a FAILED, x SUCCESS, y SUCCESS, e SUCCESS, = FAILED",
      ]);
      await worker.finish([{ attemptId: held?.begun.attempt_id as string, state: "SUCCESS" }]);
      assert.equal((await taskRunsOf(client, id)).x?.state, "KILLED");
    }));

  it("opens nothing in an execution that ends by it, whatever was reported beside", () =>
    db.inTransaction(async (client) => {
      const loop = block("l", "ForEach", `values: [1, 2], tasks: [${log("x")}]`);
      const tasks = block("p", "Parallel", `tasks: [${log("a")}, ${loop}]`);
      const { line } = await aLine(client, `${newExecution("maxAttempts: 2")}\ntasks: [${tasks}]`, fails);
      assert.deepEqual(line, [
        "p RETRIED, a RETRIED, l KILLED, = RETRIED",
        "p FAILED, a FAILED, l SUCCESS, x[1] SUCCESS, x[2] SUCCESS, = FAILED",
      ]);
    }));

  it("ends a WorkingDirectory with the task that failed in it", () =>
    db.inTransaction(async (client) => {
      const tasks = directory("w", [log("x"), log("a"), log("y")]);
      const { line } = await aLine(client, `${newExecution("maxAttempts: 2")}\ntasks: [${tasks}]`, failsOnce);
      assert.deepEqual(line, [
        "w RETRIED, x SUCCESS, a RETRIED, = RETRIED",
        "w SUCCESS, x SUCCESS, a SUCCESS, y SUCCESS, = SUCCESS",
      ]);
    }));

  it("counts maxDuration from the first execution, up to the start of the next", () =>
    db.inTransaction(async (client) => {
      const source = `${newExecution("maxDuration: PT25S")}\ntasks: [${log("a")}]`;
      assert.deepEqual((await aLine(client, source, fails)).line, [
        "a RETRIED, = RETRIED",
        "a RETRIED, = RETRIED",
        "a FAILED, = FAILED",
      ]);
    }));

  it("has a new execution of the same revision and inputs that names what it replaces", () =>
    db.inTransaction(async (client) => {
      const source = `inputs: [{ id: i, type: STRING }]\nlabels: { team: a }\n${newExecution()}\ntasks: [${log("a")}]`;
      const flow = await aBlockFlow(client, source);
      const id = await anEndedExecution(client, flow, failsOnce, { inputs: { i: "x" }, actor: "ann" });
      await aBlockFlow(client, source);
      const { rows } = await client.query("select * from reprise.executions where original_id = $1", [id]);
      const [{ note, inputs, labels, attempt_number, flow_revision, created_by, root_id, ...rest }] = rows;
      assert.deepEqual(
        {
          note,
          inputs,
          labels: ownLabels(labels),
          attempt_number,
          flow_revision,
          created_by,
          root_id,
          try: rest.try,
        },
        {
          note: `Try 2, since ${id} failed.`,
          inputs: { i: "x" },
          labels: { team: "a", "system.replay": "true" },
          attempt_number: 2,
          flow_revision: 1,
          created_by: "ann",
          root_id: id,
          try: 2,
        },
      );
      assert.deepEqual(await historyOf(client, id), ["CREATED", "RUNNING", "RETRIED"]);
    }));

  it("frees the slot of its flow while it waits", () =>
    db.inTransaction(async (client) => {
      const id = await aWaiting(client, `concurrency: { limit: 1 }\n${newExecution()}\ntasks: [${log("a")}]`);
      const { state, holds_slot, retry_at } = await executionOf(client, id);
      assert.deepEqual([state, holds_slot, retry_at], ["RETRIED", false, new Date("2026-03-01T08:00:10Z")]);
    }));

  it("takes neither what runs after an execution for a failure of it", () =>
    db.inTransaction(async (client) => {
      const source = `${newExecution()}\ntasks: [${log("b")}]\nafterExecution: [${log("a")}]`;
      assert.deepEqual((await aLine(client, source, fails)).line, ["b SUCCESS, a FAILED, = SUCCESS"]);
    }));
});
