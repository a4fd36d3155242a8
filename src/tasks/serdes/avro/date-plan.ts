/**
 * Most Java date patterns are digits in fixed places. Those are read here, ten times as fast as a full Java formatter
 * reads them, and can be said in SQL too. A text that does not fit exactly, or is no date that everybody agrees on
 * (30 February, the year 0, 24:00), is left to the full formatter, which gives the value or the error.
 */

/** What a pattern comes to: one entry for each combination of its optional parts. */
export interface DatePlan {
  variants: DateVariant[];
}

/** One shape of text. */
export interface DateVariant {
  /** A regular expression for the whole text, in RE2 and JavaScript alike. */
  shape: string;
  /** The format for strptime. */
  strptime: string;
  length: number;
  isZoned: boolean;
  literals: { at: number; code: number }[];
  /** Where the digits of each field begin; -1 for none. */
  at: Record<Field, number>;
  fractionDigits: number;
}

type Field = "y" | "M" | "d" | "H" | "m" | "s" | "S" | "zone";
type Part = { field: Field; width: number } | { literal: string } | { optional: Part[] };

/** Plans a pattern; undefined when it holds anything unusual. */
export function planDates(pattern: string): DatePlan | undefined {
  const parts = parse(pattern);
  if (!parts || !isUnambiguous(parts)) return undefined;
  const variants = combinations(parts).flatMap(toVariant);
  return variants.length > 0 && variants.length <= MAX_VARIANTS ? { variants } : undefined;
}

// Each costs a look at every text.
const MAX_VARIANTS = 24;

const FIELDS: Record<string, Part> = {
  yyyy: { field: "y", width: 4 },
  uuuu: { field: "y", width: 4 },
  MM: { field: "M", width: 2 },
  dd: { field: "d", width: 2 },
  HH: { field: "H", width: 2 },
  mm: { field: "m", width: 2 },
  ss: { field: "s", width: 2 },
  XXX: { field: "zone", width: 0 },
};

function parse(pattern: string): Part[] | undefined {
  const stack: Part[][] = [[]];
  for (const [token] of pattern.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[\s\S]/g)) {
    const top = stack.at(-1) as Part[];
    if (token === "[") stack.push([]);
    else if (token === "]") {
      if (stack.length !== 2) return undefined;
      stack.pop();
      (stack[0] as Part[]).push({ optional: top });
    } else if (/^S{1,9}$/.test(token)) top.push({ field: "S", width: token.length });
    else if (/^[A-Za-z]/.test(token)) {
      const field = FIELDS[token];
      if (!field) return undefined;
      top.push(field);
    } else if (token === "''") top.push({ literal: "'" });
    else if (token.startsWith("'")) {
      if (token.length < 2) return undefined;
      top.push({ literal: token.slice(1, -1).replaceAll("''", "'") });
    } else if (/[{}#]/.test(token)) return undefined;
    else top.push({ literal: token });
  }
  return stack.length === 1 ? stack[0] : undefined;
}

/** Java takes an optional part whenever it can and never goes back, so it must be plain from one character whether it is there. */
function isUnambiguous(parts: Part[]): boolean {
  return parts.every((part, index) => {
    if (!("optional" in part)) return true;
    const first = part.optional[0];
    const starts = first && startsOf(first);
    if (!starts || part.optional.some((inner) => "optional" in inner)) return false;
    for (const next of parts.slice(index + 1)) {
      const later = "optional" in next ? next.optional[0] : next;
      if (!later || [...startsOf(later)].some((start) => starts.has(start))) return false;
      if (!("optional" in next)) break;
    }
    return true;
  });
}

function startsOf(part: Part): Set<string> {
  if ("literal" in part) return new Set([part.literal.slice(0, 1).toLowerCase().replace(/\d/, "digit")]);
  if ("optional" in part) return new Set();
  return new Set(part.field === "zone" ? ["z", "+", "-"] : ["digit"]);
}

/** With every optional part first: that is how most texts are. */
function combinations([part, ...rest]: Part[]): Part[][] {
  if (!part) return [[]];
  const after = combinations(rest);
  if (!("optional" in part)) return after.map((parts) => [part, ...parts]);
  return [...after.map((parts) => [...part.optional, ...parts]), ...after];
}

const STRPTIME: Record<string, string> = { y: "%Y", M: "%m", d: "%d", H: "%H", m: "%M", s: "%S" };
// strptime has names for these fractions only.
const FRACTION: Record<number, string> = { 3: "%g", 6: "%f" };
const OFFSET = "[+-](?:0[0-9]|1[0-7]):[0-5][0-9]";

/** A zone is written in two ways, so it gives two variants. */
function toVariant(parts: Part[]): DateVariant[] {
  const zones = parts.filter((part) => "field" in part && part.field === "zone").length;
  if (zones === 0) return [variantOf(parts, "")].flatMap((variant) => variant ?? []);
  if (zones > 1) return [];
  return ["Z", OFFSET].flatMap((zone) => variantOf(parts, zone) ?? []);
}

function variantOf(parts: Part[], zone: string): DateVariant | undefined {
  const at: DateVariant["at"] = { y: -1, M: -1, d: -1, H: -1, m: -1, s: -1, S: -1, zone: -1 };
  const variant: DateVariant = {
    shape: "",
    strptime: "",
    length: 0,
    isZoned: zone !== "",
    literals: [],
    at,
    fractionDigits: 0,
  };
  for (const part of parts) {
    if ("optional" in part) return undefined;
    if ("literal" in part) addLiteral(variant, part.literal);
    else if (part.field === "zone" && zone === "Z") addLiteral(variant, "Z");
    else {
      if (at[part.field] !== -1) return undefined;
      at[part.field] = variant.length;
      addField(variant, part.field, part.width);
    }
  }
  const hasDate = at.y !== -1 && at.M !== -1 && at.d !== -1;
  const hasTime = at.H !== -1 && at.m !== -1 && (at.S === -1 || at.s !== -1);
  const hasNone = at.H === -1 && at.m === -1 && at.s === -1 && at.S === -1;
  // Digits alone would be read as a number before they are read as a date.
  return hasDate && (hasTime || hasNone) && variant.literals.length > 0 ? variant : undefined;
}

function addLiteral(variant: DateVariant, text: string) {
  for (let index = 0; index < text.length; index++) {
    variant.literals.push({ at: variant.length + index, code: text.charCodeAt(index) });
  }
  variant.length += text.length;
  variant.shape += text.replace(
    /[^A-Za-z0-9 ]/g,
    (character) => `\\x{${character.charCodeAt(0).toString(16)}}`,
  );
  variant.strptime += text.replaceAll("%", "%%");
}

function addField(variant: DateVariant, field: Field, width: number) {
  if (field === "zone") {
    variant.shape += OFFSET;
    variant.strptime += "%z";
    variant.length += 6;
    return;
  }
  variant.shape += field === "y" ? "[1-9][0-9]{3}" : `[0-9]{${width}}`;
  variant.strptime += field === "S" ? (FRACTION[width] ?? "") : (STRPTIME[field] as string);
  if (field === "S") variant.fractionDigits = width;
  variant.length += width;
}

/** A date and a time of day, in milliseconds since 1970 as if it were UTC, and what is left in nanoseconds. */
export interface PlannedDate {
  epochMs: number;
  nanos: number;
  /** With a zone `epochMs` is the instant itself. */
  isZoned: boolean;
  /** False when the text is a date alone. */
  hasTime: boolean;
}

/** Reads a text; undefined when it takes the full formatter. */
export function readPlanned(plan: DatePlan, text: string): PlannedDate | undefined {
  for (const variant of plan.variants) {
    if (text.length !== variant.length) continue;
    const read = readVariant(variant, text);
    if (read) return read;
  }
  return undefined;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAY_MS = 86_400_000;

function readVariant(
  { literals, at, fractionDigits, isZoned }: DateVariant,
  text: string,
): PlannedDate | undefined {
  for (const literal of literals) if (text.charCodeAt(literal.at) !== literal.code) return undefined;
  const year = digits(text, at.y, 4);
  const month = digits(text, at.M, 2);
  const day = digits(text, at.d, 2);
  const hour = at.H === -1 ? 0 : digits(text, at.H, 2);
  const minute = at.m === -1 ? 0 : digits(text, at.m, 2);
  const second = at.s === -1 ? 0 : digits(text, at.s, 2);
  const fraction = at.S === -1 ? 0 : digits(text, at.S, fractionDigits) * 10 ** (9 - fractionDigits);
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lastDay = month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0);
  // Written so that NaN, for what is no digit, fails too.
  const isDate = year >= 1000 && day >= 1 && day <= lastDay;
  if (!(isDate && hour < 24 && minute < 60 && second < 60 && fraction >= 0)) return undefined;
  const offset = at.zone === -1 ? 0 : offsetMinutes(text, at.zone);
  if (Number.isNaN(offset)) return undefined;

  const clock = (hour * 60 + minute - offset) * 60_000 + second * 1000;
  const ms = Math.floor(fraction / 1e6);
  return {
    epochMs: daysSince1970(year, month, day) * DAY_MS + clock + ms,
    nanos: fraction - ms * 1e6,
    isZoned,
    hasTime: at.H !== -1,
  };
}

function digits(text: string, at: number, width: number): number {
  let value = 0;
  for (let index = at; index < at + width; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function offsetMinutes(text: string, at: number): number {
  const sign = text[at] === "+" ? 1 : text[at] === "-" ? -1 : Number.NaN;
  const hours = digits(text, at + 1, 2);
  const minutes = digits(text, at + 4, 2);
  return text[at + 3] === ":" && hours < 18 && minutes < 60 ? sign * (hours * 60 + minutes) : Number.NaN;
}

/** The calendar of today, for all times (Howard Hinnant's days_from_civil). */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
