import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import { withProgress } from "../../byte-progress.ts";
import { bool, fileUri, int, oneOf, text } from "../../property.ts";
import { defineTaskType, type TaskContext, TaskError, unfit } from "../../task-type.ts";
import { badLineLog, onBadLines } from "../bad-lines.ts";
import { character } from "../character.ts";
import { isKnownCharset, utf8Chunks } from "../charset/utf8-chunks.ts";
import { measureRecords } from "../convert-file.ts";
import { storedName } from "../stored-name.ts";
import { shortened } from "./csv-fields.ts";
import { type BadCsvRow, type CsvFormat, markedChunks } from "./csv-format.ts";
import { readHeader } from "./csv-header.ts";
import { type CsvMachine, createCsvMachine } from "./csv-machine.ts";

// What Kestra takes.
const MAX_SIZE = 16 * 1024 * 1024;

const properties = z.strictObject({
  from: fileUri().meta({ description: "The URI of the CSV file." }),
  header: bool().default(true).meta({
    description: "Whether the first row holds the names of the columns. Without it each row becomes a list.",
  }),
  fieldSeparator: character().default(",").meta({ description: "The character between two fields." }),
  textDelimiter: character().default('"').meta({
    description:
      "The character around a field that contains separators or line ends; doubled it stands for itself.",
  }),
  skipEmptyRows: bool().default(false).meta({
    description: "Whether empty rows are left out. Otherwise an empty row is a row of one empty field.",
  }),
  onBadLines: onBadLines().meta({
    description:
      "What becomes of a row that does not fit: ERROR ends the task and stores nothing, WARN leaves the row out and says so in the logs, SKIP leaves it out.",
  }),
  onEmptyHeader: oneOf(["DROP", "RENAME"]).default("DROP").meta({
    description:
      "What becomes of columns without a name: DROP leaves out those at the end, RENAME calls them `col_<index>`.",
  }),
  skipRows: int({ min: 0 }).default(0).meta({
    description: "How many rows to leave out: the first of the file, or the first after the header.",
  }),
  charset: text()
    .refine(isKnownCharset, "Expected a charset such as UTF-8, ISO-8859-1, windows-1252 or UTF-16")
    .default("UTF-8")
    .meta({ description: "The charset of the file. A byte order mark of UTF-8 and UTF-16 is left out." }),
  maxBufferSize: int({ min: 1 }).default(MAX_SIZE).meta({
    description:
      "The most characters that a field may have to fit into the buffer; the lower of the two limits counts.",
  }),
  maxFieldSize: int({ min: 1 })
    .default(MAX_SIZE)
    .meta({ description: "The most characters that a field may have." }),
  allowExtraCharsAfterClosingQuote: bool()
    .default(false)
    .meta({ description: 'Whether characters may follow a closing quote: `"a"b` is then read as `ab`.' }),
  errorOnDifferentFieldCount: bool()
    .optional()
    .meta({ description: "Deprecated and without effect: see `onBadLines`." }),
});

/** `io.kestra.plugin.serdes.csv.CsvToIon` */
export const csvToIon = defineTaskType({
  type: "io.kestra.plugin.serdes.csv.CsvToIon",
  title: "Convert CSV to Ion",
  description:
    "Turns each row of a CSV file into a record, one on a line, and each field into a string; a field `\\N` becomes null. " +
    'The records are written as JSON (`{"ride_id":"7569BC890583FCD7"}`), which is Ion text too: whatever reads Ion ' +
    "reads the file, and so does whatever reads JSON lines. Bytes stream through, so the size of the file does not matter.",
  properties,
  outputs: z.object({
    uri: z.string().meta({ description: "The URI of the Ion file." }),
    size: z.int().meta({ description: "How many records it holds." }),
  }),
  isHeavy: true,
  examples: [
    { title: "Convert a downloaded file", yaml: 'from: "{{ outputs.download.uri }}"' },
    {
      title: "Read a semicolon-separated file and leave out what does not fit",
      yaml: 'from: "{{ outputs.download.uri }}"\nfieldSeparator: ";"\ncharset: ISO-8859-1\nonBadLines: WARN',
    },
  ],
  async run({ properties, context }) {
    const { name, size } = await context.storage.stat(properties.from);
    const source = withProgress(
      context.storage.get(properties.from, context.signal),
      context,
      "Converting CSV",
      size,
    );
    const badLines = badLineLog(context.log, properties.onBadLines);
    const format = csvFormat(properties, context, badLines.warn);
    const machine = createCsvMachine(format);
    const chunks = markedChunks(utf8Chunks(source, properties.charset), format);

    const place = { ...context.place, name: storedName(name, "ion") };
    const stored = await context.storage.put(place, lines(machine, chunks), context.signal);
    badLines.end();
    measureRecords(context, machine.records());
    return { outputs: { uri: stored.uri, size: machine.records() } };
  },
});

function csvFormat(
  { onBadLines, ...given }: z.output<typeof properties>,
  context: TaskContext,
  warn: (message: string) => void,
): CsvFormat {
  if (given.fieldSeparator === given.textDelimiter) {
    throw unfit("`textDelimiter`: Expected another character than `fieldSeparator`");
  }
  const maxFieldSize = Math.min(given.maxFieldSize, given.maxBufferSize);
  return {
    separator: given.fieldSeparator,
    quote: given.textDelimiter,
    skipEmptyRows: given.skipEmptyRows,
    allowExtraCharsAfterClosingQuote: given.allowExtraCharsAfterClosingQuote,
    maxFieldSize,
    skipRows: given.skipRows,
    readHeader: given.header ? header : undefined,
    onBadRow(row, fields) {
      if (onBadLines === "ERROR") throw badRowError(row, shortened(fields()));
      if (onBadLines === "WARN")
        warn(`Line ${row.line} is left out. ${kestraText(row, shortened(fields()))}`);
    },
    onLargeField(line: number): never {
      throw new TaskError(
        "csv_field_too_large",
        `A field of the row in line ${line} has more than ${maxFieldSize} characters: is a closing quote missing?`,
        { details: { row: line, maxFieldSize } },
      );
    },
  };

  function header(names: string[]) {
    const columns = readHeader(names, given.onEmptyHeader);
    for (const warning of columns.warnings) context.log.warn(warning);
    return columns;
  }
}

async function* lines(machine: CsvMachine, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    const block = machine.push(chunk);
    if (!block) continue;
    // Storage copies what it gets before it asks for more; the machine counts on that.
    yield block;
    // A source and a target that are always ready would keep everybody else waiting.
    await setImmediate();
  }
  const rest = machine.end();
  if (rest.length > 0) yield rest;
}

function badRowError(row: BadCsvRow, fields: (string | null)[]): TaskError {
  const { line, problem, ...counts } = row;
  const message = `Line ${line} of the CSV file does not fit. ${kestraText(row, fields)}`;
  return new TaskError("csv_bad_line", message, { details: { row: line, problem, ...counts, fields } });
}

function kestraText({ problem, expected, got }: BadCsvRow, fields: (string | null)[]): string {
  const counts = expected === undefined ? "" : `: Expected ${expected}, got ${got} fields`;
  return `Bad line encountered (${problem})${counts}. It holds ${fields.map((field) => JSON.stringify(field)).join(", ")}.`;
}
