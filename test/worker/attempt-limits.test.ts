import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openLimits } from "../../src/worker/attempt-limits.ts";

const never = new Promise<never>(() => undefined);

describe("the limits of an attempt", () => {
  it("end it by its timeout, also one that is longer than a timer can be", async (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const limits = openLimits(new AbortController(), "P60D");
    const held = limits.hold(never);
    const longest = 2 ** 31 - 1;
    for (const milliseconds of [longest, longest, 60 * 86_400_000 - 2 * longest - 1])
      context.mock.timers.tick(milliseconds);
    assert.equal(limits.signal.aborted, false);
    context.mock.timers.tick(1);
    assert.equal(limits.signal.aborted, true);
    context.mock.timers.tick(1_000);
    await assert.rejects(held, { reason: "timeout", message: "Timeout after 1440:00:00.000" });
    assert.equal(limits.end(), undefined);
  });

  it("leave work behind that does not listen, a moment after it was stopped", async () => {
    const abort = new AbortController();
    const limits = openLimits(abort, undefined);
    const held = limits.hold(never);
    abort.abort("KILLED");
    await assert.rejects(held, (error) => error === "KILLED");
    assert.equal(limits.end(), "KILLED");
  });

  it("take a timeout that a template gives in seconds, as text", async (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const limits = openLimits(new AbortController(), "1.5");
    context.mock.timers.tick(1_499);
    assert.equal(limits.signal.aborted, false);
    context.mock.timers.tick(1);
    assert.equal(limits.signal.aborted, true);
  });

  it("take an empty text for no timeout", () => {
    const limits = openLimits(new AbortController(), "");
    assert.equal(limits.signal.aborted, false);
  });

  it("leave no time where the timeout is none", () => {
    assert.throws(() => openLimits(new AbortController(), "PT0S"), {
      reason: "timeout",
      message: "Timeout after 00:00:00.000",
    });
  });

  it("are refused where the timeout is no duration", () => {
    assert.throws(() => openLimits(new AbortController(), "soon"), {
      reason: "invalid_timeout",
      message: "The timeout `soon` is no duration, such as PT30S.",
    });
  });
});
