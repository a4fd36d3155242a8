import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { askedText, givenText } from "../../../src/cli/present/asked-text.ts";
import { callOne } from "../../../src/db/call.ts";
import { testDatabase } from "../../support/database.ts";

const db = await testDatabase();

describe("what a Pause asks for", () => {
  it("is told with what may be chosen, what is taken else, and what need not be given", () => {
    const text = askedText([
      { id: "level", type: "SELECT", values: ["low", "high"] },
      { id: "count", type: "INT", defaults: 3 },
      { id: "note", type: "STRING", required: false },
    ]);
    assert.equal(
      text,
      "It asks for: level (SELECT of low | high), count (INT, else 3), note (STRING, optional)",
    );
  });

  it("is cut where there is very much to choose from", () => {
    const values = Array.from({ length: 40 }, (_, index) => `v${index}`);
    assert.match(askedText([{ id: "a", type: "SELECT", values }]), /v11 \| …\)$/);
  });

  it("is given as a shell takes it, and files as files", () => {
    const text = givenText([
      { id: "level", type: "SELECT", values: ["it's low", "high"] },
      { id: "some", type: "MULTISELECT", values: ["a"] },
      { id: "data", type: "FILE" },
      { id: "count", type: "INT", defaults: 3 },
    ]);
    assert.equal(text, ` --input level='it'\\''s low' --input some='["a"]' --file data=PATH`);
  });

  it("is proposed with values that are taken", async () => {
    const types = "STRING BOOL BOOLEAN INT FLOAT DATE TIME DATETIME DURATION EMAIL URI JSON ARRAY".split(" ");
    const asked = [
      ...types.map((type) => ({ id: `a_${type}`, type, required: true, itemType: "STRING" })),
      { id: "i", type: "INT", required: true, min: 10 },
      { id: "f", type: "FLOAT", required: true, max: -1 },
      { id: "d", type: "DATE", required: true, after: "2030-01-01" },
      { id: "e", type: "DATETIME", required: true, before: "2020-01-01T00:00:00Z" },
      { id: "l", type: "DURATION", required: true, max: "PT5M" },
      { id: "s", type: "SELECT", required: true, values: ["low", "high"] },
      { id: "m", type: "MULTISELECT", required: true, values: ["low", "high"] },
    ];
    const given = [...givenText(asked).matchAll(/ --input (\w+)=('[^']*'|\S+)/g)].map(([, id, value]) => [
      id,
      String(value).replaceAll("'", ""),
    ]);
    const { problems } = (await callOne(db.pool, "reprise_api.examine_values", {
      definitions: asked,
      given: Object.fromEntries(given),
    })) as { problems: unknown[] };
    assert.deepEqual([given.length, problems], [asked.length, []]);
  });
});
