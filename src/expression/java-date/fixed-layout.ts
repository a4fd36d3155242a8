import { daysInMonth, epochDayOf } from "./calendar.ts";
import { Field } from "./fields.ts";
import type { Part } from "./pattern-parts.ts";

/** A local date and time, overwritten by each read: hot loops make no object per value. */
export interface LocalTime {
  epochDay: number;
  secondOfDay: number;
  nano: number;
}

/** Reads a text into `into`; false when anything about it is unusual. */
export type FixedReader = (text: string, into: LocalTime) => boolean;

/** The fields in the order in which they are checked; each may stand in the pattern once. */
const YEAR = 0;
const MONTH = 1;
const DAY = 2;
const HOUR = 3;
const MINUTE = 4;
const SECOND = 5;
const NANO = 6;

const SLOTS = new Map<number, number>([
  [Field.YEAR, YEAR],
  [Field.YEAR_OF_ERA, YEAR],
  [Field.MONTH, MONTH],
  [Field.DAY, DAY],
  [Field.HOUR, HOUR],
  [Field.MINUTE, MINUTE],
  [Field.SECOND, SECOND],
]);

const TWO_DIGIT_BASE = 2000;
/** `[ ]` twice gives four layouts, more are read by the general way. */
const MOST_LAYOUTS = 8;

interface Layout {
  length: number;
  literals: { at: number; text: string }[];
  /** Per field: where its digits begin, or -1, and how many they are. */
  starts: number[];
  widths: number[];
  /** What two digits of a year count from. */
  yearBase: number;
}

/**
 * The fast way for patterns of plain numbers: every digit has its place, so a text of the right length with digits and
 * separators where they belong, and values that exist, needs no more. Everything else goes the general way, which also words the
 * errors. Undefined for patterns that have no fixed places.
 */
export function fixedReader(parts: readonly Part[]): FixedReader | undefined {
  const layouts = expand(parts).map(layoutOf);
  if (layouts.length > MOST_LAYOUTS || layouts.some((layout) => layout === undefined)) return undefined;
  const byLength = new Map((layouts as Layout[]).map((layout) => [layout.length, layout]));
  // Two layouts of one length could both fit; only the general way knows which one wins.
  if (byLength.size !== layouts.length) return undefined;
  const [only] = layouts as [Layout, ...Layout[]];
  if (layouts.length === 1) return (text, into) => text.length === only.length && read(only, text, into);
  return (text, into) => {
    const layout = byLength.get(text.length);
    return layout !== undefined && read(layout, text, into);
  };
}

/** The pattern with each optional section in it or left out. */
function expand(parts: readonly Part[]): Part[][] {
  let rows: Part[][] = [[]];
  for (const part of parts) {
    const endings = part.kind === "optional" ? [[], ...expand(part.parts)] : [[part]];
    rows = rows.flatMap((row) => endings.map((ending) => [...row, ...ending]));
    if (rows.length > MOST_LAYOUTS) break;
  }
  return rows;
}

function layoutOf(parts: readonly Part[]): Layout | undefined {
  const layout: Layout = {
    length: 0,
    literals: [],
    starts: Array(7).fill(-1),
    widths: Array(7).fill(0),
    yearBase: 0,
  };
  for (const part of parts) {
    const slot = slotOf(part);
    const width =
      part.kind === "literal"
        ? part.text.length
        : slot === YEAR && isFourDigitYear(part)
          ? 4
          : (part as { least: number }).least;
    if (part.kind === "literal") layout.literals.push({ at: layout.length, text: part.text });
    else if (slot === undefined || layout.starts[slot] !== -1) return undefined;
    else {
      layout.starts[slot] = layout.length;
      layout.widths[slot] = width;
      if (part.kind === "number" && part.base !== undefined) layout.yearBase = TWO_DIGIT_BASE;
    }
    layout.length += width;
  }
  const { starts } = layout;
  const hasDate = [YEAR, MONTH, DAY].every((slot) => starts[slot] !== -1);
  const hasHole =
    (starts[MINUTE] === -1 && starts[SECOND] !== -1) || (starts[SECOND] === -1 && starts[NANO] !== -1);
  return hasDate && starts[HOUR] !== -1 && !hasHole ? layout : undefined;
}

function slotOf(part: Part): number | undefined {
  if (part.kind === "fraction") return part.least === part.most && !part.hasPoint ? NANO : undefined;
  if (part.kind !== "number") return undefined;
  const isFixed = part.least === 2 && part.most === 2;
  return isFixed || isFourDigitYear(part) ? SLOTS.get(part.field) : undefined;
}

function isFourDigitYear(part: Part): boolean {
  return part.kind === "number" && part.least === 4 && part.sign === "EXCEEDS_PAD";
}

function read(layout: Layout, text: string, into: LocalTime): boolean {
  const { literals, starts, widths } = layout;
  for (let index = 0; index < literals.length; index += 1) {
    const literal = literals[index] as { at: number; text: string };
    if (literal.text.length === 1) {
      if (text.charCodeAt(literal.at) !== literal.text.charCodeAt(0)) return false;
    } else if (!text.startsWith(literal.text, literal.at)) return false;
  }
  const year = digits(text, starts[YEAR] as number, widths[YEAR] as number) + layout.yearBase;
  const month = digits(text, starts[MONTH] as number, 2);
  const day = digits(text, starts[DAY] as number, 2);
  const hour = digits(text, starts[HOUR] as number, 2);
  const minute = digits(text, starts[MINUTE] as number, 2);
  const second = digits(text, starts[SECOND] as number, 2);
  const width = widths[NANO] as number;
  const fraction = digits(text, starts[NANO] as number, width);
  // Written so that NaN, the mark of something else than a digit, fails too. Years before 1 and the 31st of short months are unusual.
  const isUsual =
    year >= 1 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59 &&
    fraction >= 0;
  if (!isUsual || (day > 28 && day > daysInMonth(year, month))) return false;
  into.epochDay = epochDayOf(year, month, day);
  into.secondOfDay = hour * 3600 + minute * 60 + second;
  into.nano = width === 0 ? 0 : fraction * (NANOS[width] as number);
  return true;
}

/** What the last digit of a fraction of so many digits is worth, in nanoseconds. */
const NANOS = Array.from({ length: 10 }, (_, width) => 10 ** (9 - width));

/** The number at a place; 0 where the pattern has none, NaN where something else than digits stands. */
function digits(text: string, start: number, width: number): number {
  if (start < 0) return 0;
  let value = 0;
  for (let at = start; at < start + width; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
