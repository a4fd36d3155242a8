import { Instant, LocalDate, LocalDateTime, ZoneId } from "@js-joda/core";
import { keysOf } from "../../../base/key-order.ts";
import { TaskError } from "../../task-type.ts";
import { isStruct, javaText } from "../avro/java-text.ts";
import type { Counter } from "../convert-file.ts";
import type { IonRow } from "../ion/ion-rows.ts";
import { Decimal } from "../ion/ion-value.ts";
import { escapeXml } from "../xml/xml-events.ts";

/** How rows become a sheet. */
export interface SheetOptions {
  header: boolean;
  styles: boolean;
  timeZoneId: string;
}

// What Excel itself takes.
const MOST_ROWS = 1_048_576;
const MOST_COLUMNS = 16_384;
const LONGEST_TEXT = 32_767;
// The second style of the workbook has the format of dates.
const DATE_STYLE = ' s="1"';

/** Writes a sheet. The names come from the first record, and every record is written under them. */
export async function* sheetXml(
  batches: AsyncIterable<IonRow[]> | Iterable<IonRow[]>,
  options: SheetOptions,
  counter: Counter,
): AsyncGenerator<string> {
  yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>';
  const toCell = cellWriter(options);
  let names: string[] | undefined;
  let row = 0;
  for await (const rows of batches) {
    let text = "";
    for (const { value, line } of rows) {
      if (value === null) continue;
      if (Array.isArray(value) && options.header) throw listWithHeader(line);
      if (!names && isStruct(value)) {
        names = [...keysOf(value)];
        if (options.header) text += rowXml(++row, names, toCell);
      }
      text += rowXml(++row, valuesOf(value, names), toCell);
      counter.records++;
    }
    yield text;
  }
  yield "</sheetData></worksheet>";
}

function valuesOf(value: unknown, names: string[] | undefined): unknown[] {
  if (Array.isArray(value)) return value;
  return isStruct(value) ? (names ?? []).map((name) => value[name]) : [value];
}

function rowXml(
  number: number,
  values: unknown[],
  toCell: (value: unknown, place: string) => string,
): string {
  if (number > MOST_ROWS) throw tooLarge(`more than ${MOST_ROWS} rows`);
  if (values.length > MOST_COLUMNS) throw tooLarge(`more than ${MOST_COLUMNS} columns`);
  const cells = values.map((value, index) => toCell(value, `${lettersOf(index)}${number}`)).join("");
  return `<row r="${number}">${cells}</row>`;
}

function lettersOf(column: number): string {
  const letters = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letters : lettersOf(Math.floor(column / 26) - 1) + letters;
}

function cellWriter({ styles, timeZoneId }: SheetOptions) {
  const zone = ZoneId.of(timeZoneId);
  const style = styles ? DATE_STYLE : "";
  return (value: unknown, place: string): string => {
    if (value === null || value === undefined) return "";
    if (typeof value === "boolean") return `<c r="${place}" t="b"><v>${value ? 1 : 0}</v></c>`;
    if (isNumber(value)) return `<c r="${place}"><v>${value}</v></c>`;
    const serial = serialOf(value, zone);
    if (serial !== undefined) return `<c r="${place}"${style}><v>${serial}</v></c>`;
    const text = javaText(value);
    if (text.startsWith("Formula:")) return `<c r="${place}"><f>${escapeXml(text.slice(8).trim())}</f></c>`;
    if (text.length > LONGEST_TEXT) throw tooLarge(`a text of more than ${LONGEST_TEXT} characters`);
    return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${escapeText(text)}</t></is></c>`;
  };
}

/** Excel's numbers are doubles; what has more digits is written as text. */
function isNumber(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value === "bigint") return BigInt(Number(value)) === value;
  return value instanceof Decimal;
}

/** A date as days since the end of 1899; a moment counts as the day that it has in the time zone. */
function serialOf(value: unknown, zone: ZoneId): number | undefined {
  if (value instanceof LocalDate) return daysOf(value);
  if (value instanceof LocalDateTime)
    return daysOf(value.toLocalDate()) + value.toLocalTime().toNanoOfDay() / 8.64e13;
  return value instanceof Instant ? daysOf(value.atZone(zone).toLocalDate()) : undefined;
}

function daysOf(date: LocalDate): number {
  return date.toEpochDay() + 25_569;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML does not take these.
const UNFIT = /[\0-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g;

function escapeText(text: string): string {
  const plain = text
    .toWellFormed()
    .replace(UNFIT, (one) => `_x${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`);
  return escapeXml(plain);
}

function listWithHeader(line: number): TaskError {
  const message = `Invalid data of type List with header: the row on line ${line} is a list, so it has no names. Set \`header: false\`.`;
  return new TaskError("excel_list_with_header", message, { details: { row: line } });
}

function tooLarge(what: string): TaskError {
  return new TaskError("excel_too_large", `A sheet of Excel cannot hold ${what}.`);
}
