import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { exampleContext } from "../../../src/expression/reference/entry.ts";
import { nameEntries } from "../../../src/expression/reference/names.ts";
import { absentNames, contextNames, contextParts } from "../../../src/flow/check-context.ts";

describe("the names in the reference of expressions", () => {
  it("are those that templates see", () => {
    const seen = [...contextNames].filter((name) => !absentNames.has(name));
    assert.deepEqual(Object.keys(nameEntries).toSorted(), seen.toSorted());
    assert.deepEqual(Object.keys(exampleContext).toSorted(), seen.toSorted());
  });

  for (const [name, parts] of Object.entries(contextParts)) {
    it(`say what stands in ${name}`, () => {
      const told = nameEntries[name]?.summary ?? "";
      assert.deepEqual(
        parts.filter((part) => !told.includes(`\`${part}\``)),
        [],
      );
    });
  }
});
