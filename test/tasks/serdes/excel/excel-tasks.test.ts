import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { excelToIon } from "../../../../src/tasks/serdes/excel/excel-to-ion.ts";
import { ionToExcel } from "../../../../src/tasks/serdes/excel/ion-to-excel.ts";
import { formatNumber } from "../../../../src/tasks/serdes/excel/number-format.ts";
import { ionText } from "../../../../src/tasks/serdes/ion/write-ion.ts";
import { aTaskContext, runTask, type TestContext } from "../../task-context.ts";

async function sheet(context: TestContext, ion: string, given: object = {}): Promise<string> {
  const from = await context.give("rows.ion", Buffer.from(ion));
  return (await runTask(ionToExcel, { from, ...given }, context)).uri;
}

async function rowsOf(
  context: TestContext,
  from: string,
  given: object = {},
): Promise<Record<string, string>> {
  const { uris } = await runTask(excelToIon, { from, ...given }, context);
  const read = Object.entries(uris).map(async ([name, uri]) => [name, (await context.take(uri)).toString()]);
  return Object.fromEntries(await Promise.all(read));
}

describe("io.kestra.plugin.serdes.excel", () => {
  it("gives back what it was given", async () => {
    await using context = await aTaskContext();
    const ion =
      '{a:"x",b:1,c:1.5,d:true,e:2025-04-01,f:null}\n{a:"<&>\\n_x0041_\\x01",b:2,c:3,d:false,e:null,f:"y"}\n{f:"z"}\n';
    const uri = await sheet(context, ion, { sheetsTitle: "Rides" });
    assert.match(uri, /\.xlsx$/);
    assert.deepEqual(await rowsOf(context, uri), {
      Rides:
        '{a:"x",b:1e0,c:1.5e0,d:true,e:"2025-04-01",f:null}\n{a:"<&>\\n_x0041_\\x01",b:2e0,c:3e0,d:false,e:null,f:"y"}\n{a:null,b:null,c:null,d:null,e:null,f:"z"}\n',
    });
  });

  it("gives every text back", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc
            .string({ unit: "grapheme", minLength: 1 })
            .map((one) => one.toWellFormed())
            .filter((one) => !one.startsWith("Formula:")),
          { minLength: 1 },
        ),
        async (cells) => {
          await using context = await aTaskContext();
          const uri = await sheet(context, ionText(cells), { header: false });
          assert.deepEqual(await rowsOf(context, uri, { header: false }), { Sheet: `${ionText(cells)}\n` });
        },
      ),
      { numRuns: 30 },
    ));

  it("writes several sheets, and reads those that are asked for", async () => {
    await using context = await aTaskContext();
    const one = await context.give("a.ion", Buffer.from("{a:1}"));
    const two = await context.give("b.ion", Buffer.from("{b:2}\n{b:3}"));
    const { uri, size } = await runTask(ionToExcel, { from: { "One & two": one, B: two } }, context);
    assert.equal(size, 3);
    assert.deepEqual(await rowsOf(context, uri), { "One & two": "{a:1e0}\n", B: "{b:2e0}\n{b:3e0}\n" });
    assert.deepEqual(await rowsOf(context, uri, { sheetsTitle: ["B", "C"] }), { B: "{b:2e0}\n{b:3e0}\n" });
  });

  it("writes rows that come as JSON, as one list, or one map", async () => {
    await using context = await aTaskContext();
    const rowsFrom = async (from: unknown) => {
      const { uri, size } = await runTask(ionToExcel, { from }, context);
      return [size, (await rowsOf(context, uri)).Sheet];
    };
    assert.deepEqual(await rowsFrom('[{"b":1,"2":"x"},{"b":2,"2":null}]'), [
      2,
      `{b:1e0,'2':"x"}\n{b:2e0,'2':null}\n`,
    ]);
    assert.deepEqual(await rowsFrom([{ a: 1 }]), [1, "{a:1e0}\n"]);
    assert.deepEqual(await rowsFrom('{"a":"kestra"}'), [1, '{a:"kestra"}\n']);
    await assert.rejects(rowsFrom("[1]"), /must be maps/);
    await assert.rejects(rowsFrom("[1"), /Expected JSON/);
  });

  it("names columns by numbers as Kestra does", async () => {
    await using context = await aTaskContext();
    const uri = await sheet(context, '["a",2025,1.5,true]\n[1,2,3,4]\n', { header: false });
    assert.deepEqual(await rowsOf(context, uri), { Sheet: "{a:1e0,'2025.0':2e0,'1.5':3e0,'true':4e0}\n" });
  });

  it("leaves out rows before the header, and behind the first row where there is none", async () => {
    await using context = await aTaskContext();
    const uri = await sheet(context, '["t",null]\n["a","b"]\n[1,2]\n[3,4]\n', { header: false });
    assert.deepEqual(await rowsOf(context, uri, { skipRows: 1 }), {
      Sheet: "{a:1e0,b:2e0}\n{a:3e0,b:4e0}\n",
    });
    assert.deepEqual(await rowsOf(context, uri, { skipRows: 2, header: false }), { Sheet: '["t"]\n[3e0]\n' });
  });

  it("shows whole numbers of eleven digits as they are", async () => {
    await using context = await aTaskContext();
    const uri = await sheet(context, "{a:12345678901,b:99999999999,g:-12345678901}");
    assert.deepEqual(await rowsOf(context, uri, { valueRender: "FORMATTED_VALUE" }), {
      Sheet: '{a:"12345678901",b:"99999999999",g:"-12345678901"}\n',
    });
  });

  it("renders dates as it is asked to", async () => {
    await using context = await aTaskContext();
    const uri = await sheet(context, "{d:2025-04-01,n:0.5}");
    const read = async (given: object) => (await rowsOf(context, uri, given)).Sheet;
    assert.equal(await read({ dateTimeRender: "SERIAL_NUMBER" }), "{d:45748e0,n:0.5e0}\n");
    assert.equal(await read({ dateTimeRender: "FORMATTED_STRING" }), '{d:"2025-04-01",n:0.5e0}\n');
    assert.equal(await read({ valueRender: "FORMATTED_VALUE" }), '{d:"2025-04-01",n:"0.5"}\n');
  });

  const formats: [value: number, format: string, text: string][] = [
    [1234.5, "#,##0.00", "1,234.50"],
    [1234567, "#,##0", "1,234,567"],
    [0.256, "0%", "26%"],
    [0.256, "0.0%", "25.6%"],
    [-5, "0;(0)", "(5)"],
    [12345, "0.00E+00", "1.23E+04"],
    [1.5, '0.0" kg"', "1.5 kg"],
    [7, "000", "007"],
    [0.1 + 0.2, "General", "0.3"],
    [12345678901, "General", "12345678901"],
    [-99999999999, "General", "-99999999999"],
    [1e10, "General", "10000000000"],
    [12345678901.5, "General", "12345678902"],
    [123456789012, "General", "1.23457E+11"],
    [1234567890.25, "General", "1234567890"],
    [123456789.125, "General", "123456789.1"],
    [0.1234567890625, "General", "0.1234567891"],
    [0.0000001, "General", "0.0000001"],
    [1e-10, "General", "1E-10"],
    [100, "General", "100"],
    [0, "General", "0"],
    [45748.6050231481, "m/d/yy h:mm", "4/1/25 14:31"],
    [45748.6050231481, "dd.mm.yyyy hh:mm:ss", "01.04.2025 14:31:14"],
    [45748.6050231481, "h:mm AM/PM", "2:31 PM"],
    [45748, "d-mmm-yy", "1-Apr-25"],
    [1.25, "[h]:mm", "30:00"],
  ];
  for (const [value, format, text] of formats) {
    it(`shows ${value} in ${format} as ${text}`, () =>
      assert.equal(formatNumber(value, format, false), text));
  }

  for (const [what, ion, message] of [
    ["lists under names", "[1,2]\n", /List with header/],
    ["what is no Ion", "{x:1}\n{x:", /[Ll]ine 2/],
  ] as const) {
    it(`refuses to write ${what}, and says why`, async () => {
      await using context = await aTaskContext();
      await assert.rejects(sheet(context, ion), message);
    });
  }

  it("refuses what is no workbook, and stores nothing", async () => {
    await using context = await aTaskContext();
    const from = await context.give("a.xlsx", Buffer.from("no workbook"));
    await assert.rejects(runTask(excelToIon, { from }, context), { reason: "archive_invalid" });
    assert.equal((await context.filesLeft()).length, 1);
  });

  const refused: [from: unknown, message: RegExp][] = [
    [{ "a/b": "kestra:///a" }, /cannot be the name of a sheet/],
    [{ a: "kestra:///a", A: "kestra:///a" }, /two sheets named A/],
    [{ a: "http://x" }, /not the URI of a stored file/],
    [{}, /needs a sheet/],
  ];
  for (const [from, message] of refused) {
    it(`refuses to write ${JSON.stringify(from)}`, async () => {
      await using context = await aTaskContext();
      await assert.rejects(runTask(ionToExcel, { from }, context), message);
    });
  }
});
