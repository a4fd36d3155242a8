import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WholeFloat } from "../../../src/base/whole-float.ts";
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
    ["INT with a sign", { type: "INT" }, "+5", 5],
    ["INT at its limits", { type: "INT", min: 1, max: 1 }, 1, 1],
    ["FLOAT", { type: "FLOAT" }, "-1.5e2", new WholeFloat(-150)],
    ["BOOL", { type: "BOOL" }, "TRUE", true],
    ["BOOLEAN", { type: "BOOLEAN" }, false, false],
    ["BOOL, whatever is not true", { type: "BOOL" }, "yes", false],
    ["FLOAT of 32 bits", { type: "FLOAT" }, "123456789.123", new WholeFloat(123456790)],
    ["FLOAT as Java reads it", { type: "FLOAT" }, " 42.42F ", 42.42],
    [
      "DATETIME with an offset",
      { type: "DATETIME" },
      "2023-01-01T10:00:00.5+02:00",
      "2023-01-01T08:00:00.500Z",
    ],
    ["TIME with a fraction", { type: "TIME" }, "18:27:49.120", "18:27:49.12"],
    ["SELECT that is not required", { type: "SELECT", values: ["A"], required: false }, "Z", "Z"],
    ["DURATION in small letters", { type: "DURATION" }, "pt5m6.5s", 306.5],
    ["DURATION below zero", { type: "DURATION" }, "-P1D", new WholeFloat(-86_400)],
    ["EMAIL that is empty", { type: "EMAIL" }, "", ""],
    ["EMAIL of an output, whatever it is", { type: "EMAIL", isOutput: true }, "a.b", "a.b"],
    ["URI with a path alone", { type: "URI" }, "file:///a", "file:///a"],
    ["URI without slashes", { type: "URI" }, "jdbc:duckdb:", "jdbc:duckdb:"],
    ["YAML that is read", { type: "YAML" }, { a: 1 }, { a: 1 }],
    ["DATETIME", { type: "DATETIME" }, "2024-05-31T09:30:00Z", "2024-05-31T09:30:00Z"],
    ["DATE", { type: "DATE" }, "2024-02-29", "2024-02-29"],
    ["TIME", { type: "TIME" }, "23:59", "23:59:00"],
    ["DURATION", { type: "DURATION", min: "PT1S", max: "P1D" }, "PT1H30M", new WholeFloat(5400)],
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
    ["an INT that is none", { type: "INT" }, "1.5", 'For input string: "1.5"'],
    ["a FLOAT below its least", { type: "FLOAT", min: 1.5 }, 1.4, "it must be more than `1.5`"],
    ["a FLOAT that is none", { type: "FLOAT" }, "NaN", 'For input string: "NaN"'],
    ["an INT that is empty", { type: "INT" }, "", 'For input string: ""'],
    ["an INT with blanks", { type: "INT" }, " 5", 'For input string: " 5"'],
    ["an INT of 64 bits", { type: "INT" }, 3_000_000_000, 'For input string: "3000000000"'],
    ["a FLOAT that is empty", { type: "FLOAT" }, "", "empty String"],
    ["a FLOAT below a whole limit", { type: "FLOAT", min: 10 }, 9.5, "it must be more than `10.0`"],
    ["a TIME with a short hour", { type: "TIME" }, "9:00", "Text '9:00' could not be parsed at index 0"],
    [
      "a DATE of another order",
      { type: "DATE" },
      "06/10/2019",
      "Text '06/10/2019' could not be parsed at index 0",
    ],
    [
      "a DATE with a time",
      { type: "DATE" },
      "2019-10-06T10",
      "Text '2019-10-06T10' could not be parsed, unparsed text found at index 10",
    ],
    [
      "a DATETIME without seconds",
      { type: "DATETIME" },
      "2023-01-01T10:00Z",
      "Text '2023-01-01T10:00Z' could not be parsed at index 16",
    ],
    [
      "a DATETIME that is a date",
      { type: "DATETIME" },
      "2023-01-01",
      "Text '2023-01-01' could not be parsed at index 10",
    ],
    ["a TIME too early", { type: "TIME", after: "01:00:00" }, "00:59", "it must be after `01:00`"],
    ["a DURATION of weeks", { type: "DURATION" }, "P1W", "Text cannot be parsed to a Duration"],
    ["a URI with a blank", { type: "URI" }, "not a uri", "Illegal character in path at index 3: not a uri"],
    ["a URI that is empty", { type: "URI" }, "", "Invalid URI format."],
    [
      "a FILE that is none of ours",
      { type: "FILE" },
      "kestra:///a/b.csv",
      "There is no file kestra:///a/b.csv.",
    ],
    [
      "a FILE of this machine",
      { type: "FILE" },
      "/etc/passwd",
      "`/etc/passwd` is no stored file: upload it, or give the URI of one, like `kestra:///company/team/…`",
    ],
    [
      "a FILE of a namespace",
      { type: "FILE" },
      "nsfile:///a/b.csv",
      "`nsfile:///a/b.csv` is a file of the namespace, which is not supported yet",
    ],
    [
      "a FILE of another kind",
      { type: "FILE", allowedFileExtensions: [".csv", ".txt"] },
      "kestra:///a.json",
      "File type not allowed. Accepted extensions: .csv, .txt",
    ],
    [
      "a SECRET in the clear",
      { type: "SECRET" },
      "x",
      "a secret is encrypted before it comes to Postgres, which has no key",
    ],
    [
      "a SECRET in the clear that depends on others",
      { type: "SECRET", isDeferred: true },
      "x",
      "a secret is encrypted before it comes to Postgres, which has no key",
    ],
    ["a JSON that is empty", { type: "JSON" }, "", "No content to map due to end-of-input"],
    [
      "every stranger in a MULTISELECT",
      { type: "MULTISELECT", values: ["A", "B"], required: false },
      ["F", "A", "G"],
      "value `F` doesn't match the values `[A, B]`\nvalue `G` doesn't match the values `[A, B]`",
    ],
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
    [
      "a DATE that does not exist",
      { type: "DATE" },
      "2023-02-29",
      "Text '2023-02-29' could not be parsed: Invalid date 'February 29' as '2023' is not a leap year",
    ],
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
      "Text '2024-01-01T00:00:00' could not be parsed at index 19",
    ],
    [
      "a DATETIME in a zone that does not exist",
      { type: "DATETIME" },
      "2024-01-01T00:00:00+99:00",
      "Text '2024-01-01T00:00:00+99:00' could not be parsed at index 0",
    ],
    ["a TIME too late", { type: "TIME", before: "12:00:00" }, "12:00:01", "it must be before `12:00`"],
    [
      "a TIME that does not exist",
      { type: "TIME" },
      "25:00",
      "Text '25:00' could not be parsed: Invalid value for HourOfDay (valid values 0 - 23): 25",
    ],
    ["a DURATION too short", { type: "DURATION", min: "PT10S" }, "PT5S", "It must be more than `PT10S`"],
    ["a DURATION too long", { type: "DURATION", max: "PT10S" }, "PT1H", "It must be less than `PT10S`"],
    ["a DURATION that is none", { type: "DURATION" }, "1 hour", "Text cannot be parsed to a Duration"],
    [
      "a DURATION without measure",
      { type: "DURATION", max: "PT10S" },
      "P99999999999Y",
      "Text cannot be parsed to a Duration",
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
      "value `C` doesn't match the values `[A, B]`",
    ],
    ["a URI without a scheme", { type: "URI" }, "example.com", "Invalid URI format."],
    ["a URI of a scheme alone", { type: "URI" }, "http://", "Expected authority at index 7: http://"],
    ["an EMAIL that is none", { type: "EMAIL" }, "a.b", "The input must be a valid email"],
    [
      "an ARRAY with an element of another type",
      { type: "ARRAY", itemType: "INT" },
      ["s1"],
      "Unable to parse array element as `INT` on `s1`",
    ],
    ["an ARRAY that is none", { type: "ARRAY", itemType: "INT" }, 3, "it must be a list"],
    [
      "a JSON that is none",
      { type: "JSON" },
      "{",
      "it must be valid JSON: The input string ended unexpectedly.",
    ],
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

  it("names the fields of a form that is given as a value", async () => {
    const form = [
      { id: "db.port", type: "INT", required: false },
      { id: "db.ssl", type: "BOOL", required: false },
      { id: "dbx", type: "INT", required: false },
    ];
    const hint = "`db` is a form: give `db.port`, `db.ssl`.";
    await assert.rejects(check(form, { db: 7 }), { message: "Unknown input `db`.", hint });
    const unknown = check(form, { db: { other: 1 } });
    await assert.rejects(unknown, { message: "Unknown input `db.other`.", hint: /^The inputs of the flow/ });
  });
});
