import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inOrder } from "../../src/cli/read/in-order.ts";

describe("task runs", () => {
  it("stand in the order of the flow, and of the iterations of all loops around them", () => {
    const runs = [
      { id: "y1", taskKey: 3, parentId: "b", iteration: 1 },
      { id: "x10", taskKey: 3, parentId: "a", iteration: 10 },
      { id: "y0", taskKey: 3, parentId: "b", iteration: 0 },
      { id: "x9", taskKey: 3, parentId: "a", iteration: 9 },
      { id: "b", taskKey: 2, parentId: "loop", iteration: 1 },
      { id: "a", taskKey: 2, parentId: "loop", iteration: 0 },
      { id: "loop", taskKey: 1, parentId: null, iteration: null },
    ];
    assert.deepEqual(
      inOrder(runs).map(({ id }) => id),
      ["loop", "a", "b", "x9", "x10", "y0", "y1"],
    );
  });
});
