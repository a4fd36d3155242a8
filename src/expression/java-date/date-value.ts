import { ChronoUnit, Instant, ZonedDateTime, ZoneOffset } from "@js-joda/core";
import { SECONDS_PER_DAY } from "./calendar.ts";
import { DateTimeError } from "./date-error.ts";
import { compilePattern, type DatePattern } from "./date-pattern.ts";
import type { Resolved } from "./resolve.ts";
import { styledText } from "./styled-text.ts";
import { localDateTimeOf, type Zone, zoneOf } from "./zone.ts";

const UNITS: Readonly<Record<string, ChronoUnit>> = {
  NANOS: ChronoUnit.NANOS,
  MICROS: ChronoUnit.MICROS,
  MILLIS: ChronoUnit.MILLIS,
  SECONDS: ChronoUnit.SECONDS,
  MINUTES: ChronoUnit.MINUTES,
  HOURS: ChronoUnit.HOURS,
  HALF_DAYS: ChronoUnit.HALF_DAYS,
  DAYS: ChronoUnit.DAYS,
  WEEKS: ChronoUnit.WEEKS,
  MONTHS: ChronoUnit.MONTHS,
  YEARS: ChronoUnit.YEARS,
  DECADES: ChronoUnit.DECADES,
  CENTURIES: ChronoUnit.CENTURIES,
  MILLENNIA: ChronoUnit.MILLENNIA,
};

/** How a date of an expression is to be read. */
export interface DateReading {
  /** The zone of times that have none, and the one to print in. */
  timeZone?: string | undefined;
  /** The pattern or the name of the format that the text has. */
  existingFormat?: string | undefined;
}

/** A value as a date: a text (with zone, without, or only a day), seconds, milliseconds or nanoseconds since 1970, or a Date. */
export function dateOf(
  value: string | number | Date,
  { timeZone, existingFormat }: DateReading,
): ZonedDateTime {
  const zone = zoneOf(timeZone);
  if (value instanceof Date) return Instant.ofEpochMilli(value.getTime()).atZone(zone.id);
  if (typeof value === "number") return dateOfNumber(value, zone);
  return readDate(
    value,
    existingFormat === undefined ? isoPatterns() : [compilePattern(existingFormat)],
    zone,
  );
}

/** Adds to a date; the unit is the name of a ChronoUnit. */
export function addToDate(date: ZonedDateTime, amount: number, unit: string): ZonedDateTime {
  const chronoUnit = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  if (chronoUnit === undefined) {
    throw new DateTimeError(
      `Unknown unit \`${unit.slice(0, 30)}\`: it is one of ${Object.keys(UNITS).join(", ")}.`,
    );
  }
  return attempt(() => date.plus(amount, chronoUnit));
}

/** A date in the words of a pattern or format, in the zone asked for. */
export function formatDate(date: ZonedDateTime, format: string, timeZone?: string, locale?: string): string {
  const shown = attempt(() => date.withZoneSameInstant(zoneOf(timeZone).id));
  return styledText(shown, format, locale) ?? compilePattern(format, locale).format(shown);
}

/** 13 digits are milliseconds, 19 nanoseconds, anything else seconds. */
function dateOfNumber(value: number, zone: Zone): ZonedDateTime {
  const whole = Math.trunc(value);
  const digits = String(Math.abs(whole)).length;
  return attempt(() => {
    if (digits === 13) return Instant.ofEpochMilli(whole).atZone(zone.id);
    if (digits === 19) return Instant.ofEpochSecond(Math.floor(whole / 1e9), whole % 1e9).atZone(zone.id);
    return Instant.ofEpochSecond(whole).atZone(zone.id);
  });
}

/** The formats of a text without `existingFormat`; its error is the last one's, as in Kestra. */
function isoPatterns(): DatePattern[] {
  return [
    compilePattern("iso_zoned_date_time"),
    compilePattern("iso_local_date_time"),
    compilePattern("iso_local_date"),
  ];
}

function readDate(text: string, patterns: readonly DatePattern[], zone: Zone): ZonedDateTime {
  let failure: unknown;
  for (const pattern of patterns) {
    try {
      return toDate(pattern.parse(text), text, pattern, zone);
    } catch (error) {
      if (!(error instanceof DateTimeError)) throw error;
      failure = error;
    }
  }
  throw failure;
}

function toDate(parsed: Resolved, text: string, pattern: DatePattern, zone: Zone): ZonedDateTime {
  // Without a date this throws, in java.time's words.
  const epochDay = parsed.epochDay ?? pattern.parseToEpochDay(text);
  const local = localDateTimeOf(epochDay * SECONDS_PER_DAY + (parsed.secondOfDay ?? 0), parsed.nano);
  if (parsed.zone !== undefined) return local.atZone(zoneOf(parsed.zone).id);
  if (parsed.offset === undefined || parsed.secondOfDay === undefined) return local.atZone(zone.id);
  const instant = Instant.ofEpochSecond(
    epochDay * SECONDS_PER_DAY + parsed.secondOfDay - parsed.offset,
    parsed.nano,
  );
  return ZonedDateTime.ofInstant(instant, ZoneOffset.ofTotalSeconds(parsed.offset));
}

function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    // js-joda's own errors: a date out of range.
    throw new DateTimeError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
