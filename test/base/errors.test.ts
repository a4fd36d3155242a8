import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RepriseError } from "../../src/base/errors.ts";

describe("RepriseError", () => {
  it("carries its code, its reason and what was given beside them", () => {
    const cause = new Error("below");
    const error = new RepriseError("RP404", "file_not_found", "There is no such file.", {
      hint: "Look.",
      cause,
    });
    assert.deepEqual(
      [error.code, error.reason, error.hint, error.cause],
      ["RP404", "file_not_found", "Look.", cause],
    );
  });

  it("does not show what was not given", () => {
    const error = new RepriseError("RP409", "ended", "It has ended.");
    assert.deepEqual(Object.keys(error).sort(), ["code", "name", "reason"]);
  });
});
