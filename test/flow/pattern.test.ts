import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { matchesPattern, patternProblem } from "../../src/flow/pattern.ts";
import { testDatabase } from "../support/database.ts";

const db = await testDatabase();

const understood = [
  ...["^a+$", "(?i)a", "(?is)a.b", "\\p{Lu}", "[\\p{L}\\d_]+", "(?=a)b", "(?<!a)b", "(a)\\1", "a{2,255}"],
  ...[
    "[a-z&]+",
    "a&&b",
    "[*+]+",
    "\\++",
    "\\\\b",
    "\\u0041",
    "\\x41b",
    "^[\\w.-]+@[\\w-]+\\.\\w+$",
    "[^\\s/]+",
  ],
  ...[
    "\\bfoo\\b",
    "(?<year>\\d+)-\\1",
    "\\P{L}",
    "[a-c[x-z]]+",
    "[^a[b]]",
    "a]",
    "^*a$+",
    "[\\s\\S]+",
    "[\\D]",
    "[^\\D]+",
    "(?i)[\\W_]+",
    "\\b?a",
    "(?m)^a$\\n^b$",
    ".\\W",
    "[(?<a>]+",
  ],
];

const matchesInSql = async (cases: [text: string, pattern: string][]) => {
  const { rows } = await db.pool.query<{ holds: boolean }>(
    "select reprise_engine.matches_pattern(c.text, c.pattern) as holds from unnest($1::text[], $2::text[]) with ordinality as c (text, pattern, nth) order by c.nth",
    [cases.map(([text]) => text), cases.map(([, pattern]) => pattern)],
  );
  return rows.map(({ holds }) => holds);
};

const texts = [
  "",
  "a",
  "A",
  "aa",
  "ab",
  "a\nb",
  "é",
  "foo",
  "12-12",
  "12-1",
  "xyz",
  "5",
  "٣",
  "_",
  "]",
  "a]",
  "Ab",
  "a b",
  "<a>",
];
const letters = fc.constantFrom(
  "a",
  "b",
  "Z",
  "é",
  "1",
  "٣",
  "_",
  "-",
  " ",
  "\n",
  "\r",
  "]",
  "(",
  "<",
  ".",
  "x",
);
const atom = fc.constantFrom(
  ...[
    "a",
    "b",
    "é",
    "1",
    "_",
    "-",
    " ",
    ".",
    "\\d",
    "\\D",
    "\\w",
    "\\W",
    "\\s",
    "\\S",
    "\\b",
    "\\B",
    "\\.",
    "\\n",
    "\\x61",
    "\\u00e9",
  ],
  ...["\\p{L}", "\\p{Lu}", "\\P{L}", "\\p{Alpha}", "\\P{Alpha}", "\\p{Punct}", "\\p{Digit}", "]", "^", "$"],
  ...[
    "[ab]",
    "[^a]",
    "[\\w-]",
    "[^\\d\\s]",
    "[\\s\\S]",
    "[^\\W_]",
    "[\\D]",
    "[^\\S\\n]",
    "[a-c[x-z]]",
    "[^a[b]]",
    "[\\p{L}_]",
    "[\\p{Punct}]",
    "[.(]",
    "[(?<a>]",
  ],
);
const pattern: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("", "", "", "(?i)", "(?s)", "(?m)", "(?ims)"),
    fc.array(
      fc.tuple(
        fc.oneof(
          atom,
          fc
            .tuple(
              fc.constantFrom("(", "(?:", "(?<n>", "(?=", "(?!", "(?<=", "(?<!"),
              atom,
              fc.constantFrom("", "|a"),
            )
            .map(([open, inner, other]) => `${open}${inner}${other})`),
        ),
        fc.constantFrom("", "", "", "+", "*", "?", "{2}", "{1,2}", "*?"),
      ),
      { maxLength: 4 },
    ),
  )
  .map(
    ([flags, atoms]) =>
      flags +
      atoms
        .map(
          ([one, count], index) =>
            one.replace("?<n>", `?<n${index}>`) + (/^\(\?<?[=!]/.test(one) ? "" : count),
        )
        .join(""),
  );

/** Where Postgres is not held to Java: between the two characters of a line break, and in cases of letters beyond ASCII. */
function isTold(given: string, one: string): boolean {
  return !given.includes("\r\n") && !(/^\(\?\w*i/.test(one) && /é|\\u|\\[pP]/.test(given + one));
}

describe("patternProblem", () => {
  it("finds none in what Postgres understands as Java does", async () => {
    for (const one of understood) assert.equal(patternProblem(one), undefined, one);
    const cases = understood.flatMap((one) => texts.map((text): [string, string] => [text, one]));
    const holds = await matchesInSql(cases);
    for (const [index, [text, one]] of cases.entries())
      assert.equal(holds[index], matchesPattern(text, one), `${one} and ${JSON.stringify(text)}`);
  });

  it("leaves patterns that match the same in Postgres and Java, whatever they are made of", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.array(letters, { maxLength: 5 }).map((some) => some.join("")),
            pattern,
          ),
          { minLength: 20, maxLength: 20 },
        ),
        async (made) => {
          const cases = made.filter(
            ([given, one]) => isTold(given, one) && patternProblem(one) === undefined,
          );
          const holds = await matchesInSql(cases);
          // On a machine that is at work on something else any match may take too long.
          for (const [index, [text, one]] of cases.entries())
            assert.equal(
              matchesPattern(text, one) ?? holds[index],
              holds[index],
              `${one} and ${JSON.stringify(text)}`,
            );
        },
      ),
      { numRuns: 60 },
    );
  });

  it("is not known to match where finding out takes too long", () => {
    assert.equal(matchesPattern("a".repeat(50), "(?=a)(a+)+b"), undefined);
  });

  it("refuses what is no pattern", () => {
    for (const one of ["((", "[", "*", "a{1", "{a}"]) assert.ok(patternProblem(one), one);
    assert.equal(patternProblem("(("), "`((` is no regular expression.");
  });

  const unknown: [pattern: string, part: string][] = [
    ["\\p{IsGreek}+", "\\p{IsGreek}"],
    ["\\ha", "\\h"],
    ["a(?i:b)", "(?i"],
    ["[a-z&&[^b]]", "&&"],
    ["[a-z[^b]]", "[^"],
    ["[\\P{L}]", "\\P{L}"],
    ["\\Qa.b\\E", "\\Q"],
    ["a{1,300}", "{1,300}"],
    ["a++", "++"],
    ["a(?=b)?", "(?=b)?"],
  ];
  for (const [one, part] of unknown) {
    it(`names the part that Postgres does not know in ${one}`, () =>
      assert.equal(patternProblem(one), `\`${part}\` in the pattern \`${one}\` is not supported.`));
  }
});
