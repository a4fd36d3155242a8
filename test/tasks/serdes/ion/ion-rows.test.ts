import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Instant, LocalDate, LocalDateTime, ZonedDateTime } from "@js-joda/core";
import fc from "fast-check";
import { ionRows } from "../../../../src/tasks/serdes/ion/ion-rows.ts";
import { Decimal } from "../../../../src/tasks/serdes/ion/ion-value.ts";
import { pieces } from "../../task-context.ts";

async function read(...parts: string[]) {
  return (await Array.fromAsync(ionRows(pieces(...parts)))).flat();
}

async function values(text: string) {
  return (await read(text)).map(({ value }) => plain(value));
}

/** Structs may lack a prototype, which deepEqual minds. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

describe("ionRows", () => {
  const cases: [title: string, text: string, values: unknown[]][] = [
    ["reads JSON lines", '{"a":"x","b":null,"c":true}\n["y"]\n', [{ a: "x", b: null, c: true }, ["y"]]],
    [
      "reads Kestra's Ion",
      `{ride_id:"7569BC",end_lat:"",'my key':null}\n`,
      [{ ride_id: "7569BC", end_lat: "", "my key": null }],
    ],
    [
      "keeps the digits of numbers in JSON",
      '{"n":12345678901234567890, "d": 1.50}',
      [{ n: 12345678901234567890n, d: new Decimal(150n, 2) }],
    ],
    ["reads ints", "[0, -12, 1_000, 0x1F, -0b101]", [[0n, -12n, 1000n, 31n, -5n]]],
    ["reads floats", "[1e0, -1.5E3, nan, +inf, -inf]", [[1, -1500, Number.NaN, Infinity, -Infinity]]],
    [
      "reads decimals",
      "[1.50, 0., -2d3, 1.5D-2]",
      [[new Decimal(150n, 2), new Decimal(0n, 0), new Decimal(-2n, -3), new Decimal(15n, 3)]],
    ],
    ["reads nulls with types", "[null, null.string, null.struct]", [[null, null, null]]],
    [
      "reads timestamps",
      "[2024-01-02, 2024-01-02T03:04:05.123Z, 2024-01-02T03:04-05:00, 2024T]",
      [
        [
          LocalDate.parse("2024-01-02"),
          Instant.parse("2024-01-02T03:04:05.123Z"),
          ZonedDateTime.parse("2024-01-02T03:04-05:00"),
          LocalDate.parse("2024-01-01"),
        ],
      ],
    ],
    [
      "reads Kestra's annotated times",
      '{t:LocalDateTime::"2024-01-02T03:04:05"}',
      [{ t: LocalDateTime.parse("2024-01-02T03:04:05") }],
    ],
    ["looks through other annotations", "a::b::'c d'::1", [1n]],
    ["reads symbols, quoted and not", "[abc, 'a b', $1]", [["abc", "a b", "$1"]]],
    ["reads escapes", String.raw`["\x41\u00e9\U0001F600\n\"\/\?\0", 'it\'s']`, [['Aé😀\n"/?\0', "it's"]]],
    ["reads long strings", "'''a\n''' '''b'''", ["a\nb"]],
    [
      "takes no blob for a comment",
      "{a:{{//A=}}}\n[{{ // 8= }}]",
      [{ a: Buffer.from([255, 240]) }, [Buffer.from([255, 255])]],
    ],
    ["reads blobs and clobs", '[{{aGVsbG8=}}, {{"hi"}}]', [[Buffer.from("hello"), Buffer.from("hi")]]],
    ["reads s-expressions as lists", "(+ 1 (a))", [["+", 1n, ["a"]]]],
    ["leaves out comments and trailing commas", "{a:1, /* x */ b:[2,],} // end", [{ a: 1n, b: [2n] }]],
    ["leaves out version markers", "$ion_1_0\n{a:1}", [{ a: 1n }]],
    ["reads several values on a line", "1 2 {a:3}", [1n, 2n, { a: 3n }]],
    ["leaves out empty lines", '\n{"a":"x"}\r\n\n', [{ a: "x" }]],
    ["knows fields whose names JavaScript knows too", '{__proto__:"x"}', [JSON.parse('{"__proto__":"x"}')]],
  ];
  for (const [title, text, expected] of cases) {
    it(title, async () => assert.deepEqual(await values(text), expected));
  }

  it("tells binary Ion from what is no Ion", () =>
    assert.rejects(Array.fromAsync(ionRows(pieces(Buffer.from([0xe0, 1, 0, 0xea, 0x21, 1])))), {
      reason: "ion_binary",
    }));

  it("tells on which line each value begins, also of values over several lines", async () => {
    const rows = await read('{"a":"x"}\n{\n a: 1,\n b: "y"\n}\n', '{"a":"z"}\n3 4\n5');
    assert.deepEqual(
      rows.map(({ line }) => line),
      [1, 2, 6, 7, 7, 8],
    );
  });

  it("refuses what is not Ion, and says where", async () => {
    await assert.rejects(read('{"a":"x"}\n{a=1}\n'), (error: { reason?: string; message: string }) => {
      assert.equal(error.reason, "ion_syntax");
      assert.equal(error.message, 'Line 2 of the file is not Ion: unexpected character "=" at column 3.');
      return true;
    });
  });

  it("refuses a value that the file cuts off", () =>
    assert.rejects(
      read('1\n{a:"x"\n'),
      /Line 2 of the file is not Ion: the text ends in the middle of a value/,
    ));

  it("refuses data nested beyond reason instead of overflowing", () =>
    assert.rejects(read("[".repeat(100_000)), /nested too deeply/));

  it("reads JSON as JSON.parse does, numbers aside, in any chunks", async () => {
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.string({ unit: "binary" }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("value")),
        fc.dictionary(fc.string(), tie("value")),
      ),
    })).value;
    await fc.assert(
      fc.asyncProperty(
        fc.array(json, { minLength: 1 }),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (items, cut, isSpaced) => {
          const text = items.map((item) => JSON.stringify(item, null, isSpaced ? 1 : 0)).join("\n");
          const bytes = Buffer.from(text);
          const parts = Array.from({ length: Math.ceil(bytes.length / cut) }, (_, index) =>
            bytes.subarray(index * cut, (index + 1) * cut),
          );
          const rows = (await Array.fromAsync(ionRows(pieces(...parts)))).flat();
          assert.deepEqual(
            rows.map(({ value }) => plain(value)),
            items.map((item) => JSON.parse(JSON.stringify(item))),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
