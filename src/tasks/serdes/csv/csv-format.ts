import type { CsvColumns } from "./csv-header.ts";

/** How a CSV is written, and what to do where it is not written well. */
export interface CsvFormat {
  /** One character. */
  separator: string;
  /** One character. */
  quote: string;
  skipEmptyRows: boolean;
  allowExtraCharsAfterClosingQuote: boolean;
  /** In characters. */
  maxFieldSize: number;
  /** Rows to leave out after the header. */
  skipRows: number;
  /** Gets the fields of the first row when the file has a header; undefined when it has none. */
  readHeader: ((names: string[]) => CsvColumns) | undefined;
  /** Called for a row that does not fit. It throws, or the row is left out. `fields` gives what it held, as far as it was read. */
  onBadRow(row: BadCsvRow, fields: () => (string | null)[]): void;
  /** Called for a field that is larger than allowed. It throws. */
  onLargeField(line: number): never;
}

/** What is wrong with a row, and the line of the file it starts on. */
export interface BadCsvRow {
  line: number;
  problem: string;
  expected?: number;
  got?: number;
}

/** The byte that stands for a separator which is longer than one byte in UTF-8. UTF-8 itself never has it. */
export const SEPARATOR_MARK = 0xfe;
/** The same for a quote. */
export const QUOTE_MARK = 0xff;

/** The one byte that a separator or a quote is in marked chunks. */
export function byteFor(character: string, mark: number): number {
  const bytes = Buffer.from(character);
  return bytes.length === 1 ? (bytes[0] as number) : mark;
}

/** Puts marks in the place of a separator and a quote that are longer than one byte. */
export async function* markedChunks(
  source: AsyncIterable<Buffer>,
  format: Pick<CsvFormat, "separator" | "quote">,
): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    yield marked(marked(chunk, format.separator, SEPARATOR_MARK), format.quote, QUOTE_MARK);
  }
}

function marked(chunk: Buffer, character: string, mark: number): Buffer {
  const bytes = Buffer.from(character);
  if (bytes.length === 1) return chunk;
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = chunk.indexOf(bytes); at !== -1; at = chunk.indexOf(bytes, from)) {
    parts.push(chunk.subarray(from, at), Buffer.of(mark));
    from = at + bytes.length;
  }
  return from === 0 ? chunk : Buffer.concat([...parts, chunk.subarray(from)]);
}
