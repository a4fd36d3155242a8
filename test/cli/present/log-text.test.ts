import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { logText } from "../../../src/cli/present/log-text.ts";
import type { LogDocument } from "../../../src/cli/read/read-logs.ts";

describe("a log line", () => {
  it("names the executions that the engine links", () => {
    const message = 'Created new execution [[link execution="01a2" flowId="child" namespace="acme.data"]]';
    const line = {
      loggedAt: new Date(),
      level: "INFO",
      taskId: "sub",
      systemStep: null,
      attemptNumber: 1,
      message,
    };
    assert.match(
      logText(line as unknown as LogDocument),
      / sub#1 {2}Created new execution acme\.data\.child 01a2$/,
    );
  });
});
