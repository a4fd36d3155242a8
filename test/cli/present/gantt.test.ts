import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ganttRows, ganttText } from "../../../src/cli/present/gantt.ts";
import type {
  AttemptDocument,
  ExecutionDocument,
  TaskRunDocument,
} from "../../../src/cli/read/read-execution.ts";

const start = new Date("2026-01-01T00:00:00Z");
const execution = {
  id: "e",
  createdAt: start,
  startedAt: start,
  durationMs: 10_000,
} as unknown as ExecutionDocument;

function aRun(id: string, rest: Partial<TaskRunDocument>): TaskRunDocument {
  return {
    ...{
      id,
      taskId: id,
      iterationPath: null,
      taskKind: "FOR_EACH",
      state: "SUCCESS",
      isOverridden: false,
      attemptNumber: 1,
    },
    ...{ isCarried: false, isReopened: false, startedAt: null, durationMs: null, ...rest },
  } as TaskRunDocument;
}

describe("a Gantt chart", () => {
  it("draws a block that was opened again for as long as it went on, and none that was carried", () => {
    const runs = [
      aRun("whole", { isCarried: true, durationMs: 5 }),
      aRun("around", { isReopened: true, startedAt: start, durationMs: 10_000 }),
    ];
    const earlier = ["whole", "around"].map((id) => ({
      ...{ id, shownByTaskRunId: id, executionId: "original", overriddenBy: null },
      ...{ number: 1, state: "FAILED", flowRevision: 1, startedAt: start, durationMs: 5 },
    })) as unknown as AttemptDocument[];
    assert.equal(
      ganttText(execution, ganttRows(execution, runs, earlier), 60),
      `whole   SUCCESS  #1  ◇ carried, attempt 1 of\naround  SUCCESS  #1  ${"█".repeat(23)}  10.0 s`,
    );
  });
});
