import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { paintFailure } from "../../../src/cli/present/failure-text.ts";

const painted = (message: string, problems: string[]) =>
  stripVTControlCharacters(
    paintFailure({
      ...{ code: "RP422", reason: "invalid_inputs", message },
      details: { problems: problems.map((problem) => ({ message: problem })) },
    }),
  );

describe("paintFailure", () => {
  it("lists what stands in the way", () => {
    assert.equal(painted("It cannot run.", ["One.", "Two."]), "✗ It cannot run.\n  - One.\n  - Two.\n");
  });

  it("says once what the message says already", () => {
    assert.equal(painted("One.\nTwo.", ["One.", "Two."]), "✗ One.\nTwo.\n");
  });
});
