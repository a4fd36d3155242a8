import { type XmlEvent, xmlEvents } from "../xml/xml-events.ts";
import { formatNumber, isDateFormat, serialDate } from "./number-format.ts";
import { localName, unescaped, type Workbook } from "./workbook.ts";

/** How cells become values. */
export interface CellOptions {
  valueRender: "UNFORMATTED_VALUE" | "FORMATTED_VALUE" | "FORMULA";
  dateTimeRender: "UNFORMATTED_VALUE" | "SERIAL_NUMBER" | "FORMATTED_STRING";
}

/** A row: its values by their column, with holes where there is no cell. */
export type SheetRow = unknown[];

const MOST_COLUMNS = 16_384;

interface Cell {
  column: number;
  type: string;
  style: number;
  value: string;
  hasValue: boolean;
  isFormula: boolean;
}

/** The rows of a sheet as it streams by, in batches. */
export async function* sheetRows(
  chunks: AsyncIterable<string>,
  workbook: Workbook,
  options: CellOptions,
): AsyncGenerator<SheetRow[]> {
  const reader = rowReader(workbook, options);
  for await (const events of xmlEvents(chunks)) {
    const rows: SheetRow[] = [];
    for (const event of events) {
      const row = reader(event);
      if (row) rows.push(row);
    }
    if (rows.length > 0) yield rows;
  }
}

function rowReader(workbook: Workbook, options: CellOptions) {
  let row: SheetRow = [];
  let cell: Cell | undefined;
  let holder = "";
  return (event: XmlEvent): SheetRow | undefined => {
    if (event.kind === "text") {
      if (cell && holder !== "") cell.value += event.text;
      return undefined;
    }
    const name = localName(event.name);
    if (event.kind === "open") {
      if (name === "row") row = [];
      else if (name === "c") cell = newCell(event.attributes, row.length);
      else if (cell && (name === "v" || name === "t")) {
        holder = name;
        cell.hasValue = true;
      } else if (cell && name === "f") cell.isFormula = true;
      else if (name === "rPh") holder = "";
      return undefined;
    }
    if (name === "v" || name === "t") holder = "";
    else if (name === "c" && cell) {
      if (cell.column < MOST_COLUMNS) row[cell.column] = cellValue(cell, workbook, options);
      cell = undefined;
    } else if (name === "row") return row;
    return undefined;
  };
}

function newCell(attributes: Record<string, string>, next: number): Cell {
  return {
    column: columnOf(attributes.r ?? "") ?? next,
    type: attributes.t ?? "n",
    style: Number(attributes.s ?? 0),
    value: "",
    hasValue: false,
    isFormula: false,
  };
}

/** `B7` is the second column, 1. */
function columnOf(place: string): number | undefined {
  const letters = /^[A-Z]{1,3}(?=\d)/.exec(place)?.[0];
  if (letters === undefined) return undefined;
  return [...letters].reduce((column, letter) => 26 * column + letter.charCodeAt(0) - 64, 0) - 1;
}

function cellValue(cell: Cell, workbook: Workbook, options: CellOptions): unknown {
  if (!cell.hasValue) return null;
  const isShown = options.valueRender === "FORMATTED_VALUE";
  switch (cell.type) {
    case "s":
      return workbook.texts[Number(cell.value)] ?? null;
    case "inlineStr":
    case "str":
      return unescaped(cell.value);
    case "b": {
      const value = cell.value.trim() === "1" || cell.value.trim() === "true";
      return isShown ? String(value).toUpperCase() : value;
    }
    case "e":
      return isShown ? cell.value : null;
    case "d":
      return cell.value;
    default:
      return numberValue(cell, workbook, options);
  }
}

function numberValue(cell: Cell, { formats, is1904 }: Workbook, options: CellOptions): unknown {
  const value = Number(cell.value);
  if (cell.value.trim() === "" || Number.isNaN(value)) return null;
  const format = formats[cell.style] ?? "General";
  if (options.valueRender === "FORMATTED_VALUE") return formatNumber(value, format, is1904);
  if (cell.isFormula || !isDateFormat(format) || options.dateTimeRender === "SERIAL_NUMBER") return value;
  if (options.dateTimeRender === "FORMATTED_STRING") return formatNumber(value, format, is1904);
  const date = serialDate(value, is1904);
  return Number.isNaN(date.getTime()) ? value : date.toISOString().slice(0, 10);
}
