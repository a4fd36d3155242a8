/**
 * Reads CSV bytes and writes JSON lines, one byte after the other: no text, no objects, no copy of a field. It is
 * faster than DuckDB at the same job, holds one row in memory, and there is only this one way to read CSV.
 *
 * A field is in one of five states:
 * - UNQUOTED  no quote has opened it; a quote further in is a character like any other
 * - QUOTED    a quote has opened it; separators and line ends are characters
 * - REST      after a closing quote, where extra characters are allowed
 * - CLOSED    after a quote in QUOTED: the next byte tells whether it closed the field or was half of a doubled one
 * - DISCARDED the row is bad; everything up to the end of the line is dropped
 */

import { fieldsSoFar } from "./csv-fields.ts";
import { type CsvFormat, SEPARATOR_MARK } from "./csv-format.ts";
import { checkFieldSize, endField, endFile, endRow, startField, startRow } from "./csv-row.ts";
import {
  BACKSLASH,
  BLOCK_SIZE,
  CLOSED,
  CR,
  DISCARDED,
  dropTaken,
  LF,
  MARGIN,
  newState,
  QUOTE,
  QUOTED,
  REST,
  reserve,
  type State,
  take,
  UNQUOTED,
} from "./csv-state.ts";

/** Takes chunks of UTF-8 that end at whole characters, with the separator and the quote as `markedChunks` has them. */
export interface CsvMachine {
  /** Gives the finished lines from time to time. They are good until the next call. */
  push(chunk: Uint8Array): Buffer | undefined;
  /** Ends the last row and gives what is left. */
  end(): Buffer;
  /** Rows written so far. */
  records(): number;
}

const HEX = Buffer.from("0123456789abcdef");
// As long as `\\N` is in the output; such a field may be a null.
const NULL_SIZE = 3;

/** Makes a machine for one file. */
export function createCsvMachine(format: CsvFormat): CsvMachine {
  const m = newState(format);
  startRow(m);
  return { push: (chunk) => push(m, chunk), end: () => end(m), records: () => m.records };
}

function push(m: State, chunk: Uint8Array): Buffer | undefined {
  dropTaken(m);
  let from = m.isAfterCr && chunk[0] === LF ? 1 : 0;
  if (chunk.length > 0) m.isAfterCr = false;
  while (from < chunk.length) {
    const slice = Math.max(64, Math.min(64 * 1024, Math.floor(BLOCK_SIZE / (m.widest + MARGIN))));
    const to = Math.min(chunk.length, from + slice);
    reserve(m, (to - from + 2) * (m.widest + MARGIN));
    from = read(m, chunk, from, to);
    if (m.at - m.fieldStart > m.format.maxFieldSize) checkFieldSize(m);
  }
  return m.rowStart >= BLOCK_SIZE ? take(m) : undefined;
}

function end(m: State): Buffer {
  dropTaken(m);
  reserve(m, 2 * (m.widest + MARGIN));
  endFile(m);
  m.rowStart = m.at;
  return take(m);
}

/**
 * The loop over the bytes. Runs of plain characters and the ends of plain fields stay in local variables, which is
 * worth a third of the time; everything else is a call. It stops early after the header, because the room in the
 * output was measured for the columns before.
 */
function read(m: State, chunk: Uint8Array, from: number, to: number): number {
  const { special, separator, quote } = m;
  let { out, at, prefixes } = m;
  let last = prefixes.length - 1;
  let i = from;
  while (i < to) {
    if (m.state < CLOSED) {
      while (i < to && special[chunk[i] as number] === 0) out[at++] = chunk[i++] as number;
      if (i >= to) break;
    }
    const byte = chunk[i++] as number;
    const { state } = m;
    if (state === QUOTED) {
      if (byte === quote) {
        // A doubled quote is decided here, unless it lies across two slices.
        if (i < to && chunk[i] === quote) {
          i++;
          at = write(m, byte, at);
        } else m.state = CLOSED;
      } else {
        if (byte === LF || (byte === CR && chunk[i] !== LF)) m.line++;
        at = write(m, byte, at);
      }
      continue;
    }
    if (byte === separator && state !== DISCARDED) {
      const size = at - m.fieldStart;
      if (m.field < last && size !== NULL_SIZE && size <= m.format.maxFieldSize) {
        out[at++] = QUOTE;
        const prefix = prefixes[++m.field] as Buffer;
        for (let j = 0; j < prefix.length; j++) out[at++] = prefix[j] as number;
        m.fieldStart = at;
        m.state = UNQUOTED;
        continue;
      }
      m.at = at;
      endField(m);
      startField(m, m.field + 1);
      at = m.at;
    } else if (byte === LF || byte === CR) {
      if (byte === CR && i === chunk.length) m.isAfterCr = true;
      else if (byte === CR && chunk[i] === LF) i++;
      m.at = at;
      m.line++;
      const wasHeader = m.isHeaderNext;
      if (state === DISCARDED) m.at = m.rowStart;
      else endRow(m);
      startRow(m);
      if (wasHeader) return i;
      ({ out, at, prefixes } = m);
      last = prefixes.length - 1;
    } else if (state === UNQUOTED && byte === quote && at === m.fieldStart) {
      m.state = QUOTED;
      m.hasQuotes = true;
      m.quoteLine = m.line;
    } else if (state === CLOSED) at = afterQuote(m, byte, at);
    else if (state !== DISCARDED) at = write(m, byte, at);
  }
  m.at = at;
  return i;
}

function afterQuote(m: State, byte: number, at: number): number {
  if (byte === m.quote) m.state = QUOTED;
  else if (m.format.allowExtraCharsAfterClosingQuote) m.state = REST;
  else {
    m.state = DISCARDED;
    // Only ASCII is shown; of a longer character this is the first byte.
    const shown = byte < 0x80 ? `: '${String.fromCharCode(byte)}'` : "";
    const row = { line: m.rowLine, problem: `unexpected character after closing quote${shown}` };
    m.format.onBadRow(row, () => fieldsSoFar(m, at, true));
    m.extra = [];
    return at;
  }
  return write(m, byte, at);
}

/** Writes one character of a field and gives where the next one goes. */
function write(m: State, byte: number, at: number): number {
  const { out } = m;
  if (byte === QUOTE || byte === BACKSLASH) {
    out[at] = BACKSLASH;
    out[at + 1] = byte;
    return at + 2;
  }
  if (byte < 32) {
    out.write("\\u00", at, "latin1");
    out[at + 4] = HEX[byte >> 4] as number;
    out[at + 5] = HEX[byte & 15] as number;
    return at + 6;
  }
  if (byte >= SEPARATOR_MARK) {
    return at + out.write(byte === m.separator ? m.format.separator : m.format.quote, at);
  }
  out[at] = byte;
  return at + 1;
}
