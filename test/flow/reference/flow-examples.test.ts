import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readFlow } from "../../../src/flow/read-flow.ts";
import { flowExamples, flowTextOf, refusedExamples } from "../../../src/flow/reference/flow-examples.ts";
import { goneFromFlow, laterInFlow, laterTypes } from "../../../src/flow/refusals.ts";
import { taskTypes } from "../../../src/tasks/registry.ts";

describe("the examples of parts of flows", () => {
  for (const [name, text] of Object.entries(flowExamples)) {
    it(`are sound: ${name}`, () => assert.deepEqual(readFlow(flowTextOf(text), taskTypes).issues, []));
  }
});

describe("what the reference says is refused", () => {
  for (const [name, text] of Object.entries(refusedExamples)) {
    it(`is: ${name}`, () => {
      const { issues } = readFlow(flowTextOf(text), taskTypes);
      assert.equal(issues.length, 1, JSON.stringify(issues));
      assert.match(issues[0]?.reason ?? "", /^(not_yet_supported|not_supported|removed_property)$/);
    });
  }

  it("is all that is", () => {
    const known = [...Object.keys({ ...laterInFlow, ...goneFromFlow, ...laterTypes }), "assets of a task"];
    assert.deepEqual(
      known.filter((name) => !Object.hasOwn(refusedExamples, name)),
      [],
    );
  });
});
