import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readFlow } from "../../src/flow/read-flow.ts";
import { flow, log, taskTypes } from "./task-types.ts";

/** The retry that a task of a flow is compiled with. */
function retryOf(source: string, id: string) {
  const { flow, issues } = readFlow(source, taskTypes);
  assert.ok(flow, issues.map(({ message }) => message).join("\n"));
  return flow.tasks.find((task) => task.id === id)?.retry;
}

describe("compileFlow, the retry", () => {
  const retry = "retry: {type: exponential, interval: PT1S, maxInterval: PT10S, maxDuration: 60}\n";

  it("is the flow's, in milliseconds", () => {
    assert.deepEqual(retryOf(flow(log("a"), retry), "a"), {
      type: "exponential",
      intervalMs: 1_000,
      maxIntervalMs: 10_000,
      delayFactor: 2,
      maxDurationMs: 60_000,
      warningOnRetry: false,
      behavior: "RETRY_FAILED_TASK",
    });
  });

  it("is the task's own where it has one", () => {
    const own =
      "    retry: {type: random, minInterval: PT1S, maxInterval: PT2S, maxAttempts: 3, warningOnRetry: true}\n";
    assert.deepEqual(retryOf(flow(log("a") + own, retry), "a"), {
      type: "random",
      minIntervalMs: 1_000,
      maxIntervalMs: 2_000,
      maxAttempts: 3,
      warningOnRetry: true,
      behavior: "RETRY_FAILED_TASK",
    });
  });

  it("is its own alone where a task may fail: what is around it is for what counts", () => {
    const own = "    retry: {type: constant, interval: PT1S}\n";
    const mayFail = "    allowFailure: true\n";
    assert.equal(retryOf(flow(log("a") + mayFail, retry), "a"), null);
    assert.equal(retryOf(flow(log("a") + mayFail + own, retry), "a")?.type, "constant");
  });

  it("counts attempts under the former name, too", () => {
    const written = (name: string) =>
      retryOf(flow(`${log("a")}    retry: {type: constant, interval: PT1S, ${name}: 3}\n`), "a");
    assert.equal(written("maxAttempt")?.maxAttempts, 3);
    assert.deepEqual(written("maxAttempt"), written("maxAttempts"));
    assert.equal(written("maxAttempts: 2, maxAttempt")?.maxAttempts, 2);
  });
});
