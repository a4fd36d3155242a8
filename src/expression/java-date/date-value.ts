import { ChronoUnit, Instant, ZonedDateTime, ZoneOffset } from "@js-joda/core";
import { shorten } from "../../base/shorten.ts";
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
  value: string | number | bigint | Date,
  { timeZone, existingFormat }: DateReading,
): ZonedDateTime {
  const zone = zoneOf(timeZone);
  if (value instanceof Date) return Instant.ofEpochMilli(value.getTime()).atZone(zone.id);
  if (typeof value === "number" || typeof value === "bigint") return dateOfNumber(value, zone);
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
      `Unknown unit \`${shorten(unit, 30)}\`: it is one of ${Object.keys(UNITS).join(", ")}.`,
    );
  }
  return attempt(() => date.plus(amount, chronoUnit));
}

/** A date in the words of a pattern or format, in the zone asked for. */
export function formatDate(date: ZonedDateTime, format: string, timeZone?: string, locale?: string): string {
  const shown = attempt(() => date.withZoneSameInstant(zoneOf(timeZone).id));
  return styledText(shown, format, locale) ?? compilePattern(format, locale).format(shown);
}

/**
 * 13 digits are milliseconds, 19 nanoseconds, anything else seconds. Of nanoseconds that do not end in `000` Kestra takes the last six
 * digits for microseconds.
 */
function dateOfNumber(value: number | bigint, zone: Zone): ZonedDateTime {
  const whole = BigInt(value);
  const digits = String(whole).replace("-", "");
  return attempt(() => {
    if (digits.length === 13) return Instant.ofEpochMilli(Number(whole)).atZone(zone.id);
    if (digits.length !== 19) return Instant.ofEpochSecond(Number(whole)).atZone(zone.id);
    const nano = digits.endsWith("000") ? whole % 1_000_000_000n : (whole % 1_000_000n) * 1000n;
    return Instant.ofEpochSecond(Number(whole / 1_000_000_000n), Number(nano)).atZone(zone.id);
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
  const said = parsed.zone === undefined ? undefined : zoneOf(parsed.zone).id;
  if (parsed.offset === undefined || parsed.secondOfDay === undefined) return local.atZone(said ?? zone.id);
  const instant = Instant.ofEpochSecond(
    epochDay * SECONDS_PER_DAY + parsed.secondOfDay - parsed.offset,
    parsed.nano,
  );
  // Where a text says both and they disagree, the offset holds.
  return ZonedDateTime.ofInstant(instant, said ?? ZoneOffset.ofTotalSeconds(parsed.offset));
}

function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    // js-joda's own errors: a date out of range.
    throw new DateTimeError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
