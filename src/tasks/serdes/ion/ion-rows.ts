import { hasSortedKeys } from "../../../base/json.ts";
import { mayBeSorted } from "../../../base/key-order.ts";
import { TaskError } from "../../task-type.ts";
import { parseIon } from "./ion-text.ts";

/** A value of a file and the line it begins on, counted from 1. */
export interface IonRow {
  line: number;
  value: unknown;
}

// Without a limit, one missing bracket would put the rest of the file into memory.
const MAX_VALUE_SIZE = 16 * 1024 * 1024;

/**
 * Reads the values of an Ion file, in batches. Lines that are JSON objects are parsed as JSON; all others by the Ion
 * parser, as are lines with numbers, because JSON.parse would lose their digits, and with keys that look like numbers.
 */
export async function* ionRows(
  source: AsyncIterable<Uint8Array>,
  keepsAnnotations = false,
): AsyncGenerator<IonRow[]> {
  const decoder = new TextDecoder("utf-8");
  const reader: LineReader = { line: 0, pending: "", pendingLine: 0, tryAgainAt: 0, keepsAnnotations };
  let rest = "";
  for await (const chunk of source) {
    if (reader.line === 0 && rest === "" && BINARY.every((byte, index) => chunk[index] === byte))
      throw binary();
    const text = rest + decoder.decode(chunk, { stream: true });
    const end = text.lastIndexOf("\n");
    rest = text.slice(end + 1);
    const rows = end === -1 ? [] : readLines(reader, text.slice(0, end).split("\n"));
    if (rows.length > 0) yield rows;
  }
  const rows = readLines(reader, [rest + decoder.decode()]);
  if (reader.pending !== "") readPending(reader, rows, true);
  if (rows.length > 0) yield rows;
}

/** What binary Ion begins with. */
const BINARY = [0xe0, 0x01, 0x00, 0xea];

function binary(): TaskError {
  return new TaskError("ion_binary", "The file is binary Ion; text is read, as Kestra 1.3 writes it.");
}

interface LineReader {
  line: number;
  /** The lines of a value that is not complete yet. */
  pending: string;
  pendingLine: number;
  /** The length of `pending` that is worth a new try: twice the last one, so that all tries together stay linear. */
  tryAgainAt: number;
  readonly keepsAnnotations: boolean;
}

function readLines(reader: LineReader, lines: string[]): IonRow[] {
  const rows: IonRow[] = [];
  for (const line of lines) {
    reader.line++;
    if (reader.pending === "" && isPlainJson(line)) {
      const value = parseJson(line);
      if (value !== undefined) {
        rows.push({ line: reader.line, value });
        continue;
      }
    }
    readIon(reader, line, rows);
  }
  return rows;
}

// A number behind a name, or in a list. What only looks like one, inside a string, costs a slower parse.
const NUMBER_IN_STRUCT = /":\s*-?\d/;
const NUMBER_IN_LIST = /[[,]\s*-?\d/;

function isPlainJson(line: string): boolean {
  const first = line.charCodeAt(0);
  if (first === 123)
    return !NUMBER_IN_STRUCT.test(line) && !(line.includes("[") && NUMBER_IN_LIST.test(line));
  return first === 91 && !NUMBER_IN_LIST.test(line) && !NUMBER_IN_STRUCT.test(line);
}

/** Undefined where it is no JSON, or has keys that JavaScript sorts: the Ion parser reads JSON too, and keeps their order. */
function parseJson(line: string): unknown {
  try {
    const value = JSON.parse(line);
    const isMap = line.charCodeAt(0) === 123;
    if (isMap && mayBeSorted(value)) return undefined;
    return line.includes("{", 1) && hasSortedKeys(line) ? undefined : value;
  } catch {
    return undefined;
  }
}

function readIon(reader: LineReader, line: string, rows: IonRow[]) {
  if (reader.pending === "") {
    reader.pending = line;
    reader.pendingLine = reader.line;
    reader.tryAgainAt = 0;
  } else reader.pending += `\n${line}`;
  if (reader.pending.length >= reader.tryAgainAt) readPending(reader, rows, false);
}

function readPending(reader: LineReader, rows: IonRow[], isEnd: boolean) {
  const { values, error, end } = parseIon(reader.pending, reader.keepsAnnotations);
  for (const { value, at } of values)
    rows.push({ line: reader.pendingLine + linesIn(reader.pending, at), value });
  const line = reader.pendingLine + linesIn(reader.pending, end);
  if (error && (isEnd || !error.isIncomplete || reader.pending.length - end > MAX_VALUE_SIZE)) {
    throw notIon(line, error.message);
  }
  reader.pending = error ? reader.pending.slice(end) : "";
  reader.pendingLine = line;
  reader.tryAgainAt = 2 * reader.pending.length;
}

function linesIn(text: string, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < to; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function notIon(line: number, problem: string): TaskError {
  return new TaskError("ion_syntax", `Line ${line} of the file is not Ion: ${problem}.`, {
    details: { row: line, problem },
  });
}
