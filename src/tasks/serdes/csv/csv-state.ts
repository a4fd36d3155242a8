import { byteFor, type CsvFormat, QUOTE_MARK, SEPARATOR_MARK } from "./csv-format.ts";
import type { CsvColumns } from "./csv-header.ts";

/** The states of a field; `csv-machine.ts` explains them. Up to REST, plain characters are just copied. */
export const UNQUOTED = 0;
export const QUOTED = 1;
export const REST = 2;
export const CLOSED = 3;
export const DISCARDED = 4;

/** Bytes with a meaning. */
export const LF = 10;
export const CR = 13;
export const QUOTE = 34;
export const BACKSLASH = 92;

/** Lines are handed on once there is this much of them. */
export const BLOCK_SIZE = 1024 * 1024;
/** Room for what one byte of input may cost beside the name of a column: an escape, quotes, braces. */
export const MARGIN = 8;

/** All that a machine knows between two bytes. */
export interface State {
  readonly format: CsvFormat;
  readonly separator: number;
  readonly quote: number;
  /** 1 for every byte that is not just copied. */
  readonly special: Uint8Array;
  out: Buffer;
  /** Where the next byte goes. */
  at: number;
  rowStart: number;
  /** How much of the output has been handed on. */
  taken: number;
  fieldStart: number;
  field: number;
  state: number;
  hasQuotes: boolean;
  /** Where the last quote was opened. */
  quoteLine: number;
  /** The fields of the row in progress that there are no columns for. */
  extra: (string | null)[];
  line: number;
  rowLine: number;
  isAfterCr: boolean;
  records: number;
  toSkip: number;
  isHeaderNext: boolean;
  columns: CsvColumns | undefined;
  /** What is written before the field of each kept column. Without them rows are lists. */
  prefixes: Buffer[];
  widest: number;
}

/** A machine before the first byte. */
export function newState(format: CsvFormat): State {
  const separator = byteFor(format.separator, SEPARATOR_MARK);
  const quote = byteFor(format.quote, QUOTE_MARK);
  const special = new Uint8Array(256).fill(1, 0, 32);
  for (const byte of [QUOTE, BACKSLASH, separator, quote]) special[byte] = 1;
  return {
    format,
    separator,
    quote,
    special,
    out: Buffer.allocUnsafeSlow(2 * BLOCK_SIZE),
    at: 0,
    rowStart: 0,
    taken: 0,
    fieldStart: 0,
    field: 0,
    state: UNQUOTED,
    hasQuotes: false,
    quoteLine: 1,
    extra: [],
    line: 1,
    rowLine: 1,
    isAfterCr: false,
    records: 0,
    toSkip: format.skipRows,
    isHeaderNext: format.readHeader !== undefined,
    columns: undefined,
    prefixes: [],
    widest: 2,
  };
}

/** Makes room for so many more bytes, at the cost of a copy. */
export function reserve(m: State, size: number) {
  if (m.at + size <= m.out.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(m.at + size, 2 * m.out.length));
  m.out.copy(larger, 0, 0, m.at);
  m.out = larger;
}

/** The finished rows. They stay where they are until `dropTaken`, so whoever gets them has to be done with them by then. */
export function take(m: State): Buffer {
  m.taken = m.rowStart;
  return m.out.subarray(0, m.rowStart);
}

/** Moves the row in progress to where the rows were that have been handed on. One buffer lasts for the whole file. */
export function dropTaken(m: State) {
  if (m.taken === 0) return;
  m.out.copyWithin(0, m.taken, m.at);
  m.at -= m.taken;
  m.fieldStart -= m.taken;
  m.rowStart -= m.taken;
  m.taken = 0;
}
