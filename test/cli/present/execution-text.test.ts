import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorsOf } from "../../../src/cli/present/execution-text.ts";
import type { ExecutionDocument, TaskRunDocument } from "../../../src/cli/read/read-execution.ts";

describe("the errors of an execution", () => {
  it("say in which iteration each came", () => {
    const run = (taskId: string, iterationPath: string[] | null) =>
      ({ taskId, iterationPath, error: { reason: "failed", message: "No." } }) as TaskRunDocument;
    const execution = { error: null } as ExecutionDocument;
    assert.deepEqual(errorsOf(execution, [run("a", null), run("b", ["x", "2"])]), [
      ...["", "✗ a: No.", "✗ b[x, 2]: No."],
    ]);
  });
});
