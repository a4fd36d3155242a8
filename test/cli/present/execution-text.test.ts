import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorsOf, executionText, nextStep } from "../../../src/cli/present/execution-text.ts";
import type { ExecutionDocument, TaskRunDocument } from "../../../src/cli/read/read-execution.ts";

describe("the errors of an execution", () => {
  it("say what the author of a Fail says, beside that its condition held", () => {
    const error = {
      reason: "failed_on_purpose",
      message: "Fail on a condition",
      details: { errorMessage: "Bad." },
    };
    const run = { taskId: "a", iterationPath: null, error } as TaskRunDocument;
    assert.deepEqual(errorsOf({ error: null } as ExecutionDocument, [run]), [
      "",
      "✗ a: Fail on a condition: Bad.",
    ]);
  });

  it("say in which iteration each came", () => {
    const run = (taskId: string, iterationPath: string[] | null) =>
      ({ taskId, iterationPath, error: { reason: "failed", message: "No." } }) as TaskRunDocument;
    const execution = { error: null } as ExecutionDocument;
    assert.deepEqual(errorsOf(execution, [run("a", null), run("b", ["x", "2"])]), [
      ...["", "✗ a: No.", "✗ b[x, 2]: No."],
    ]);
  });
});

describe("what somebody has marked", () => {
  const error = { reason: "failed", message: "No." };
  const run = (state: string, markedBy: string | null = null) =>
    ({
      taskId: "a",
      iterationPath: null,
      state,
      error,
      attemptNumber: 1,
      durationMs: 1,
      id: "7",
      markedBy,
    }) as TaskRunDocument;
  const execution = {
    ...{
      id: "1",
      namespace: "n",
      flowId: "f",
      flowRevision: 1,
      state: "SUCCESS",
      attemptNumber: 1,
      createdAt: new Date(),
    },
    ...{
      createdBy: "me",
      inputs: {},
      labels: {},
      outputs: null,
      error: null,
      originalId: null,
      note: null,
      parentId: null,
    },
    ...{ scheduleDate: null, retryAt: null, retriedAsId: null, durationMs: 1 },
  } as ExecutionDocument;

  it("has no error once it is marked as SUCCESS, and says that it is", () => {
    assert.deepEqual(errorsOf(execution, [run("SUCCESS")]), []);
    assert.match(executionText(execution, [run("SUCCESS")], [], []), /^a +SUCCESS marked +1 /m);
  });

  it("names who has marked it", () =>
    assert.match(executionText(execution, [run("FAILED", "me")], [], []), /^a +FAILED marked by me +1 /m));

  it("has its error still where it is marked as WARNING", () =>
    assert.deepEqual(errorsOf(execution, [run("WARNING")]), ["", "✗ a: No."]));
});

describe("the errors of an execution and of its tasks", () => {
  it("are told once where they are the same", () => {
    const error = { reason: "sla_violated", message: "Too late." };
    const runs = ["a", "b"].map((taskId) => ({ taskId, iterationPath: null, state: "FAILED", error }));
    assert.deepEqual(errorsOf({ error } as ExecutionDocument, runs as TaskRunDocument[]), [
      ...["", "✗ a: Too late.", "✗ b: Too late."],
    ]);
  });
});

describe("the next step", () => {
  const execution = (rest: object) =>
    ({ id: "1", state: "FAILED", inputs: {}, error: null, ...rest }) as ExecutionDocument;
  for (const reason of ["execution_blocked", "check_failed", "invalid_inputs"])
    it(`is to give other inputs, where it was ${reason}`, () => {
      const error = { reason, message: "No." };
      assert.match(nextStep(execution({ error, inputs: { amount: 1 } })), /replay 1 --input amount=VALUE$/);
      assert.match(nextStep(execution({ error, inputs: { a: 1, b: 2 } })), /replay 1 --input NAME=VALUE$/);
    });

  it("is to mend the flow, or to run any part again, else", () => {
    assert.match(nextStep(execution({})), /replay 1 --from failed --revision latest$/);
    assert.match(nextStep(execution({ state: "SUCCESS" })), /replay 1 --from task:ID$/);
  });
});
