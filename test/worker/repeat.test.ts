import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Logger, silentLogger } from "../../src/base/log.ts";
import { repeat } from "../../src/worker/repeat.ts";

describe("what a worker does again and again", () => {
  it("goes on after a failure, and is complained of once until it succeeds", async () => {
    const said: string[] = [];
    const log: Logger = Object.assign(silentLogger.child({}), { warn: () => said.push("warning") });
    const stopper = new AbortController();
    const outcomes = ["fails", "fails", "succeeds", "fails", "succeeds"];
    await repeat(1, stopper.signal, log, async () => {
      const outcome = outcomes.shift();
      if (outcomes.length === 0) stopper.abort();
      said.push(String(outcome));
      if (outcome === "fails") throw new Error("It fails.");
    });
    assert.deepEqual(said, ["fails", "warning", "fails", "succeeds", "fails", "warning", "succeeds"]);
  });
});
