import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { writeJson } from "../../src/base/json.ts";
import { WholeFloat } from "../../src/base/whole-float.ts";
import type { Input } from "../../src/flow/input-schema.ts";
import { readInputValue } from "../../src/flow/input-value.ts";
import { testDatabase } from "../support/database.ts";

const db = await testDatabase();

type Rules = Partial<Record<string, unknown>> & Pick<Input, "type">;

const read = (rules: Rules, value: unknown) => readInputValue({ id: "x", ...rules } as Input, value);

describe("readInputValue", () => {
  const fitting: [Rules, unknown, unknown][] = [
    [{ type: "STRING" }, 1.5, "1.5"],
    [{ type: "STRING", validator: "[a-z]+" }, "abc", "abc"],
    [{ type: "INT", min: 1, max: 3 }, "3", 3],
    [{ type: "FLOAT" }, "1e3", new WholeFloat(1000)],
    [{ type: "BOOLEAN" }, "false", false],
    [
      { type: "DATETIME", after: "2024-01-01T00:00Z" },
      "2024-01-01T00:00:00-02:00",
      "2024-01-01T00:00:00-02:00",
    ],
    [{ type: "TIME", before: "12:00" }, "11:59:59", "11:59:59"],
    [{ type: "DURATION", max: "PT1H" }, 60, 60],
    [{ type: "URI" }, "kestra:///a/b", "kestra:///a/b"],
    [{ type: "EMAIL" }, "a@b.example", "a@b.example"],
    [{ type: "MULTISELECT", values: ["a", "b"] }, ["b", "a"], ["b", "a"]],
    [{ type: "SELECT", values: ["a"], allowCustomValue: true }, "c", "c"],
    [{ type: "JSON" }, '{"a": 1}', { a: 1 }],
    [{ type: "JSON" }, '"x"', '"x"'],
  ];
  for (const [rules, value, expected] of fitting) {
    it(`takes ${JSON.stringify(value)} for ${JSON.stringify(rules)}`, () =>
      assert.deepEqual(read(rules, value), { value: expected }));
  }

  const unfit: [Rules, unknown, string][] = [
    [{ type: "STRING", validator: "[a-z]+" }, "abc1", "it must match the pattern `[a-z]+`"],
    [{ type: "INT" }, "9007199254740993", 'For input string: "9007199254740993"'],
    [{ type: "FLOAT" }, "1e400", 'For input string: "1e400"'],
    [{ type: "DURATION" }, 1e13, "Text cannot be parsed to a Duration"],
    [{ type: "DURATION" }, -1, "Text cannot be parsed to a Duration"],
    [{ type: "DURATION", min: 90 }, "PT1M", "it must be more than `90`"],
    [{ type: "TIME" }, "24:00", "`24:00` is no such time"],
    [{ type: "JSON" }, '"\\u0000"', "it must be valid JSON"],
    [{ type: "JSON" }, "[1e999]", "it must be valid JSON"],
    [
      { type: "YAML" },
      "a: [1",
      "Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 6",
    ],
  ];
  for (const [rules, value, cause] of unfit) {
    it(`refuses ${JSON.stringify(value)} for ${JSON.stringify(rules)}`, () =>
      assert.deepEqual(read(rules, value), { cause }));
  }

  it("takes no time over a pattern made to take for ever", () => {
    assert.ok("cause" in read({ type: "STRING", validator: "(a+)+$" }, `${"a".repeat(50)}!`));
  });
});

describe("readInputValue and SQL's check_input", () => {
  const rules: Rules[] = [
    { type: "STRING" },
    { type: "STRING", validator: "[a-z]+(@[a-z.]+)?" },
    { type: "INT", min: 1, max: 3 },
    { type: "FLOAT", min: 0.5, max: 5 },
    { type: "DATE", after: "2024-01-01" },
    { type: "DATE", before: "2024-01-01" },
    { type: "TIME", after: "09:30", before: "23:59:59.999" },
    { type: "DATETIME" },
    { type: "DATETIME", after: "2024-01-01T00:00:00Z" },
    { type: "DATETIME", before: "2024-01-01T00:00:00+02:00" },
    { type: "DURATION", min: "PT5S", max: "PT1H" },
    { type: "DURATION", min: "PT5S", max: "P30D" },
    { type: "URI" },
    { type: "EMAIL" },
    { type: "JSON" },
    { type: "SELECT", values: ["a", "1", "true"] },
    { type: "ENUM", values: ["a", "1", "true"] },
    { type: "MULTISELECT", values: ["a", "1"] },
    { type: "MULTISELECT", values: ["1", "2"], itemType: "INT" },
    { type: "MULTISELECT", values: ["1"], allowCustomValue: true, itemType: "INT" },
    ...(["STRING", "INT", "FLOAT", "DATE", "JSON", "EMAIL"] as const).map((itemType) => ({
      type: "ARRAY" as const,
      itemType,
    })),
  ];
  const numbers = [
    "0",
    "1",
    "3",
    "4",
    "+3",
    "-3",
    "1.0",
    "1.5",
    ".5",
    "5.",
    "1e0",
    "1e3",
    "01",
    "1_0",
    "1,5",
  ];
  const noNumbers = [" 3 ", "0x10", "0b1", "NaN", "Infinity", "12345678901234567890", "", " ", "a"];
  const booleans = ["true", "TRUE", " true ", "yes", "on"];
  const days = ["2024-01-01", "2024-01-02", "2023-12-31", "2024-02-30", "2024-1-1", "20240101"];
  const oddDays = ["0000-01-01", "+12024-01-01", "-0001-01-01", "9999-12-31"];
  const times = ["09:30", "09:30:01", "9:30", "25:00", "09:60", "23:59:59.999", "09:30Z"];
  const moments = [
    ...["2024-01-01T00:00:00Z", "2024-01-01T00:00Z", "2024-01-01T00:00:00+02", "2024-01-01T00:00:00+0200"],
    ...["2024-01-01T00:00:00.000001Z", "2023-12-31T22:00:00.123456Z", "2024-01-01T00:00:00+15:59"],
    ...["2024-01-01T00:00:00+16:00", "2024-01-01T00:00:00+02:60", "2024-01-01T00:00:00+02:00:30"],
    ...["2024-01-01t00:00:00z", "2024-01-01 00:00:00Z", "0000-01-01T00:00:00Z", "+12024-01-01T00:00:00Z"],
    ...["2024-01-01T00:00:00", "2024-02-30T00:00:00Z", "2024-01-01T24:00:00Z", "2024-12-31T23:59:60Z"],
  ];
  const durations = [
    ...["PT5S", "PT4.9S", "PT1H", "PT60M1S", "P1D", "P31D", "P30D", "P4W", "P5W", "P1M", "P1Y", "PT-5S"],
    ...["pt5s", " PT5S ", "+PT5S", "-PT5S", "PT+5S", "PT1,5S", "PT1.5H", "P", "PT", "P1DT", "P99999999999D"],
  ];
  const texts = [
    "http://x",
    "http://",
    "x:///",
    "x:y",
    "x:",
    "1x:y",
    "http://x y",
    "a@b.c",
    "a@b",
    "a@b.",
    "a@b..c",
    "a b@c.d",
  ];
  const json = ['"x"', "{}", "{", "[1]", '["1", 2]', "[1,]", " [1] ", '["a"]', "[null]", "[true]", "null"];
  const values = [
    ...[...numbers, ...noNumbers, ...booleans, ...days, ...oddDays, ...times, ...moments, ...durations],
    ...[...texts, ...json, 0, 1, 1.5, -2, true, false, {}, { a: 1 }, [], [1], ["1"], ["a"], ["a", "a"]],
    ...[[null], [["a"]], [{}], ["true", false], ["2024-01-01"], [" a"], ["01"]],
  ].filter((value) => value !== null);

  it("agree on every value", async () => {
    const cases = rules
      .flatMap((rule) => values.map((value) => ({ rule, value })))
      // A flow has no duration below zero.
      .filter(({ rule, value }) => rule.type !== "DURATION" || value !== -2);
    const check = async (rule: Rules, value: unknown) => {
      const { rows } = await db.pool.query<{ value: unknown; problem: string | null }>(
        "select value, problem from reprise_engine.check_input($1, $2)",
        [JSON.stringify(rule), writeJson(value)],
      );
      return rows[0];
    };
    const differing: unknown[] = [];
    for (const { rule, value } of cases) {
      const our = read(rule, value);
      const their = await check(rule, value);
      if ("cause" in our) {
        if (their?.problem === null) differing.push({ rule, value, our, their });
        continue;
      }
      // A default is stored as we read it, and SQL reads it again for every execution.
      const stored = await check(rule, our.value);
      const isSame = their?.problem === null && writeJson(stored) === writeJson(their);
      if (!isSame) differing.push({ rule, value, our, their, stored });
    }
    assert.deepEqual(differing, []);
  });
});
