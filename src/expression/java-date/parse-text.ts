import { ZoneId } from "@js-joda/core";
import { unparsable } from "./date-error.ts";
import { type DayPeriod, Field, type FieldNumber, type ParsedFields } from "./fields.ts";
import { readGenericZone, readZoneName, type ZoneMatch } from "./generic-zone.ts";
import { type Names, namesOf, periodsOf } from "./names.ts";
import { type OffsetMatch, readLocalOffset, readOffset, startsWith } from "./offset-text.ts";
import type { FractionPart, NumberPart, Part, TextPart } from "./pattern-parts.ts";

/** Reads one part at a position; returns where it ends, or `~position` of what is wrong. */
type PartReader = (text: string, position: number, into: ParsedFields) => number;

/** How texts are compared. */
interface Manner {
  names: Names;
  ignoresCase: boolean;
}

/** Reads a text by the parts of a format, as java.time does, with its words when it does not fit. */
export function textReader(
  { parts, ignoresCase }: { parts: readonly Part[]; ignoresCase: boolean },
  locale?: string,
): (text: string) => ParsedFields {
  const read = sequence(parts, { names: namesOf(locale), ignoresCase });
  return (text) => {
    const parsed: ParsedFields = { values: [], zone: undefined };
    const end = read(text, 0, parsed);
    if (end < 0) throw unparsable(text, ` at index ${~end}`);
    if (end < text.length) throw unparsable(text, `, unparsed text found at index ${end}`);
    return parsed;
  };
}

function sequence(parts: readonly Part[], manner: Manner): PartReader {
  const readers = parts.map((part) => readerOf(part, manner));
  return (text, start, into) => {
    let position = start;
    for (const read of readers) {
      position = read(text, position, into);
      if (position < 0) return position;
    }
    return position;
  };
}

function readerOf(part: Part, manner: Manner): PartReader {
  const { names, ignoresCase } = manner;
  switch (part.kind) {
    case "literal":
      return (text, position) =>
        startsWith(text, part.text, position, ignoresCase) ? position + part.text.length : ~position;
    case "number":
      return (text, position, into) => readNumber(part, text, position, into);
    case "fraction":
      return (text, position, into) => readFraction(part, text, position, into);
    case "text":
      return nameReader(part, manner);
    case "offset":
      return offsetReader((text, position) => {
        const { pattern, zero, isLenient = false } = part;
        return readOffset(text, position, pattern, zero, { isLenient, ignoresCase });
      });
    case "localOffset":
      return offsetReader((text, position) => readLocalOffset(text, position, part.style === "full"));
    case "zoneId":
      return readZone;
    case "zoneName":
      return namedZone(part.style === "full" ? readZoneName : () => undefined);
    case "genericZone":
      return namedZone((text, position) => readGenericZone(text, position, part.style));
    case "padded":
      return paddedReader(part.width, readerOf(part.part, manner));
    case "dayPeriod":
      return periodReader(periodsOf(names, part.style));
    case "optional":
      return optional(sequence(part.parts, manner));
  }
}

/** The part has exactly the width, blanks included. Where it ends elsewhere, java.time counts the place of the fault its own way. */
function paddedReader(width: number, read: PartReader): PartReader {
  return (text, position, into) => {
    const end = position + width;
    if (end > text.length) return ~position;
    let start = position;
    while (start < end && text.charAt(start) === " ") start += 1;
    const found = read(text.slice(0, end), start, into);
    return found === end ? end : ~(position + start);
  };
}

function optional(read: PartReader): PartReader {
  return (text, position, into) => {
    const { values, zone, period } = into;
    into.values = values.slice();
    const end = read(text, position, into);
    if (end >= 0) return end;
    into.values = values;
    into.zone = zone;
    into.period = period;
    return position;
  };
}

function namedZone(find: (text: string, position: number) => ZoneMatch | undefined): PartReader {
  return (text, position, into) => {
    const named = find(text, position);
    if (named === undefined) return readZone(text, position, into);
    into.zone = named.zone;
    return named.end;
  };
}

function periodReader(periods: readonly DayPeriod[]): PartReader {
  return (text, position, into) => {
    const found = periods.find((period) => text.startsWith(period.text, position));
    if (found === undefined) return ~position;
    into.period = found;
    return position + found.text.length;
  };
}

/** A field that stands in a text twice must say the same. */
function put(into: ParsedFields, field: FieldNumber, value: number, start: number, end: number): number {
  const before = into.values[field];
  if (before !== undefined && before !== value) return ~start;
  into.values[field] = value;
  return end;
}

function readNumber(part: NumberPart, text: string, start: number, into: ParsedFields): number {
  if (start === text.length) return ~start;
  const sign = text.charAt(start);
  const hasPlus = sign === "+";
  const hasMinus = sign === "-";
  const isForgiven = part.isLenient === true && part.least !== part.most;
  if (hasPlus && part.sign !== "EXCEEDS_PAD" && !isForgiven) return ~start;
  if (hasMinus && part.sign === "NOT_NEGATIVE" && !isForgiven) return ~start;
  const from = hasPlus || hasMinus ? start + 1 : start;
  const least = from + (part.isLenient ? 1 : part.least);
  if (least > text.length) return ~from;
  const isFixed =
    part.reserved === -1 || (part.reserved > 0 && part.least === part.most && part.sign === "NOT_NEGATIVE");
  const most = part.isLenient ? 9 : part.most;
  let end = endOfDigits(text, from, most + (isFixed ? 0 : Math.max(part.reserved, 0)));
  // The numbers right behind this one need their digits.
  if (part.reserved > 0) end = endOfDigits(text, from, Math.max(part.least, end - from - part.reserved));
  if (end < least) return ~from;
  const value = Number(text.slice(from, end));
  if (hasMinus) return value === 0 ? ~start : put(into, part.field, -value, from, end);
  if (part.sign === "EXCEEDS_PAD") {
    const hasMore = end - from > part.least;
    if (hasPlus && !hasMore) return ~start;
    if (!hasPlus && hasMore) return ~from;
  }
  return put(into, part.field, withBase(part, value, end - from), from, end);
}

/** Two digits of a year mean the one from the base on. */
function withBase({ base, least }: NumberPart, value: number, width: number): number {
  if (base === undefined || width !== least) return value;
  const range = 10 ** least;
  const year = base - (base % range) + value;
  return year < base ? year + range : year;
}

function endOfDigits(text: string, start: number, most: number): number {
  const limit = Math.min(text.length, start + most);
  let end = start;
  while (end < limit && isDigit(text.charCodeAt(end))) end += 1;
  return end;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function readFraction(part: FractionPart, text: string, position: number, into: ParsedFields): number {
  let start = position;
  if (start === text.length) return part.least > 0 ? ~start : start;
  if (part.hasPoint) {
    if (text.charAt(start) !== ".") return part.least > 0 ? ~start : start;
    start += 1;
  }
  if (start + part.least > text.length) return ~start;
  const end = endOfDigits(text, start, part.most);
  // java.time forgives one missing digit where something else than the end of the text follows; so do we.
  if (end - start < part.least - 1) return ~start;
  const nano = Number(text.slice(start, end).padEnd(9, "0"));
  return put(into, Field.NANO, nano, start, end);
}

function nameReader(part: TextPart, { names, ignoresCase }: Manner): PartReader {
  const { field } = part;
  const [texts, first] = textsOf(part, names);
  // The longest first, so that `May` does not hide `Mayday`.
  const choices = texts
    .map((text, index) => ({ text, value: index + first }))
    .sort((a, b) => b.text.length - a.text.length);
  return (text, position, into) => {
    const found = choices.find((choice) => startsWith(text, choice.text, position, ignoresCase));
    return found === undefined
      ? ~position
      : put(into, field, found.value, position, position + found.text.length);
  };
}

/** The names of a field's values, and the value of the first one. */
export function textsOf(
  { field, style, isAlone }: TextPart,
  names: Names,
): [texts: readonly string[], first: number] {
  if (field === Field.MONTH) return [(isAlone ? names.alone : names).months[style], 1];
  if (field === Field.DAY_OF_WEEK) return [(isAlone ? names.alone : names).days[style], 1];
  if (field === Field.QUARTER) return [names.quarters[style], 1];
  return field === Field.AMPM ? [names.halves, 0] : [names.eras[style], 0];
}

function offsetReader(read: (text: string, position: number) => OffsetMatch | undefined): PartReader {
  return (text, position, into) => {
    const match = read(text, position);
    return match === undefined ? ~position : put(into, Field.OFFSET, match.seconds, position, match.end);
  };
}

const ZONE_TEXT = /[A-Za-z0-9/_+:-]+/y;
/** Short names that have one meaning, as java.time prints them in English. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  CET: "Europe/Paris",
  CEST: "Europe/Paris",
  EST: "America/New_York",
  EDT: "America/New_York",
  CST: "America/Chicago",
  CDT: "America/Chicago",
  MST: "America/Denver",
  MDT: "America/Denver",
  PST: "America/Los_Angeles",
  PDT: "America/Los_Angeles",
  AKST: "America/Anchorage",
  AKDT: "America/Anchorage",
  BST: "Europe/London",
  WEST: "Atlantic/Canary",
  EEST: "Europe/Bucharest",
  MSK: "Europe/Moscow",
  JST: "Asia/Tokyo",
  AEST: "Australia/Sydney",
  AEDT: "Australia/Sydney",
  GMT: "GMT",
  UTC: "UTC",
};

/** What js-joda takes for an offset and java.time does not: `+1`, `GMT+01`. */
const LOOSE_OFFSET = /^(?:UTC?|GMT)?[+-](?!\d\d:\d\d(?::\d\d)?$)/;

/** The longest text that is the id of a zone. */
const readZone: PartReader = (text, position, into) => {
  ZONE_TEXT.lastIndex = position;
  const found = ZONE_TEXT.exec(text.slice(0, position + 64))?.[0] ?? "";
  for (let length = found.length; length > 0; length -= 1) {
    const name = found.slice(0, length);
    const id = Object.hasOwn(SHORT_NAMES, name) ? (SHORT_NAMES[name] as string) : name;
    if (!isZone(id)) continue;
    into.zone = id;
    return position + length;
  }
  return ~position;
};

function isZone(id: string): boolean {
  if (id === "SYSTEM" || LOOSE_OFFSET.test(id)) return false;
  try {
    ZoneId.of(id).rules();
    return true;
  } catch {
    return false;
  }
}
