import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseDocument } from "yaml";
import { YamlFault, yamlOptions, yamlValue } from "../../../../src/base/yaml-value.ts";
import { flatDocument } from "../../../../src/tasks/serdes/yaml/flat-document.ts";
import { making } from "../../../../src/tasks/serdes/yaml/read-yaml.ts";

/** What the parser makes of a document: its value, or that it is wrong. */
function parsed(text: string): unknown {
  const document = parseDocument(text, yamlOptions);
  try {
    return document.errors.length > 0 ? "wrong" : yamlValue(document.contents, making);
  } catch (error) {
    if (error instanceof YamlFault) return "wrong";
    throw error;
  }
}

const word = fc.constantFrom(
  ...[
    "a",
    "b c",
    "yes",
    "~",
    "null",
    "012",
    "1_000",
    "-7",
    "1.5e3",
    ".inf",
    "2024-01-01 10:00:00",
    "x:y",
    "a, b",
  ],
  ...[
    "[a]",
    "{a: 1}",
    "a: b",
    "a #b",
    "a#b",
    "#a",
    "- a",
    "-a",
    "--- a",
    "...",
    "? a",
    "?a",
    "& a",
    "&a b",
    "*a",
    "!a",
  ],
  ...[
    "!!str a",
    "| ",
    ">",
    "|\n b",
    "'it''s'",
    "'a",
    "'a' b",
    '"a"',
    '"a\\n\\u00e9"',
    '"a\\x41"',
    '"a" b',
    '"',
    "%a",
    "@a",
  ],
  ...[
    "`a",
    "a:",
    ":a",
    "a :b",
    "é",
    "\u2028",
    "a\tb",
    "\t",
    "\x85",
    "\ufeffa",
    " a ",
    "",
    "",
    "=",
    "<<",
    "a\n b",
    "-.5",
  ],
);
const line = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(fc.constantFrom("a", "b", "c d", "e-f", "yes"), word).map((part) => part.join(": ")),
  },
  { weight: 1, arbitrary: fc.tuple(word, word).map((part) => part.join(": ")) },
  {
    weight: 1,
    arbitrary: fc.oneof(
      word,
      fc.constantFrom("a:b", "- a", " a: b", "# a", "--- ", "a: ", "a:  b  ", "a:\tb"),
    ),
  },
  { weight: 1, arbitrary: fc.string().map((text) => `a: ${text}`) },
);

describe("flatDocument", () => {
  it("reads what it reads as the parser does", () => {
    let read = 0;
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), (given) => {
        const text = given.join("\n");
        const flat = flatDocument(text.split("\n"), making);
        if (flat === undefined) return;
        read++;
        assert.deepEqual(flat, parsed(text), text);
      }),
      { numRuns: 2000 },
    );
    assert.ok(read > 200, String(read));
  });

  it("reads the rows of a table", () => {
    const text =
      '---\nride_id: F1B4\nat: 2024-01-12 15:30:11.000\nname: \'Wells: x\'\nlat: 41.9\nend:\nnote: "a\\"b"\n';
    assert.deepEqual(
      { ...(flatDocument(text.split("\n"), making) as object) },
      { ride_id: "F1B4", at: "2024-01-12 15:30:11.000", name: "Wells: x", lat: 41.9, end: "", note: 'a"b' },
    );
  });

  it("leaves the rest to the parser", () => {
    for (const text of [
      "",
      "- a",
      "a: [b]",
      "a: &b c",
      "a:\n  b: c",
      "a:\n- b",
      "a: |\n  b",
      "a: b\n  c",
      "a",
    ])
      assert.equal(flatDocument(text.split("\n"), making), undefined, text);
  });
});
