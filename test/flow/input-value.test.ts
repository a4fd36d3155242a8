import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Input } from "../../src/flow/input-schema.ts";
import { isPattern, readInputValue } from "../../src/flow/input-value.ts";

type Rules = Partial<Record<string, unknown>> & Pick<Input, "type">;

const read = (rules: Rules, value: unknown) => readInputValue({ id: "x", ...rules } as Input, value);

describe("readInputValue", () => {
  const fitting: [Rules, unknown, unknown][] = [
    [{ type: "STRING" }, 1.5, "1.5"],
    [{ type: "STRING", validator: "[a-z]+" }, "abc", "abc"],
    [{ type: "INT", min: 1, max: 3 }, "3", 3],
    [{ type: "FLOAT" }, "1e3", 1000],
    [{ type: "BOOLEAN" }, "false", false],
    [
      { type: "DATETIME", after: "2024-01-01T00:00:00Z" },
      "2024-01-01T00:00:00-02:00",
      "2024-01-01T00:00:00-02:00",
    ],
    [{ type: "TIME", before: "12:00" }, "11:59:59", "11:59:59"],
    [{ type: "DURATION", max: "PT1H" }, 60, "PT1M"],
    [{ type: "URI" }, "kestra:///a/b", "kestra:///a/b"],
    [{ type: "EMAIL" }, "a@b", "a@b"],
    [{ type: "MULTISELECT", values: ["a", "b"] }, ["b", "a"], ["b", "a"]],
    [{ type: "SELECT", values: ["a"], allowCustomValue: true }, "c", "c"],
    [{ type: "JSON" }, '"x"', "x"],
  ];
  for (const [rules, value, expected] of fitting) {
    it(`takes ${JSON.stringify(value)} for ${JSON.stringify(rules)}`, () =>
      assert.deepEqual(read(rules, value), { value: expected }));
  }

  const unfit: [Rules, unknown, string][] = [
    [{ type: "STRING", validator: "[a-z]+" }, "abc1", "it must match the pattern `[a-z]+`"],
    [{ type: "INT" }, 1.5, "it must be a whole number"],
    [{ type: "INT" }, "", "it must be a whole number"],
    [{ type: "INT", min: 10 }, 9, "it must be more than `10`"],
    [{ type: "FLOAT", max: 1 }, 2, "it must be less than `1`"],
    [{ type: "BOOL" }, "yes", "it must be true or false"],
    [{ type: "DATE", after: "2024-01-01" }, "2023-12-31", "it must be after `2024-01-01`"],
    [{ type: "TIME" }, "25:00", "it must be a time in ISO 8601"],
    [{ type: "DURATION" }, "5m", "it must be a duration such as `PT15M`"],
    [{ type: "URI" }, "no scheme", "Invalid URI format"],
    [{ type: "ENUM", values: ["A", "B"] }, "C", "it must match the values `[A, B]`"],
    [{ type: "ARRAY", itemType: "INT" }, ["s1"], "Unable to parse array element as `INT` on `s1`"],
    [{ type: "JSON" }, "{", "it must be JSON"],
  ];
  for (const [rules, value, cause] of unfit) {
    it(`refuses ${JSON.stringify(value)} for ${JSON.stringify(rules)}`, () =>
      assert.deepEqual(read(rules, value), { cause }));
  }

  it("takes no time over a pattern made to take for ever", () => {
    assert.ok("cause" in read({ type: "STRING", validator: "(a+)+$" }, `${"a".repeat(50)}!`));
  });
});

describe("isPattern", () => {
  it("takes Java's syntax and JavaScript's", () => {
    for (const pattern of ["^a+$", "(?i)a", "\\p{Lu}", "(?=a)b", "(?<name>a)"])
      assert.ok(isPattern(pattern), pattern);
    for (const pattern of ["((", "[", "*"]) assert.ok(!isPattern(pattern), pattern);
  });
});
