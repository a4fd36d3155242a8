import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readJson, viewJson, writeJson } from "../../src/base/json.ts";
import { keysOf } from "../../src/base/key-order.ts";
import { WholeFloat } from "../../src/base/whole-float.ts";
import { cpuMs } from "../support/cpu-ms.ts";

const kept = [
  ["the order of keys that JavaScript sorts", '{"b":1,"10":2,"a":{"2":1,"1":[]}}'],
  ["floats without a fraction", '{"a":1.0,"b":[2.0,0.5,-3.0,-0.0]}'],
  ["integers of any length", "[9007199254740993,-12345678901234567890]"],
  ["texts that look like these", '{"a":"1.0, 2.0","b":"{\\"10\\":1,\\"2\\":1}","c\\"1":3,"\\\\":": 1.0"}'],
  ["a value by itself", "1.0"],
  ["keys that are names of JavaScript's", '{"__proto__":{"1":1.0},"constructor":1,"toJSON":2}'],
] as const;

/** No backslash: behind a key that ends in one, V8 takes `"\\""` for it in the next object, in JSON.parse of whatever text. */
const key = fc.oneof(
  fc.string().filter((text) => !text.includes("\\")),
  fc.nat(30).map(String),
  fc.constantFrom('#1"', "1:", "__proto__"),
);

/** A document as JSON, with what JavaScript loses. */
const document = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("1.0", "-2.0", "0.25", "1", "0", "12345678901234567890", "null", "true"),
    fc.string().map((text) => JSON.stringify(text)),
    fc.array(tie("any"), { maxLength: 4 }).map((items) => `[${items.join(",")}]`),
    fc
      .uniqueArray(fc.tuple(key, tie("any")), {
        maxLength: 5,
        selector: ([name]) => name,
      })
      .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`),
  ),
})).any;

describe("JSON", () => {
  for (const [what, text] of kept) it(`keeps ${what}`, () => assert.equal(writeJson(readJson(text)), text));

  it("is read as the same as it is written, whatever it holds", () => {
    fc.assert(
      fc.property(document, (text) => {
        assert.equal(writeJson(readJson(text)), text);
        assert.equal(JSON.stringify(viewJson(readJson(text))), text);
        assert.deepEqual(JSON.parse(writeJson(readJson(text), 2)), JSON.parse(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it("gives what JSON.parse gives, where that loses nothing", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        if (!/\d[eE]|-0|\d{16}/.test(text)) assert.deepEqual(readJson(text), JSON.parse(text));
      }),
    );
  });

  it("keeps the last of two members of one name, in the place of the first", () => {
    const map = readJson('{"10":1,"2":2.0,"10":3}') as Record<string, unknown>;
    assert.deepEqual([keysOf(map), map["10"], map["2"]], [["10", "2"], 3, new WholeFloat(2)]);
  });

  it("takes a time that grows with the text and no faster, also where it is none", () => {
    for (const text of [
      `{"1": "${'\\"'.repeat(200_000)}`,
      `{"1": "${"\\\\".repeat(200_000)}`,
      `{"1": ${'"1":'.repeat(100_000)}`,
    ]) {
      assert.ok(cpuMs(() => assert.throws(() => readJson(text), SyntaxError)) < 3_000);
    }
    assert.throws(() => readJson('{"1": 2'), { message: messageOf(() => JSON.parse('{"1": 2')) });
  });

  it("writes what it did not read as JSON.stringify does", () => {
    const value = { at: new Date(0), gone: undefined, list: [undefined, () => 1], big: 2n, nothing: null };
    assert.equal(
      writeJson(value),
      '{"at":"1970-01-01T00:00:00.000Z","list":[null,null],"big":2,"nothing":null}',
    );
    assert.equal(writeJson({ a: 1 }, 2), '{\n  "a": 1\n}');
    assert.equal(writeJson({ a: [1n], b: {} }, 2), '{\n  "a": [\n    1\n  ],\n  "b": {}\n}');
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  return "";
}
