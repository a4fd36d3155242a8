import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { mapOf } from "../../../base/key-order.ts";
import { withProgress } from "../../byte-progress.ts";
import { zipEntries } from "../../compress/zip.ts";
import { bool, fileUri, int, list, oneOf, text } from "../../property.ts";
import { defineTaskType, type TaskContext } from "../../task-type.ts";
import { javaDouble } from "../avro/java-text.ts";
import { type Counter, charset, encoded } from "../convert-file.ts";
import { ionText } from "../ion/write-ion.ts";
import { textChunks } from "../json/json-text.ts";
import { type CellOptions, type SheetRow, sheetRows } from "./sheet-rows.ts";
import { LIMITS, readWorkbook } from "./workbook.ts";

const properties = z.strictObject({
  from: fileUri().meta({ description: "The URI of the workbook (.xlsx)." }),
  sheetsTitle: list(text()).optional().meta({
    description:
      "The names of the sheets to read; names that there are not are left out. Without it all are.",
  }),
  header: bool().default(true).meta({
    description: "Whether the first row holds the names of the columns. Without it each row becomes a list.",
  }),
  valueRender: oneOf(["UNFORMATTED_VALUE", "FORMATTED_VALUE", "FORMULA"]).default("UNFORMATTED_VALUE").meta({
    description:
      "What a cell gives: its value, the text that Excel shows, or the result of its formula. Numbers are floats.",
  }),
  dateTimeRender: oneOf(["UNFORMATTED_VALUE", "SERIAL_NUMBER", "FORMATTED_STRING"])
    .default("UNFORMATTED_VALUE")
    .meta({
      description:
        "What a cell with a date gives: the day (`2025-04-01`), Excel's number of it, or the text that Excel shows.",
    }),
  skipEmptyRows: bool()
    .default(false)
    .meta({ description: "Whether rows without a single value are left out." }),
  skipRows: int({ min: 0 }).default(0).meta({
    description:
      "How many rows to leave out: before the header, or, where there is none, behind the first row, as in Kestra.",
  }),
  charset: charset("file; it is without effect, since a workbook says it itself"),
});

type Properties = z.output<typeof properties>;

/** `io.kestra.plugin.serdes.excel.ExcelToIon` */
export const excelToIon = defineTaskType({
  type: "io.kestra.plugin.serdes.excel.ExcelToIon",
  title: "Convert Excel to Ion",
  description:
    "Writes each sheet of an Excel workbook (.xlsx) as an Ion file, a row on a line. Formulas give the results that the " +
    "workbook holds. Sheets stream through; the texts that they share are in memory.",
  properties,
  outputs: z.object({
    uris: z
      .record(z.string(), z.string())
      .meta({ description: "The URIs of the Ion files, by the names of the sheets." }),
    size: z.int().meta({ description: "How many records they hold together." }),
  }),
  isHeavy: true,
  examples: [
    { title: "Read all sheets", yaml: 'from: "{{ outputs.download.uri }}"' },
    {
      title: "Read one, as it looks",
      yaml: 'from: "{{ outputs.download.uri }}"\nsheetsTitle: [Rides]\nvalueRender: FORMATTED_VALUE',
    },
  ],
  async run({ properties, context }) {
    const { storage, signal } = context;
    const path = join(await context.tempDir(), "workbook.xlsx");
    try {
      const { size } = await storage.stat(properties.from);
      const bytes = withProgress(storage.get(properties.from, signal), context, "Fetching", size);
      await pipeline(bytes, createWriteStream(path, { flags: "wx", mode: 0o600 }), { signal });
      return { outputs: await storeSheets(path, properties, context) };
    } finally {
      await rm(path, { force: true });
    }
  },
});

async function storeSheets(path: string, properties: Properties, context: TaskContext) {
  const { storage, signal, place } = context;
  const workbook = await readWorkbook(path);
  // All of them, also those that are not read, as in Kestra.
  context.metric({ type: "COUNTER", name: "sheets", value: workbook.sheets.length });
  const wanted = properties.sheetsTitle;
  const sheets = workbook.sheets.filter(({ name }) => wanted === undefined || wanted.includes(name));
  const stored = new Map<string, string>();
  const counter = { records: 0 };
  try {
    for await (const { name: part, content } of zipEntries(path, LIMITS)) {
      const sheet = sheets.find((one) => one.part === part);
      if (!sheet) continue;
      context.progress(undefined, `Converting ${sheet.name}`);
      const rows = sheetRows(textChunks(content, "UTF-8"), workbook, properties);
      const file = { ...place, name: `${sheet.name}.ion` };
      const { uri } = await storage.put(file, encoded(records(rows, properties, counter)), signal);
      stored.set(sheet.name, uri);
    }
  } catch (error) {
    for (const uri of stored.values()) await storage.remove(uri).catch(() => undefined);
    throw signal.aborted ? signal.reason : error;
  }
  const inOrder = sheets.flatMap(({ name }) => (stored.has(name) ? [[name, stored.get(name)] as const] : []));
  return { uris: mapOf(inOrder) as Record<string, string>, size: counter.records };
}

interface RowOptions extends CellOptions {
  header: boolean;
  skipRows: number;
  skipEmptyRows: boolean;
}

async function* records(
  batches: AsyncIterable<SheetRow[]>,
  { header, skipRows, skipEmptyRows }: RowOptions,
  counter: Counter,
): AsyncGenerator<string> {
  let number = -1;
  let names: string[] | undefined;
  let width = 0;
  for await (const rows of batches) {
    for (const row of rows) {
      number++;
      if (number === 0) width = row.length;
      if (header && number <= skipRows) {
        if (number === skipRows) names = Array.from(row, (name, index) => nameOf(name, index));
        continue;
      }
      if (!header && number > 0 && number <= skipRows) continue;
      if (skipEmptyRows && row.every((value) => value === null || value === "")) continue;
      counter.records++;
      const value = names
        ? mapOf(names.map((name, index) => [name, row[index] ?? null]))
        : Array.from({ length: width }, (_, index) => row[index] ?? null);
      yield `${ionText(value)}\n`;
    }
  }
}

/** A number that is a name is written as Java does it: `2025.0`. */
function nameOf(value: unknown, index: number): string {
  if (value === null || value === undefined || value === "") return `Column${index}`;
  return typeof value === "number" ? javaDouble(value) : String(value);
}
