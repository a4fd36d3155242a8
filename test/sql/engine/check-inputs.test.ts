import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callOne } from "../../../src/db/call.ts";
import { testDatabase } from "../../support/database.ts";

const db = await testDatabase();

type Definition = Record<string, unknown> & { id?: string };

async function check(definitions: Definition[], given: unknown): Promise<unknown> {
  const complete = definitions.map((definition) => ({ required: true, isTemplated: false, ...definition }));
  return await callOne(db.pool, "reprise_engine.check_inputs", { definitions: complete, given });
}

const checkOne = async (definition: Definition, value: unknown) =>
  ((await check([{ id: "x", ...definition }], { x: value })) as { x: unknown }).x;

describe("reprise_engine.check_inputs", () => {
  const converted: [title: string, definition: Definition, given: unknown, kept: unknown][] = [
    ["STRING", { type: "STRING" }, "text", "text"],
    ["STRING, a number", { type: "STRING" }, 5, "5"],
    ["STRING with a pattern", { type: "STRING", validator: "[a-z]+\\d*" }, "ab12", "ab12"],
    ["INT", { type: "INT" }, "42", 42],
    ["INT, written with a fraction", { type: "INT" }, "42.0", 42],
    ["INT at its limits", { type: "INT", min: 1, max: 1 }, 1, 1],
    ["FLOAT", { type: "FLOAT" }, "-1.5e2", -150],
    ["BOOL", { type: "BOOL" }, "TRUE", true],
    ["BOOLEAN", { type: "BOOLEAN" }, false, false],
    ["DATETIME", { type: "DATETIME" }, "2024-05-31T09:30:00Z", "2024-05-31T09:30:00Z"],
    ["DATE", { type: "DATE" }, "2024-02-29", "2024-02-29"],
    ["TIME", { type: "TIME" }, "23:59", "23:59"],
    ["DURATION", { type: "DURATION", min: "PT1S", max: "P1D" }, "PT1H30M", "PT1H30M"],
    ["SELECT", { type: "SELECT", values: ["A", "B"] }, "A", "A"],
    ["SELECT with a value of one's own", { type: "SELECT", values: ["A"], allowCustomValue: true }, "Z", "Z"],
    ["MULTISELECT", { type: "MULTISELECT", values: ["A", "B"] }, ["B", "A"], ["B", "A"]],
    ["ARRAY of INT", { type: "ARRAY", itemType: "INT" }, ["1", 2], [1, 2]],
    ["ARRAY as a text", { type: "ARRAY", itemType: "STRING" }, '["a"]', ["a"]],
    ["JSON", { type: "JSON" }, { a: [1] }, { a: [1] }],
    ["JSON as a text", { type: "JSON" }, '{"a": 1}', { a: 1 }],
    ["URI", { type: "URI" }, "https://example.com/x", "https://example.com/x"],
    ["EMAIL", { type: "EMAIL" }, "a@example.com", "a@example.com"],
  ];
  for (const [title, definition, given, kept] of converted) {
    it(`takes ${title}`, async () => assert.deepEqual(await checkOne(definition, given), kept));
  }

  const refused: [title: string, definition: Definition, given: unknown, cause: string][] = [
    [
      "a STRING that does not match its pattern",
      { type: "STRING", validator: "A\\d+" },
      "foo",
      "it must match the pattern `A\\d+`",
    ],
    [
      "a STRING of which only a part matches",
      { type: "STRING", validator: "a|b" },
      "ab",
      "it must match the pattern `a|b`",
    ],
    ["an INT below its least", { type: "INT", min: 10 }, 9, "it must be more than `10`"],
    ["an INT above its most", { type: "INT", max: 10 }, "11", "it must be less than `10`"],
    ["an INT that is none", { type: "INT" }, "1.5", "it must be an integer"],
    ["a FLOAT below its least", { type: "FLOAT", min: 1.5 }, 1.4, "it must be more than `1.5`"],
    ["a FLOAT that is none", { type: "FLOAT" }, "NaN", "it must be a number"],
    ["a BOOL that is none", { type: "BOOL" }, "yes", "it must be true or false"],
    [
      "a DATE too early",
      { type: "DATE", after: "2024-01-01" },
      "2023-12-31",
      "it must be after `2024-01-01`",
    ],
    [
      "a DATE too late",
      { type: "DATE", before: "2024-01-01" },
      "2025-01-01",
      "it must be before `2024-01-01`",
    ],
    ["a DATE that does not exist", { type: "DATE" }, "2023-02-29", "`2023-02-29` is no such date"],
    [
      "a DATETIME too early",
      { type: "DATETIME", after: "2024-01-01T00:00:00Z" },
      "2024-01-01T00:00:00+01:00",
      "it must be after `2024-01-01T00:00:00Z`",
    ],
    [
      "a DATETIME without a zone",
      { type: "DATETIME" },
      "2024-01-01T00:00:00",
      "it must be a date and time with a zone, like `2024-05-31T09:30:00Z`",
    ],
    [
      "a DATETIME in a zone that does not exist",
      { type: "DATETIME" },
      "2024-01-01T00:00:00+99:00",
      "`2024-01-01T00:00:00+99:00` is no such datetime",
    ],
    ["a TIME too late", { type: "TIME", before: "12:00:00" }, "12:00:01", "it must be before `12:00:00`"],
    ["a TIME that does not exist", { type: "TIME" }, "25:00", "`25:00` is no such time"],
    ["a DURATION too short", { type: "DURATION", min: "PT10S" }, "PT5S", "it must be more than `PT10S`"],
    ["a DURATION too long", { type: "DURATION", max: "PT10S" }, "PT1H", "it must be less than `PT10S`"],
    ["a DURATION that is none", { type: "DURATION" }, "1 hour", "it must be a duration, like `PT1H30M`"],
    [
      "a DURATION without measure",
      { type: "DURATION", max: "PT10S" },
      "P99999999999Y",
      "`P99999999999Y` is no such duration",
    ],
    [
      "a SELECT of another value",
      { type: "SELECT", values: ["A", "B"] },
      "C",
      "it must match the values `[A, B]`",
    ],
    [
      "an ENUM of another value",
      { type: "ENUM", values: ["A", "B"] },
      "C",
      "it must match the values `[A, B]`",
    ],
    [
      "a MULTISELECT with another value",
      { type: "MULTISELECT", values: ["A", "B"] },
      ["A", "C"],
      "it must match the values `[A, B]`",
    ],
    ["a URI without a scheme", { type: "URI" }, "example.com", "Invalid URI format."],
    ["an EMAIL that is none", { type: "EMAIL" }, "a@b", "The input must be a valid email"],
    [
      "an ARRAY with an element of another type",
      { type: "ARRAY", itemType: "INT" },
      ["s1"],
      "Unable to parse array element as `INT` on `s1`",
    ],
    ["an ARRAY that is none", { type: "ARRAY", itemType: "INT" }, 3, "it must be a list"],
    ["a JSON that is none", { type: "JSON" }, "{", "it must be valid JSON"],
    [
      "an object for a plain type",
      { type: "INT" },
      {},
      "it must be a single value of type INT, not a JSON object",
    ],
  ];
  for (const [title, definition, given, cause] of refused) {
    it(`refuses ${title}`, async () =>
      assert.rejects(checkOne(definition, given), {
        code: "RP422",
        reason: "invalid_inputs",
        message: `Invalid value for input \`x\`. Cause: ${cause}`,
      }));
  }

  it("refuses a value whose pattern Postgres does not understand", () =>
    assert.rejects(checkOne({ type: "STRING", validator: "\\p{Foo}+" }, "a"), {
      code: "RP422",
      reason: "invalid_inputs",
    }));

  it("takes patterns that are written for Java", async () => {
    assert.equal(await checkOne({ type: "STRING", validator: "\\p{L}+" }, "Größe"), "Größe");
    assert.equal(await checkOne({ type: "STRING", validator: "[\\p{Lu}0-9]+" }, "Ä1"), "Ä1");
    assert.equal(await checkOne({ type: "STRING", validator: "(?i)abc" }, "ABC"), "ABC");
    await assert.rejects(checkOne({ type: "STRING", validator: "a.b" }, "a\nb"));
    assert.equal(await checkOne({ type: "STRING", validator: "(?!x)[a-z]+" }, "abc"), "abc");
  });

  it("names every fault at once", () =>
    assert.rejects(
      check(
        [
          { id: "a", type: "STRING" },
          { id: "b", type: "INT" },
        ],
        { b: "x", c: 1 },
      ),
      {
        code: "RP422",
        reason: "invalid_inputs",
        message:
          "Unknown input `c`.\nMissing required input:a\nInvalid value for input `b`. Cause: it must be an integer",
      },
    ));

  it("refuses inputs that are no object", () =>
    assert.rejects(check([], [1]), {
      code: "RP400",
      reason: "malformed_inputs",
      message: "Inputs are a JSON object, not array.",
    }));

  it("takes nested ids dotted and nested, and gives them nested", async () => {
    const definitions = [
      { id: "nested.more.int", type: "INT" },
      { id: "nested.bool", type: "BOOL" },
    ];
    const kept = { nested: { more: { int: 1 }, bool: true } };
    assert.deepEqual(await check(definitions, { "nested.more.int": "1", "nested.bool": "true" }), kept);
    assert.deepEqual(await check(definitions, { nested: { more: { int: 1 }, bool: true } }), kept);
    await assert.rejects(check(definitions, { nested: { more: { int: 1, other: 2 }, bool: true } }), {
      message: "Unknown input `nested.more.other`.",
    });
  });

  it("fills in constant defaults, also for null", async () => {
    const definitions = [{ id: "x", type: "INT", defaults: 7 }];
    assert.deepEqual(await check(definitions, {}), { x: 7 });
    assert.deepEqual(await check(definitions, { x: null }), { x: 7 });
    assert.deepEqual(await check(definitions, { x: 1 }), { x: 1 });
  });

  it("gives null for what is neither required nor given", async () =>
    assert.deepEqual(await check([{ id: "x", type: "INT", required: false }], {}), { x: null }));

  it("leaves out what a worker has to render", async () =>
    assert.deepEqual(
      await check([{ id: "x", type: "INT", isTemplated: true, defaults: "{{ 1 }}" }], {}),
      {},
    ));
});
