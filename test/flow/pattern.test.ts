import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { patternProblem } from "../../src/flow/pattern.ts";
import { testDatabase } from "../support/database.ts";

const db = await testDatabase();

const understood = [
  ...[
    "^a+$",
    "(?i)a",
    "(?is)a.b",
    "\\p{Lu}",
    "[\\p{L}\\d_]+",
    "(?=a)b",
    "(?<!a)b",
    "(a)\\1",
    "a{2,255}",
    "{a}",
  ],
  ...[
    "[a-z&]+",
    "a&&b",
    "[*+]+",
    "\\++",
    "\\\\b",
    "\\u0041",
    "\\x41",
    "^[\\w.-]+@[\\w-]+\\.\\w+$",
    "[^\\s/]+",
  ],
];

describe("patternProblem", () => {
  it("finds none in what Postgres understands as Java does", async () => {
    for (const pattern of understood) {
      assert.equal(patternProblem(pattern), undefined, pattern);
      await db.pool.query("select reprise_engine.matches_pattern('a', $1)", [pattern]);
    }
  });

  it("refuses what is no pattern", () => {
    for (const pattern of ["((", "[", "*", "a{1"]) assert.ok(patternProblem(pattern), pattern);
    assert.equal(patternProblem("(("), "`((` is no regular expression.");
  });

  const unknown: [pattern: string, part: string][] = [
    ["\\bfoo\\b", "\\b"],
    ["\\p{Greek}+", "\\p{Greek}"],
    ["\\P{L}", "\\P"],
    ["(?<year>\\d+)", "(?<y"],
    ["a(?i:b)", "(?i"],
    ["[a-z&&[^b]]", "&&"],
    ["\\Qa.b\\E", "\\Q"],
    ["a{1,300}", "{1,300}"],
  ];
  for (const [pattern, part] of unknown) {
    it(`names the part that Postgres does not know in ${pattern}`, () =>
      assert.equal(patternProblem(pattern), `\`${part}\` in the pattern \`${pattern}\` is not supported.`));
  }
});
