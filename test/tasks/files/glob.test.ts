import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileMatcher } from "../../../src/tasks/files/glob.ts";

const names = ["a.txt", "b.csv", "out/a.txt", "out/deep/b.csv", "out/[x].txt", ".hidden", "a,b"];
const meant = (...patterns: string[]) => names.filter(fileMatcher("/work", patterns));

describe("a pattern of file names", () => {
  for (const [pattern, ...expected] of [
    ["a.txt", "a.txt"],
    ["*", "a.txt", "b.csv", ".hidden", "a,b"],
    ["*.txt", "a.txt"],
    ["out/*", "out/a.txt", "out/[x].txt"],
    ["out/**", "out/a.txt", "out/deep/b.csv", "out/[x].txt"],
    ["**.csv", "b.csv", "out/deep/b.csv"],
    ["**/*.csv", "out/deep/b.csv"],
    ["/out/a.txt", "out/a.txt"],
    ["?.{txt,csv}", "a.txt", "b.csv"],
    ["a,b", "a,b"],
    ["[ab].*", "a.txt", "b.csv"],
    ["[!a].*", "b.csv"],
    ["[a-b].csv", "b.csv"],
    ["out/\\[x\\].txt", "out/[x].txt"],
    ["glob:**/*.csv", "b.csv", "out/deep/b.csv"],
    ["regex:.*/out/.*", "out/a.txt", "out/deep/b.csv", "out/[x].txt"],
    ["A.txt"],
    ["out"],
  ] as const)
    it(`${pattern} means ${expected.join(" ") || "nothing"}`, () =>
      assert.deepEqual(meant(pattern), expected));

  it("is one of several", () => assert.deepEqual(meant("a.txt", "*.csv"), ["a.txt", "b.csv"]));

  for (const pattern of ["[a", "{a", "regex:("])
    it(`is refused: ${pattern}`, () => {
      assert.throws(() => meant(pattern), { reason: "invalid_pattern" });
    });

  it("does not lead out", () => {
    assert.throws(() => meant("../*"), { reason: "path_leaves_directory" });
  });
});
