import { fieldsSoFar, keepExtra } from "./csv-fields.ts";
import {
  BLOCK_SIZE,
  DISCARDED,
  LF,
  MARGIN,
  QUOTE,
  QUOTED,
  reserve,
  type State,
  UNQUOTED,
} from "./csv-state.ts";

const ESCAPED_NULL = Buffer.from("\\\\N");

/** Begins the next row at the end of the output. */
export function startRow(m: State) {
  m.rowStart = m.at;
  m.rowLine = m.line;
  m.hasQuotes = false;
  startField(m, 0);
}

/** Begins a field with what stands before it: the name of its column. */
export function startField(m: State, index: number) {
  m.field = index;
  m.state = UNQUOTED;
  const prefix = m.prefixes[index];
  if (prefix) for (const byte of prefix) m.out[m.at++] = byte;
  else if (m.prefixes.length === 0) m.at += m.out.write(index === 0 ? '["' : ',"', m.at, "latin1");
  m.fieldStart = m.at;
}

/** Ends a field: a string, a null, or nothing at all where its column is dropped. */
export function endField(m: State) {
  const { out, fieldStart } = m;
  if (m.at - fieldStart > m.format.maxFieldSize) checkFieldSize(m);
  const isDropped = m.prefixes.length > 0 && m.field >= m.prefixes.length;
  const isNull =
    m.at - fieldStart === ESCAPED_NULL.length &&
    ESCAPED_NULL.equals(out.subarray(fieldStart, m.at)) &&
    !m.isHeaderNext;
  if (isDropped && m.field >= (m.columns?.expected ?? 0)) keepExtra(m);
  if (isDropped) m.at = fieldStart;
  else if (isNull) m.at = fieldStart - 1 + out.write("null", fieldStart - 1, "latin1");
  else out[m.at++] = QUOTE;
}

/** Ends a row: the header, a row to leave out, or a record. */
export function endRow(m: State) {
  if (m.format.skipEmptyRows && m.field === 0 && m.at === m.fieldStart && !m.hasQuotes) {
    m.at = m.rowStart;
    return;
  }
  endField(m);
  const count = m.field + 1;
  if (m.isHeaderNext) {
    m.out[m.at++] = 93; // ]
    const names = JSON.parse(m.out.toString("utf8", m.rowStart, m.at));
    m.at = m.rowStart;
    useHeader(m, names);
  } else if (m.toSkip > 0) {
    m.toSkip--;
    leaveOut(m);
  } else if (m.columns && count !== m.columns.expected) {
    const { expected } = m.columns;
    const row = { line: m.rowLine, problem: "field count mismatch", expected, got: count };
    m.format.onBadRow(row, () => fieldsSoFar(m, m.at, false));
    leaveOut(m);
  } else {
    m.out[m.at++] = m.prefixes.length > 0 ? 125 : 93; // } ]
    if (m.columns && m.prefixes.length === 0) writeCollided(m, m.columns.kept);
    m.out[m.at++] = LF;
    m.records++;
  }
}

/** Takes back what is written of a row. */
export function leaveOut(m: State) {
  m.at = m.rowStart;
  m.extra = [];
}

/** Ends the file. A quote that is still open has taken all that stands behind it for one field. */
export function endFile(m: State) {
  if (m.state === QUOTED) {
    const problem = `unclosed quote: the quote that opens on line ${m.quoteLine} is never closed`;
    m.format.onBadRow({ line: m.rowLine, problem }, () => fieldsSoFar(m, m.at, true));
    leaveOut(m);
  } else if (m.state !== DISCARDED && (m.field > 0 || m.at > m.fieldStart || m.hasQuotes)) endRow(m);
  else leaveOut(m);
}

function useHeader(m: State, names: string[]) {
  m.isHeaderNext = false;
  m.columns = m.format.readHeader?.(names);
  if (!m.columns || new Set(m.columns.kept).size < m.columns.kept.length) return;
  m.prefixes = m.columns.kept.map((name, index) =>
    Buffer.from(`${index === 0 ? "{" : ","}${JSON.stringify(name)}:"`),
  );
  m.widest = Math.max(...m.prefixes.map(({ length }) => length));
  reserve(m, 2 * (m.widest + MARGIN));
}

/** Several columns have one name: the first gives the place, the last the value. */
function writeCollided(m: State, names: string[]) {
  const fields = JSON.parse(m.out.toString("utf8", m.rowStart, m.at)) as (string | null)[];
  const values = new Map(names.map((name, index) => [name, fields[index]]));
  const entries = [...values].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const row = Buffer.from(`{${entries.join(",")}}`);
  m.at = m.rowStart;
  // What the slice had reserved may still be needed after this row: never more than a block and the smallest slice.
  reserve(m, row.length + 2 * BLOCK_SIZE);
  m.at += row.copy(m.out, m.at);
}

/** Makes sure that the field is not larger than allowed. */
export function checkFieldSize(m: State) {
  // Bytes with escapes are an upper bound for characters; only beyond it they are counted.
  const field = m.out.toString("utf8", m.fieldStart, m.at).replace(/\\u[0-9a-f]{4}|\\[\\"]/g, "_");
  if (field.length > m.format.maxFieldSize) m.format.onLargeField(m.rowLine);
}
