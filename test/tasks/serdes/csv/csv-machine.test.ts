import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readHeader } from "../../../../src/tasks/serdes/csv/csv-header.ts";
import { createCsvMachine } from "../../../../src/tasks/serdes/csv/csv-machine.ts";

describe("createCsvMachine", () => {
  it("reads as a plain reader would, however the file is cut into chunks", () => {
    const field = fc.string({
      unit: fc.constantFrom("a", "é", "\\", "N", '"', ",", "\n", "\r", " ", "\u0001"),
      maxLength: 6,
    });
    const written = fc
      .tuple(field, fc.boolean())
      .map(([value, isQuoted]) =>
        isQuoted || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value,
      );
    const rows = fc.array(fc.array(written, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 });
    const lineEnd = fc.constantFrom("\n", "\r\n", "\r");
    fc.assert(
      fc.property(
        rows,
        lineEnd,
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        (rows, lineEnd, hasEnd, cut) => {
          const csv = rows.map((row) => row.join(",")).join(lineEnd) + (hasEnd ? lineEnd : "");
          const expected = plainRows(csv);
          assert.deepEqual(machineRows(csv, cut, false), expected);

          const [names = [], ...data] = expected.map((row) => row.map((value) => value ?? "\\N"));
          // Node 24 parses {"":1,"\\"":2} with a wrong second key once it has seen {"":1,"\\\\":2}, and so for other keys with escapes: a
          // fault of its JSON.parse, behind an empty key.
          fc.pre(!names.includes("") || names.every((name) => JSON.stringify(name) === `"${name}"`));
          const kept = names.slice(0, names.findLastIndex((name) => name !== "") + 1 || names.length);
          const records = data
            .filter((row) => row.length === names.length)
            .map((row) => [...new Map(kept.map((name, index) => [name, nullable(row[index])]))]);
          const bad: (string | null)[][] = [];
          assert.deepEqual(machineRows(csv, cut, true, bad).map(entriesOf), records);
          // Columns without a name, which are dropped, are not shown either.
          const wrong = data.filter((row) => row.length !== names.length);
          const shown = wrong.map((row) => [...row.slice(0, kept.length), ...row.slice(names.length)]);
          assert.deepEqual(
            bad,
            shown.map((row) => row.map(nullable)),
          );
        },
      ),
      // Two columns of one name, one without, and a row of four fields.
      { numRuns: 1500, examples: [[[["a", "a", ""], ["1", "2", "3", "4"], [""]], "\n", false, 1]] },
    );
  });
});

function machineRows(
  csv: string,
  cut: number,
  hasHeader: boolean,
  bad: (string | null)[][] = [],
): (string | null)[][] {
  const machine = createCsvMachine({
    separator: ",",
    quote: '"',
    skipEmptyRows: false,
    allowExtraCharsAfterClosingQuote: false,
    maxFieldSize: 1000,
    skipRows: 0,
    readHeader: hasHeader ? (names) => readHeader(names, "DROP") : undefined,
    onBadRow: (_, fields) => void bad.push(fields()),
    onLargeField: () => assert.fail("too large"),
  });
  const bytes = Buffer.from(csv);
  const blocks: Buffer[] = [];
  // Every chunk is a new buffer, so that nothing is read behind its end.
  for (let at = 0; at < bytes.length; at += cut) {
    blocks.push(Buffer.from(machine.push(Buffer.from(bytes.subarray(at, at + cut))) ?? []));
  }
  blocks.push(machine.end());
  const lines = Buffer.concat(blocks).toString().split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

/** CSV by the book, one character after the other. */
function plainRows(csv: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  let at = 0;
  while (at < csv.length) {
    let value = "";
    if (csv[at] === '"') {
      at++;
      for (; at < csv.length; at++) {
        if (csv[at] !== '"') value += csv[at];
        else if (csv[at + 1] === '"') value += csv[at++];
        else break;
      }
      at++;
    } else while (at < csv.length && !/[,\r\n]/.test(csv[at] as string)) value += csv[at++];
    row.push(nullable(value));
    if (csv[at] === ",") {
      at++;
      // A separator at the end of the file leaves one more empty field.
      if (at < csv.length) continue;
      row.push("");
    }
    rows.push(row);
    row = [];
    at += csv.startsWith("\r\n", at) ? 2 : 1;
  }
  return rows;
}

function nullable(value: string | null | undefined): string | null {
  return value === "\\N" ? null : (value ?? null);
}

function entriesOf(row: unknown): unknown {
  return Object.entries(row as object);
}
