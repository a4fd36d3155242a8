import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pickTaskRuns } from "../../../src/cli/wait/live-view.ts";

const ended = new Date(0);

/** Task runs by the first letter of what they are: `e` has ended, `r` runs. */
function taskRuns(text: string) {
  return text.split(" ").map((name) => ({ name, endedAt: name.startsWith("e") ? ended : null }));
}

function picked(text: string, room: number): string {
  return pickTaskRuns(taskRuns(text), room)
    .map(({ name }) => name)
    .join(" ");
}

describe("the live view of an execution with more tasks than the screen has lines", () => {
  it("shows all that fit", () => {
    assert.equal(picked("e1 e2 r3", 3), "e1 e2 r3");
  });

  it("shows what goes on before what has ended, the latest of both, in their order", () => {
    assert.equal(picked("e1 e2 e3 e4 r5", 3), "e3 e4 r5");
    assert.equal(picked("e1 r2 e3 e4 r5", 3), "r2 e4 r5");
    assert.equal(picked("r1 r2 r3 r4", 2), "r3 r4");
  });

  it("shows something on the smallest screen", () => {
    assert.equal(picked("e1 r2 e3", 0), "r2");
  });
});
