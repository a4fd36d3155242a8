import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Document, parseDocument, Scalar } from "yaml";
import { offsetInSource } from "../../src/flow/yaml-offset.ts";

const styles = ["PLAIN", "QUOTE_SINGLE", "QUOTE_DOUBLE", "BLOCK_LITERAL", "BLOCK_FOLDED"] as const;
const parts = ["a", "b", " ", "\n", "'", '"', "\\", "{{", "}}", "é", "\t", "\0", "long words "];
const text = fc.array(fc.constantFrom(...parts), { maxLength: 60 }).map((chosen) => chosen.join(""));

describe("offsetInSource", () => {
  it("finds every letter of a text, however it is written", () => {
    fc.assert(
      fc.property(text, fc.constantFrom(...styles), fc.constantFrom("\n", "\r\n"), (value, type, lineEnd) => {
        const written = new Scalar(value);
        written.type = type;
        const source = new Document({ key: { inner: written } })
          .toString({ lineWidth: 40 })
          .replaceAll("\n", lineEnd);
        findsEveryLetter(source, parseDocument(source).getIn(["key", "inner"], true) as Scalar.Parsed);
      }),
      { numRuns: 1_000 },
    );
  });

  it("finds every letter of a double-quoted text with escapes, line ends and blanks anywhere", () => {
    const pieces = [
      "a",
      "b",
      " ",
      "\t",
      "\\ ",
      "\\\n",
      "\\\r\n",
      "\n",
      "\r\n",
      "\n\n",
      '\\"',
      "\\\\",
      "\\n",
      "\\U0001F600",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (chosen) => {
        // Lines of the scalar are indented, as the map's value asks for.
        const source = `key: "${chosen.join("").replaceAll("\n", "\n  ")}"\n`;
        findsEveryLetter(source, parseDocument(source).get("key", true) as Scalar.Parsed);
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

function findsEveryLetter(source: string, scalar: Scalar.Parsed): void {
  for (const [index, char] of String(scalar.value).split("").entries()) {
    if (/[abé{}]/.test(char)) assert.equal(source[offsetInSource(source, scalar, index)], char, source);
  }
}
