import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { csvToIon } from "../../../../src/tasks/serdes/csv/csv-to-ion.ts";
import { aTaskContext, runTask } from "../../task-context.ts";

async function convert(csv: string | Uint8Array, properties: Record<string, unknown> = {}) {
  await using context = await aTaskContext();
  const from = await context.give("rides.csv", typeof csv === "string" ? Buffer.from(csv) : csv);
  const { uri, size } = await runTask(csvToIon, { from, ...properties }, context);
  const text = (await context.take(uri)).toString();
  const rows = text.split("\n").slice(0, -1);
  assert.equal(rows.length, size);
  return { rows, uri, lines: context.lines };
}

async function failure(csv: string, properties: Record<string, unknown> = {}) {
  await using context = await aTaskContext();
  const from = await context.give("rides.csv", Buffer.from(csv));
  let error: unknown;
  await runTask(csvToIon, { from, ...properties }, context).catch((thrown) => (error = thrown));
  assert.ok(error instanceof Error, "it did not fail");
  const [file, ...others] = await context.filesLeft();
  assert.match(String(file), /rides\.csv$/);
  assert.deepEqual(others, [], "something was stored");
  return error as Error & { reason?: string; details?: unknown };
}

describe("io.kestra.plugin.serdes.csv.CsvToIon", () => {
  const cases: [title: string, csv: string, properties: Record<string, unknown>, rows: string[]][] = [
    [
      "writes one record a line, all values as text",
      "id,n\na,1\nb,2\n",
      {},
      ['{"id":"a","n":"1"}', '{"id":"b","n":"2"}'],
    ],
    ["takes a last row without a line end", "id\na", {}, ['{"id":"a"}']],
    [
      "takes the line ends of Windows and of old Macs",
      "id,n\r\na,1\r\nb,2\r",
      {},
      ['{"id":"a","n":"1"}', '{"id":"b","n":"2"}'],
    ],
    ["keeps empty fields as empty text", "id,n\na,\n", {}, ['{"id":"a","n":""}']],
    ["reads \\N as null, quoted or not", 'id,n\n\\N,"\\N"\n', {}, ['{"id":null,"n":null}']],
    ["keeps what only looks like \\N", "id,n\n\\n,\\NN\n", {}, ['{"id":"\\\\n","n":"\\\\NN"}']],
    [
      "reads quoted separators, line ends and doubled quotes",
      'id,n\n"a,b","x\n""y"""\n',
      {},
      ['{"id":"a,b","n":"x\\u000a\\"y\\""}'],
    ],
    ["keeps a quote inside an unquoted field", 'id\na"b"\n', {}, ['{"id":"a\\"b\\""}']],
    ["writes lists where there is no header", "a,1\n\\N,2\n", { header: false }, ['["a","1"]', '[null,"2"]']],
    [
      "keeps rows of different lengths where there is no header",
      "a\nb,c\n\n",
      { header: "false" },
      ['["a"]', '["b","c"]', '[""]'],
    ],
    ["splits at another separator", "id;n\na,b;1\n", { fieldSeparator: ";" }, ['{"id":"a,b","n":"1"}']],
    ["splits at tabs", "id\tn\na\t1\n", { fieldSeparator: "\t" }, ['{"id":"a","n":"1"}']],
    [
      "splits at a character of several bytes",
      "id§n\n'a§b'§x\n",
      { fieldSeparator: "§", textDelimiter: "'" },
      ['{"id":"a§b","n":"x"}'],
    ],
    [
      "unquotes another delimiter, also of several bytes",
      'id\n«a"«\n««\n',
      { textDelimiter: "«" },
      ['{"id":"a\\""}', '{"id":""}'],
    ],
    [
      "leaves out empty rows when asked to",
      'id\n\na\n\n""\n',
      { skipEmptyRows: true },
      ['{"id":"a"}', '{"id":""}'],
    ],
    ["takes an empty row for one of an empty field otherwise", "id\n\na\n", {}, ['{"id":""}', '{"id":"a"}']],
    ["skips rows after the header", "id\na\nb\nc\n", { skipRows: 2 }, ['{"id":"c"}']],
    ["skips the first rows where there is no header", "a\nb\n", { header: false, skipRows: "1" }, ['["b"]']],
    ["drops trailing columns without a name", "id,,n,,\na,1,2,3,4\n", {}, ['{"id":"a","":"1","n":"2"}']],
    [
      "keeps the columns of a header that is all empty, the last value counting",
      ",\na,b\n",
      {},
      ['{"":"b"}'],
    ],
    [
      "names columns without a name when asked to",
      "id,,col_1,\na,b,c,d\n",
      { onEmptyHeader: "RENAME" },
      ['{"id":"a","col_1_2":"b","col_1":"c","col_3":"d"}'],
    ],
    ["gives the last value of columns with one name", "id,n,id\na,1,b\n", {}, ['{"id":"b","n":"1"}']],
    [
      "joins what follows a closing quote when asked to",
      'id,n\n"a"b"c,1\n',
      { allowExtraCharsAfterClosingQuote: true },
      ['{"id":"ab\\"c","n":"1"}'],
    ],
    ["escapes what JSON wants escaped, in names too", 'a"b\n\\\t\n', {}, ['{"a\\"b":"\\\\\\u0009"}']],
    [
      "leaves out bad rows silently with SKIP",
      "id,n\na\nb,1,2\nc,3\n",
      { onBadLines: "SKIP" },
      ['{"id":"c","n":"3"}'],
    ],
    [
      "goes on after a row with characters behind a quote",
      'id,n\n"a"x,"1"\nb,2\n',
      { onBadLines: "SKIP" },
      ['{"id":"b","n":"2"}'],
    ],
    ["takes an empty file", "", {}, []],
    ["takes a file of a header alone", "id,n\n", {}, []],
    [
      "knows columns whose names JavaScript knows too",
      "__proto__,constructor\na,b\n",
      {},
      ['{"__proto__":"a","constructor":"b"}'],
    ],
    ["ignores errorOnDifferentFieldCount", "id\na\n", { errorOnDifferentFieldCount: true }, ['{"id":"a"}']],
  ];
  for (const [title, csv, properties, rows] of cases) {
    it(title, async () => assert.deepEqual((await convert(csv, properties)).rows, rows));
  }

  it("leaves out the byte order mark of UTF-8", async () => {
    assert.deepEqual((await convert("\uFEFFid\né\n")).rows, ['{"id":"é"}']);
  });

  it("reads other charsets", async () => {
    const latin = Buffer.from("id\n\xe9\x80\n", "latin1");
    assert.deepEqual((await convert(latin, { charset: "ISO-8859-1" })).rows, ['{"id":"é\x80"}']);
    assert.deepEqual((await convert(latin, { charset: "windows-1252" })).rows, ['{"id":"é€"}']);
    assert.deepEqual((await convert(latin, { charset: "US-ASCII" })).rows, ['{"id":"\uFFFD\uFFFD"}']);
    const wide = Buffer.from("\uFEFFid\nü\n", "utf16le");
    assert.deepEqual((await convert(wide, { charset: "UTF-16" })).rows, ['{"id":"ü"}']);
  });

  it("replaces what is no UTF-8", async () => {
    assert.deepEqual((await convert(Buffer.from("id\na\xe9b\n", "latin1"))).rows, ['{"id":"a\uFFFDb"}']);
  });

  it("is called like its source", async () => {
    assert.match((await convert("id\na\n")).uri, /rides\.ion$/);
  });

  it("says which row has the wrong number of fields, and stores nothing", async () => {
    const error = await failure('id,n\n"a\nb",1\nc\n');
    assert.equal(
      error.message,
      'Line 4 of the CSV file does not fit. Bad line encountered (field count mismatch): Expected 2, got 1 fields. It holds "c".',
    );
    assert.equal(error.reason, "csv_bad_line");
    assert.deepEqual(error.details, {
      row: 4,
      problem: "field count mismatch",
      expected: 2,
      got: 1,
      fields: ["c"],
    });
  });

  it("shows what a bad row holds: its own fields too, and of each the beginning", async () => {
    const long = "x".repeat(100);
    assert.match(
      (await failure(`2,1\na,"b ""c""",\\N,${long}\n`)).message,
      /It holds "a", "b \\"c\\"", null, "x{40}…"\.$/,
    );
    assert.match((await failure(`a\n${"1,".repeat(50)}\n`)).message, /It holds ("1", ){12}"…"\.$/);
  });

  const unclosed: [title: string, csv: string, message: RegExp][] = [
    [
      "in the last field",
      'id,n\n1,2\n3,"open\n4,5\n',
      /^Line 3 .*opens on line 3 is never closed\)\. It holds "3", "open\\n4,5\\n"\.$/,
    ],
    ["in a row that begins before", 'id,n\n"a\nb","c\n', /^Line 2 .*opens on line 3 is never closed/],
    ["beyond the columns", 'id\na,"b', /^Line 2 .*opens on line 2 .*It holds "a", "b"\.$/],
    ["in the header", '"id,n\n1,2\n', /^Line 1 .*opens on line 1 .*It holds "id,n\\n1,2\\n"\.$/],
    ["where there is nothing else", 'id\n"', /^Line 2 .*It holds ""\.$/],
  ];
  for (const [title, csv, message] of unclosed) {
    it(`refuses a quote that is never closed, ${title}`, async () => {
      const error = await failure(csv);
      assert.match(error.message, message);
      assert.equal(error.reason, "csv_bad_line");
    });
  }

  it("leaves out what stands behind a quote that is never closed, where bad lines are", async () => {
    const csv = 'id,n\n1,2\n3,"open\n4,5\n';
    const { rows, lines } = await convert(csv, { onBadLines: "WARN" });
    assert.deepEqual(rows, ['{"id":"1","n":"2"}']);
    assert.match(lines.join(), /^WARN Line 3 is left out\. .*never closed/);
    assert.deepEqual((await convert(csv, { onBadLines: "SKIP" })).lines, []);
  });

  it("counts dropped columns as fields of a row", async () => {
    assert.match((await failure("id,\na\n")).message, /Expected 2, got 1 fields/);
  });

  it("says which row has characters behind a closing quote", async () => {
    assert.match(
      (await failure('id\n"a"b\n')).message,
      /^Line 2 .* Bad line encountered \(unexpected character after closing quote: 'b'\)\. It holds "a"\.$/,
    );
  });

  it("tells of each row that it leaves out with WARN, up to a hundred", async () => {
    const { rows, lines } = await convert(`id,n\n${"a\n".repeat(150)}b,1\n`, { onBadLines: "WARN" });
    assert.deepEqual(rows, ['{"id":"b","n":"1"}']);
    assert.equal(lines.length, 101);
    assert.equal(
      lines[0],
      'WARN Line 2 is left out. Bad line encountered (field count mismatch): Expected 2, got 1 fields. It holds "a".',
    );
    assert.equal(lines[100], "WARN 50 more bad lines are not shown.");
  });

  it("tells of columns that it drops and of names that collide", async () => {
    const { lines } = await convert("a,a,\n1,2,3\n");
    assert.match(String(lines[0]), /Dropped 1 trailing unnamed header column/);
    assert.match(String(lines[1]), /1 duplicate or empty column name/);
  });

  it("refuses fields beyond the limit, in characters", async () => {
    assert.deepEqual((await convert('id\n"éé\n"\n', { maxFieldSize: 3 })).rows, ['{"id":"éé\\u000a"}']);
    const error = await failure('id\n"aaa\nb\nc', { maxFieldSize: 5 });
    assert.equal(error.reason, "csv_field_too_large");
    assert.match(error.message, /line 2 has more than 5 characters/);
    assert.equal((await failure("id\naaaa\n", { maxBufferSize: 3 })).reason, "csv_field_too_large");
  });

  const refused: [property: string, value: unknown][] = [
    ["fieldSeparator", ";;"],
    ["textDelimiter", "\n"],
    ["textDelimiter", ","],
    ["charset", "no-such-charset"],
    ["onBadLines", "IGNORE"],
    ["onEmptyHeader", "KEEP"],
    ["skipRows", -1],
    ["header", "perhaps"],
    ["delimiter", ","],
  ];
  for (const [property, value] of refused) {
    it(`refuses ${property} ${JSON.stringify(value)}`, async () => {
      const error = await failure("id\na\n", { [property]: value });
      assert.equal(error.reason, "invalid_properties");
    });
  }

  it("stops when it is killed, and stores nothing", async () => {
    const controller = new AbortController();
    await using context = await aTaskContext({ signal: controller.signal });
    const from = await context.give("rides.csv", Buffer.from(`id\n${"a\n".repeat(3_000_000)}`));
    const running = runTask(csvToIon, { from }, context);
    setTimeout(() => controller.abort(new Error("killed")), 5);
    await assert.rejects(running, /killed/);
    assert.equal((await context.filesLeft()).length, 1);
  });
});
