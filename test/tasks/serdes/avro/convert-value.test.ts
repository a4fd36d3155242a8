import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { convert, failure } from "./convert-all.ts";

const millis = { type: "long", logicalType: "timestamp-millis" };
const micros = { type: "long", logicalType: "timestamp-micros" };
const localMillis = { type: "long", logicalType: "local-timestamp-millis" };
const date = { type: "int", logicalType: "date" };
const timeMillis = { type: "int", logicalType: "time-millis" };
const timeMicros = { type: "long", logicalType: "time-micros" };
const decimal = { type: "bytes", logicalType: "decimal", precision: 6, scale: 2 };
const uuid = { type: "string", logicalType: "uuid" };
const color = { type: "enum", name: "Color", symbols: ["RED", "BLUE"] };
const two = { type: "fixed", name: "Two", size: 2 };
const spaced = { datetimeFormat: "yyyy-MM-dd' 'HH:mm:ss[.SSS]" };

describe("createConvert", () => {
  const values: [type: unknown, ion: string, value: unknown, given?: Record<string, unknown>][] = [
    ["string", '"x"', "x"],
    ["string", '""', ""],
    ["string", "null", "null"],
    ["string", "12", "12"],
    ["string", "1e10", "1.0E10"],
    ["string", "1.50", "1.50"],
    ["string", "true", "true"],
    ["string", "2024-01-02", "2024-01-02"],
    ["string", '{a:[1,"x"]}', "{a=[1, x]}"],
    ["int", '"12"', 12],
    ["int", '"+12"', 12],
    ["int", "-12", -12],
    ["long", '"9007199254740993"', 9007199254740993n],
    ["long", "12", 12],
    ["double", '"1.5"', 1.5],
    ["double", '" 1e3 "', 1000],
    ["double", '"NaN"', Number.NaN],
    ["double", '"1,5"', 1.5, { decimalSeparator: "," }],
    ["double", "2", 2],
    ["double", "1.5", 1.5],
    ["float", '"0.1"', Math.fround(0.1)],
    ["boolean", '"Yes"', true],
    ["boolean", '""', false],
    ["boolean", "1", true],
    ["boolean", "false", false],
    ["boolean", '"ja"', true, { trueValues: ["Ja"] }],
    ["boolean", '"nein"', false, { falseValues: ["NEIN"] }],
    ["bytes", '"é"', Buffer.from("é")],
    ["bytes", "{{aGk=}}", Buffer.from("hi")],
    ["null", '"n/A"', null],
    ["null", '"-"', null, { nullValues: ["-"] }],
    [["null", "double"], '""', null],
    [["null", "double"], "null", null],
    [["null", "double"], '"1.5"', { double: 1.5 }],
    [["string", "null"], "null", { string: "null" }],
    [["int", "string"], '"x"', { string: "x" }],
    [["int", "string"], '"12"', { int: 12 }],
    [["null", date], '"2024-02-03"', { int: 19756 }],
    [millis, '"2024-09-06 08:38:53.123"', 1725611933123, spaced],
    [millis, '"2024-09-06 08:38:53"', 1725611933000, spaced],
    [millis, '"2024-09-06T08:38Z"', 1725611880000],
    [millis, '"2024-09-06T10:38:53.000123+02:00"', 1725611933000],
    [millis, '"2024-09-06 10:38:53"', 1725611933000, { ...spaced, timeZoneId: "Europe/Zurich" }],
    [millis, '"1725611933123"', 1725611933123],
    [millis, "1725611933123", 1725611933123],
    [millis, "2024-09-06T08:38:53.123Z", 1725611933123],
    [millis, 'LocalDateTime::"2024-09-06T10:38:53"', 1725611933000, { timeZoneId: "Europe/Zurich" }],
    [micros, '"2024-09-06T08:38:53.000123"', 1725611933000123],
    [micros, '"9999-12-31T23:59:59.999999"', 253402300799999999n],
    [micros, '"1725611933000123"', 1725611933000123],
    [micros, "1969-12-31T23:59:59.999999Z", -1],
    [localMillis, '"2024-09-06T08:38:53.000000Z"', 1725619133000, { timeZoneId: "Europe/Zurich" }],
    [date, '"1969-12-31"', -1],
    [date, '"2024-02-03+02:00"', 19756],
    [date, '"03.02.2024"', 19756, { dateFormat: "dd.MM.yyyy" }],
    [date, "2024-02-03", 19756],
    [timeMillis, '"01:02:03.000004"', 3723000],
    [timeMicros, '"01:02:03.000004"', 3723000004],
    [timeMicros, '"1.02"', 3720000000, { timeFormat: "H.mm" }],
    [decimal, '"1.005"', "1.00"],
    [decimal, '"1.015"', "1.02"],
    [decimal, '"-1,5"', "-1.50", { decimalSeparator: "," }],
    [decimal, "12", "12.00"],
    [decimal, "1.25e0", "1.25"],
    [uuid, '"0-1-2-3-ABC"', "00000000-0001-0002-0003-000000000abc"],
    [color, '"BLUE"', "BLUE"],
    [two, '"ab"', Buffer.from("ab")],
    [{ type: "array", items: "int" }, '["1",2]', [1, 2]],
    [{ type: "map", values: "double" }, '{a:"1.5"}', Object.assign(Object.create(null), { a: 1.5 })],
    [{ type: "record", name: "P", fields: [{ name: "x", type: "int" }] }, '{x:"1",y:2}', { x: 1 }],
    [["null", "boolean", "string"], '"yes"', { boolean: true }, { inferAllFields: true }],
    [["string", "null"], '"NA"', null, { inferAllFields: true }],
    ["string", '"yes"', "yes", { inferAllFields: true }],
  ];
  for (const [type, ion, value, given] of values) {
    const how = given ? ` with ${JSON.stringify(given)}` : "";
    it(`makes ${JSON.stringify(value, (_, v) => (typeof v === "bigint" ? String(v) : v))} of ${ion} as ${JSON.stringify(type)}${how}`, async () =>
      assert.deepEqual(await convert(type, ion, given), value));
  }

  const failures: [type: unknown, ion: string, text: string, given?: Record<string, unknown>][] = [
    ["double", '""', "empty String"],
    ["double", '"x"', 'For input string: "x"'],
    ["double", "null", "null is no java.lang.Double"],
    ["int", '"12.0"', 'For input string: "12.0"'],
    ["int", '"2147483648"', 'For input string: "2147483648"'],
    ["int", "1e0", "class java.lang.Double cannot be cast to class java.lang.Integer"],
    ["long", '"9223372036854775808"', 'For input string: "9223372036854775808"'],
    ["long", "9223372036854775808", "class java.math.BigInteger cannot be cast to class java.lang.Long"],
    ["boolean", '"perhaps"', "class java.lang.String cannot be cast to class java.lang.Boolean"],
    ["null", '"x"', "Unknown type for null values, found java.lang.String"],
    [["null", "double"], '"x"', 'Invalid data for schema "UNION"'],
    [color, '"GREEN"', "Invalid enum value, found GREEN, expected [RED, BLUE]"],
    [two, '"abc"', "Invalid length for fixed size, found 3, expexted 2"],
    [uuid, '"x"', "Invalid UUID string: x"],
    [decimal, '"1x"', "Character x is neither a decimal digit number, decimal point"],
    [decimal, '"123456.7"', "Cannot encode decimal with precision 8 as max precision 6"],
    [
      millis,
      '"2024-09-06 08:38:53.123"',
      "Text '2024-09-06 08:38:53.123' could not be parsed at index 2",
      { datetimeFormat: "yy-MM-dd' 'HH:mm:ss" },
    ],
    [
      millis,
      '"2024-09-06 08:38:53.123"',
      "Text '2024-09-06 08:38:53.123' could not be parsed, unparsed text found at index 19",
      { datetimeFormat: "yyyy-MM-dd HH:mm:ss" },
    ],
    [
      millis,
      '"2024-09-06"',
      "Unable to obtain LocalDateTime from TemporalAccessor",
      { datetimeFormat: "yyyy-MM-dd" },
    ],
    [date, '"2024-13-01"', "Text '2024-13-01' could not be parsed"],
    [timeMillis, '"x"', "Text 'x' could not be parsed at index 0"],
    [
      { type: "array", items: "int" },
      '"x"',
      "class java.lang.String cannot be cast to class java.util.Collection",
    ],
  ];
  for (const [type, ion, text, given] of failures) {
    it(`says of ${ion} as ${JSON.stringify(type)}: ${text}`, async () => {
      const { message, details } = await failure(type, ion, given);
      assert.ok(message.startsWith("Row 1, field f: "), message);
      assert.ok(message.includes(text), message);
      assert.equal((details as { row: number }).row, 1);
    });
  }
});
