import { keysOf, valuesOf } from "../../../base/key-order.ts";
import { TaskError } from "../../task-type.ts";
import { isStruct } from "../avro/java-text.ts";
import type { Counter } from "../convert-file.ts";
import type { IonRow } from "../ion/ion-rows.ts";

/** Which cells stand between quotes. */
export type QuoteMode = "ALWAYS" | "REQUIRED" | "NON_NUMERIC";

/** How a CSV file is written. */
export interface CsvLayout {
  header: boolean;
  fieldSeparator: string;
  textDelimiter: string;
  lineDelimiter: string;
  quoteMode: QuoteMode;
}

/** Writes rows as lines of CSV. The names come from the first map; later maps are written by the order of their values. */
export async function* csvLines(
  batches: AsyncIterable<IonRow[]>,
  layout: CsvLayout,
  toText: (value: unknown) => string,
  counter: Counter,
): AsyncGenerator<string> {
  const line = lineWriter(layout);
  let isHeaderNext = layout.header;
  for await (const rows of batches) {
    let text = "";
    for (const row of rows) {
      const { value } = row;
      if (value === null) continue;
      counter.records++;
      if (Array.isArray(value)) {
        if (isHeaderNext) throw listWithHeader(row);
        text += line(value.map(toText));
      } else if (isStruct(value)) {
        if (isHeaderNext) text += line([...keysOf(value)]);
        isHeaderNext = false;
        text += line(valuesOf(value).map(toText));
      }
    }
    if (text !== "") yield text;
  }
}

function listWithHeader({ line }: IonRow): TaskError {
  return new TaskError(
    "csv_list_with_header",
    `Invalid data of type List with header: the row on line ${line} is a list, so it has no names. Set \`header: false\`.`,
    { details: { row: line } },
  );
}

const NUMERIC = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;

function lineWriter({ fieldSeparator, textDelimiter, lineDelimiter, quoteMode }: CsvLayout) {
  const quoted = (cell: string) =>
    textDelimiter + cell.replaceAll(textDelimiter, textDelimiter + textDelimiter) + textDelimiter;
  const isSpecial = (cell: string) =>
    cell.includes(fieldSeparator) ||
    cell.includes(textDelimiter) ||
    cell.includes("\n") ||
    cell.includes("\r");
  const mustQuote = (cell: string, index: number) => {
    if (quoteMode === "ALWAYS") return true;
    if (cell === "") return false;
    // A first cell that begins so would be read as a comment.
    if (isSpecial(cell) || (index === 0 && cell.startsWith("#"))) return true;
    return quoteMode === "NON_NUMERIC" && !NUMERIC.test(cell);
  };
  return (cells: string[]) => {
    let text = "";
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index] as string;
      if (index > 0) text += fieldSeparator;
      text += mustQuote(cell, index) ? quoted(cell) : cell;
    }
    return text + lineDelimiter;
  };
}
