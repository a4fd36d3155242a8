import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseDuration } from "../../../src/expression/java-date/duration.ts";

describe("parseDuration", () => {
  const cases: [string, number][] = [
    ["PT1M", 60_000],
    ["P1D", 86_400_000],
    ["PT0.5S", 500],
    ["P1DT2H3M4.567S", 93_784_567],
    ["-PT1H30M", -5_400_000],
    ["PT-1.5S", -1_500],
    ["pt1s", 1_000],
    ["PT0S", 0],
  ];
  for (const [text, millis] of cases)
    it(`reads ${text} as ${millis} ms`, () => assert.equal(parseDuration(text), millis));

  for (const text of ["", "P", "PT", "P1DT", "P1M", "P1Y", "1M", "PT1", "PTS", `PT${"9".repeat(30)}H`]) {
    it(`refuses ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseDuration(text), /Text cannot be parsed to a Duration/));
  }
});
