import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cyclesOf, inOrder } from "../../src/flow/cycles.ts";

const needs = (graph: Record<string, string[]>) => new Map(Object.entries(graph));

describe("cyclesOf", () => {
  it("finds every way back", () => {
    assert.deepEqual(cyclesOf(needs({ a: ["b"], b: ["c", "a"], c: ["b"], d: ["d", "a", "gone"] })), [
      ["b", "c"],
      ["a", "b"],
      ["d"],
    ]);
  });

  it("finds none where several ways lead to one", () => {
    assert.deepEqual(cyclesOf(needs({ a: ["b", "c"], b: ["d"], c: ["d"], d: [] })), []);
  });

  it("follows a chain of a hundred thousand", () => {
    const chain = new Map(Array.from({ length: 100_000 }, (_, index) => [`${index}`, [`${index + 1}`]]));
    assert.deepEqual(cyclesOf(chain.set("100000", [])), []);
  });
});

describe("inOrder", () => {
  it("puts each behind what it needs", () => {
    assert.deepEqual(inOrder(needs({ a: ["b"], c: [], b: ["c"] })), ["c", "b", "a"]);
  });

  it("loses nobody in a circle", () => {
    assert.deepEqual(inOrder(needs({ a: ["b"], b: ["a"] })), ["b", "a"]);
  });
});
