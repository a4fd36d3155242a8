import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readJson } from "../../src/base/json.ts";
import { fingerprint } from "../../src/flow/fingerprint.ts";

describe("fingerprint", () => {
  it("is what it was for tasks that are saved", () => {
    const definition = readJson(
      '{"b":1.0,"a":9007199254740991,"s":"x","list":[1.5,{"2":1,"1":null}],"n":1e300}',
    );
    assert.equal(
      fingerprint("io.example.Task", definition as Record<string, unknown>),
      "bf1ef6c058fd0d429bbfc052c19dbf1a6ecf53ceda96cf0b428fefec302651ad",
    );
  });
});
