import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cronProblem } from "../../src/flow/cron.ts";

describe("cronProblem", () => {
  for (const cron of [
    "* * * * *",
    "0 6 * * 1-5",
    "*/15 0-6,12 1,15 JAN-mar SUN",
    "5/10 * * * 7",
    "  0  0 1 1 *  ",
    "@daily",
  ]) {
    it(`takes ${cron}`, () => assert.equal(cronProblem(cron), undefined));
  }

  it("takes seconds where it is told to", () => {
    assert.equal(cronProblem("*/5 * * * * *", { hasSeconds: true }), undefined);
    assert.match(cronProblem("* * * * *", { hasSeconds: true }) ?? "", /has 6 fields/);
  });

  for (const [cron, problem] of [
    ["", /has 5 fields .*not 0\./],
    ["* * * *", /not 4\./],
    ["60 * * * *", /`60` is no minute: it goes from 0 to 59\./],
    ["* 24 * * *", /`24` is no hour/],
    ["* * 0 * *", /`0` is no day of month/],
    ["* * * 13 *", /`13` is no month/],
    ["* * * * FOO", /`FOO` is no day of week/],
    ["*/0 * * * *", /step/],
    ["5-1 * * * *", /ends before it begins/],
    ["1-70 * * * *", /`70` is no minute/],
    ["1,,2 * * * *", /`` is no minute/],
    ["*-3 * * * *", /is no minute/],
    ["@sometimes", /none of @yearly/],
  ] as const) {
    it(`refuses ${cron}`, () => assert.match(cronProblem(cron) ?? "", problem));
  }
});
