import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DatabaseError } from "pg-protocol";
import { openPatientLane } from "../../src/worker/patient-lane.ts";

const lockedOut = Object.assign(new DatabaseError("locked", 0, "error"), { code: "55P03" });

/** A lane whose calls are noted, and refused while they hold a bad item. */
function aLane(isBad: (item: number) => Error | undefined) {
  const calls: number[][] = [];
  const lane = openPatientLane<number, string>({
    send: async (items) => {
      calls.push(items);
      const error = items.map(isBad).find((found) => found !== undefined);
      if (error !== undefined) throw error;
      return items.map((item) => `answer ${item}`);
    },
    limit: 100,
    sideBySide: 1,
    signal: new AbortController().signal,
  });
  return { calls, lane };
}

const tell = (settled: PromiseSettledResult<string>[]) =>
  settled.map((each) => (each.status === "fulfilled" ? each.value : each.reason.message));

describe("a patient lane", () => {
  it("sends together what comes together", async () => {
    const { calls, lane } = aLane(() => undefined);
    assert.deepEqual(await Promise.all([1, 2, 3].map(lane.add)), ["answer 1", "answer 2", "answer 3"]);
    assert.deepEqual(calls, [[1, 2, 3]]);
  });

  it("refuses only the item for which a call was refused", async () => {
    const { calls, lane } = aLane((item) => (item === 3 ? new Error("refused") : undefined));
    const told = tell(await Promise.allSettled([1, 2, 3, 4, 5].map(lane.add)));
    assert.deepEqual(told, ["answer 1", "answer 2", "refused", "answer 4", "answer 5"]);
    assert.deepEqual(calls, [[1, 2, 3, 4, 5], [1, 2, 3], [1, 2], [3], [4, 5]]);
  });

  it("lets each item of a call that meets a held lock go alone, until the lock is let go", async () => {
    let held = 3;
    const { calls, lane } = aLane((item) => (item === 2 && held-- > 0 ? lockedOut : undefined));
    const told = tell(await Promise.allSettled([1, 2, 3].map(lane.add)));
    assert.deepEqual(told, ["answer 1", "answer 2", "answer 3"]);
    assert.deepEqual(calls, [[1, 2, 3], [1], [2], [3], [2], [2]]);
  });
});
