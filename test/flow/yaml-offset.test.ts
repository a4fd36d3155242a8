import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Document, parseDocument, Scalar } from "yaml";
import { offsetInSource } from "../../src/flow/yaml-offset.ts";

const styles = ["PLAIN", "QUOTE_SINGLE", "QUOTE_DOUBLE", "BLOCK_LITERAL", "BLOCK_FOLDED"] as const;
const text = fc
  .array(fc.constantFrom("a", "b", " ", "\n", "'", '"', "\\", "{{", "}}", "é", "\t", "long words "), {
    maxLength: 60,
  })
  .map((parts) => parts.join(""));

describe("offsetInSource", () => {
  it("finds every letter of a text, however it is written", () => {
    fc.assert(
      fc.property(text, fc.constantFrom(...styles), fc.constantFrom("\n", "\r\n"), (value, type, lineEnd) => {
        const written = new Scalar(value);
        written.type = type;
        const source = new Document({ key: { inner: written } })
          .toString({ lineWidth: 40 })
          .replaceAll("\n", lineEnd);
        const scalar = parseDocument(source).getIn(["key", "inner"], true) as Scalar.Parsed;
        const read = String(scalar.value);
        for (const [index, char] of read.split("").entries()) {
          if (/[abé{}]/.test(char)) assert.equal(source[offsetInSource(source, scalar, index)], char, source);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("points at the end behind the last character", () => {
    const source = "a: 'b'";
    const scalar = parseDocument(source).getIn(["a"], true) as Scalar.Parsed;
    assert.equal(offsetInSource(source, scalar, 1), 5);
    assert.equal(offsetInSource(source, scalar, 99), 5);
  });
});
