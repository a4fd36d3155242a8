import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorsOf, nextStep } from "../../../src/cli/present/execution-text.ts";
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
