import {
  Instant,
  LocalDate,
  LocalDateTime,
  LocalTime,
  OffsetDateTime,
  OffsetTime,
  ZonedDateTime,
  ZoneId,
} from "@js-joda/core";
import "@js-joda/timezone";
import { DateTimeError } from "../../../expression/java-date/date-error.ts";
import { compilePattern } from "../../../expression/java-date/date-pattern.ts";
import { ConversionFailure } from "./conversion-failure.ts";
import { epochText, notA } from "./read-number.ts";

/** Reads the dates and times of a file in the patterns of a task: text, java.time values, and numbers for moments. */
export interface TimeReader {
  /** Milliseconds since 1970. A number counts milliseconds. */
  millis(data: unknown): number;
  /** Microseconds since 1970. A number counts microseconds. */
  micros(data: unknown): number | bigint;
  /** The milliseconds by which the clocks of the time zone are ahead of UTC then. */
  offsetAt(epochMs: number): number;
  /** Days since 1970. */
  date(data: unknown): number;
  /** Nanoseconds since midnight. */
  time(data: unknown): number;
}

/** The patterns and the zone of a task. */
export interface TimeOptions {
  dateFormat: string;
  timeFormat: string;
  datetimeFormat: string;
  timeZoneId: string;
}

// As far as Date goes, in both directions: some 270,000 years.
const LAST_MS = 8.64e15;
const DAY_MS = 86_400_000;

/** Prepares the patterns. */
export function createTimeReader(options: TimeOptions): TimeReader {
  const zoneId = options.timeZoneId;
  const zone = ZoneId.of(zoneId);
  const datetime = compilePattern(options.datetimeFormat);
  const date = compilePattern(options.dateFormat);
  const time = compilePattern(options.timeFormat);

  return {
    millis(data) {
      if (typeof data !== "string") return inRange(Number(typeof data === "bigint" ? data : millisOf(data)));
      const epoch = epochText(data);
      return inRange(epoch === undefined ? datetime.parseToEpochMillis(data, zoneId) : Number(epoch));
    },
    micros(data) {
      const epoch = typeof data === "string" ? epochText(data) : typeof data === "bigint" ? data : undefined;
      if (epoch !== undefined) return smallest(BigInt(epoch));
      if (typeof data === "string") return microsOfText(data);
      return smallest(BigInt(millisOf(data)) * 1000n + BigInt(subMicros(instantOf(data).nano())));
    },
    offsetAt: (epochMs) => zone.rules().offset(Instant.ofEpochMilli(epochMs)).totalSeconds() * 1000,
    date(data) {
      const day = typeof data === "string" ? date.parseToEpochDay(data) : dateOf(data).toEpochDay();
      inRange(day * DAY_MS);
      return day;
    },
    time(data) {
      if (typeof data === "string") return time.parseToNanoOfDay(data);
      if (data instanceof OffsetTime) return data.toLocalTime().toNanoOfDay();
      if (data instanceof LocalTime) return data.toNanoOfDay();
      throw notA("java.time.LocalTime", data);
    },
  };

  function microsOfText(text: string): number | bigint {
    const micros = datetime.parseToEpochMicros(text, zoneId);
    if (Number.isSafeInteger(micros)) return micros;
    // Beyond the year 2255 a number of microseconds loses digits.
    const ms = inRange(datetime.parseToEpochMillis(text, zoneId));
    return BigInt(ms) * 1000n + BigInt(subMicros(datetime.parse(text).nano));
  }

  function instantOf(data: unknown): Instant {
    if (data instanceof Instant) return data;
    if (data instanceof LocalDateTime) return data.atZone(zone).toInstant();
    if (data instanceof ZonedDateTime || data instanceof OffsetDateTime) return data.toInstant();
    throw notA("java.time.Instant", data);
  }

  function millisOf(data: unknown): number {
    const instant = instantOf(data);
    return inRange(instant.epochSecond() * 1000 + Math.floor(instant.nano() / 1e6));
  }

  function dateOf(data: unknown): LocalDate {
    if (data instanceof LocalDate) return data;
    if (data instanceof LocalDateTime || data instanceof ZonedDateTime || data instanceof OffsetDateTime) {
      return data.toLocalDate();
    }
    if (data instanceof Instant) return data.atZone(zone).toLocalDate();
    throw notA("java.time.LocalDate", data);
  }
}

/** Whether Java would take a pattern. */
export function isJavaPattern(pattern: string): boolean {
  try {
    compilePattern(pattern);
    return true;
  } catch (error) {
    if (error instanceof DateTimeError) return false;
    throw error;
  }
}

/** Whether a time zone is known. */
export function isTimeZone(id: string): boolean {
  try {
    ZoneId.of(id);
    return true;
  } catch {
    return false;
  }
}

function inRange(epochMs: number): number {
  if (Math.abs(epochMs) <= LAST_MS) return epochMs;
  throw new ConversionFailure("The date is beyond the calendar");
}

function smallest(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The microseconds within the millisecond. */
function subMicros(nano: number): number {
  return Math.floor(nano / 1000) % 1000;
}
