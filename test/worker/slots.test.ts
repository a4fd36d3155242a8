import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openSlots } from "../../src/worker/slots.ts";

describe("slots", () => {
  it("let so many work at once, and the others one by one as they end, also where work fails", async () => {
    const slots = openSlots(2);
    const begun: number[] = [];
    const work = [0, 1, 2, 3].map((number) => ({ number, ...Promise.withResolvers<void>() }));
    const ends = work.map(({ number, promise }) =>
      slots.use(async () => {
        begun.push(number);
        await promise;
      }),
    );
    assert.deepEqual(begun, [0, 1]);
    work[1]?.reject(new Error("failed"));
    await assert.rejects(ends[1] as Promise<void>, /failed/);
    await new Promise(setImmediate);
    assert.deepEqual(begun, [0, 1, 2]);
    for (const { resolve } of work) resolve();
    await Promise.allSettled(ends);
    assert.deepEqual(begun, [0, 1, 2, 3]);
  });
});
