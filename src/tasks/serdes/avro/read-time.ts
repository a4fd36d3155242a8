import {
  Instant,
  LocalDate,
  LocalDateTime,
  LocalTime,
  OffsetDateTime,
  OffsetTime,
  ZonedDateTime,
  ZoneId,
  ZoneOffset,
} from "@js-joda/core";
import "@js-joda/timezone";
import { ConversionFailure } from "./conversion-failure.ts";
import { planDates, readPlanned } from "./date-plan.ts";
import { type JavaFormat, javaFormat } from "./java-format.ts";
import { epochText, notA } from "./read-number.ts";

/** A moment: milliseconds since 1970, and the nanoseconds that are left. */
export interface Moment {
  epochMs: number;
  nanos: number;
}

/** Reads the dates and times of a file in the patterns of a task. */
export interface TimeReader {
  /** Text, a number, or a java.time value that is a moment. A number counts `unit`s. */
  timestamp(data: unknown, unit: "ms" | "µs"): Moment;
  /** How far the clocks of the time zone are ahead of UTC at that moment. */
  offsetMs(moment: Moment): number;
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

/** Whether a time zone is known. */
export function isTimeZone(id: string): boolean {
  try {
    ZoneId.of(id);
    return true;
  } catch {
    return false;
  }
}

/** Prepares the patterns. */
export function createTimeReader(options: TimeOptions): TimeReader {
  const zone = ZoneId.of(options.timeZoneId);
  const isUtc = zone.normalized() === ZoneOffset.UTC || options.timeZoneId === "UTC";
  const datePlan = planDates(options.dateFormat);
  const datetimePlan = planDates(options.datetimeFormat);
  const formats = {
    date: lazy(options.dateFormat),
    time: lazy(options.timeFormat),
    datetime: lazy(options.datetimeFormat),
  };

  return {
    timestamp: (data, unit) =>
      typeof data === "string" ? timestampText(data, unit) : momentOf(data, unit, zone),
    offsetMs: ({ epochMs }) =>
      isUtc ? 0 : zone.rules().offset(Instant.ofEpochMilli(epochMs)).totalSeconds() * 1000,
    date: (data) => (typeof data === "string" ? dateText(data) : dateOf(data, zone).toEpochDay()),
    time(data) {
      if (typeof data === "string") return formats.time().time(data).toNanoOfDay();
      if (data instanceof OffsetTime) return data.toLocalTime().toNanoOfDay();
      if (data instanceof LocalTime) return data.toNanoOfDay();
      throw notA("java.time.LocalTime", data);
    },
  };

  function timestampText(text: string, unit: "ms" | "µs"): Moment {
    const epoch = epochText(text);
    if (epoch !== undefined) return epochMoment(epoch, unit);
    const planned = datetimePlan && readPlanned(datetimePlan, text);
    // A date alone is no moment; the full formatter says so.
    if (planned?.hasTime && (planned.isZoned || isUtc)) return planned;
    return momentOf(formats.datetime().moment(text), unit, zone);
  }

  function dateText(text: string): number {
    const planned = datePlan && readPlanned(datePlan, text);
    // With a zone the date is meant where it was written, and the plan has moved it to UTC.
    if (planned && !planned.isZoned) return Math.floor(planned.epochMs / 86_400_000);
    return formats.date().date(text).toEpochDay();
  }
}

function lazy(pattern: string): () => JavaFormat {
  let format: JavaFormat | undefined;
  return () => {
    format ??= javaFormat(pattern);
    return format;
  };
}

function momentOf(data: unknown, unit: "ms" | "µs", zone: ZoneId): Moment {
  if (typeof data === "bigint") return epochMoment(data, unit);
  if (data instanceof Instant) return instantMoment(data);
  if (data instanceof LocalDateTime) return instantMoment(data.atZone(zone).toInstant());
  if (data instanceof ZonedDateTime || data instanceof OffsetDateTime) return instantMoment(data.toInstant());
  throw notA("java.time.Instant", data);
}

function epochMoment(epoch: number | bigint, unit: "ms" | "µs"): Moment {
  if (unit === "ms") {
    const epochMs = Number(epoch);
    if (Number.isSafeInteger(epochMs)) return { epochMs, nanos: 0 };
    throw new ConversionFailure(`${epoch} milliseconds are beyond all dates`);
  }
  const micros = BigInt(epoch);
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  return { epochMs: Number((micros - rest) / 1000n), nanos: Number(rest) * 1000 };
}

function instantMoment(instant: Instant): Moment {
  const ms = Math.floor(instant.nano() / 1e6);
  return { epochMs: instant.epochSecond() * 1000 + ms, nanos: instant.nano() - ms * 1e6 };
}

function dateOf(data: unknown, zone: ZoneId): LocalDate {
  if (data instanceof LocalDate) return data;
  if (data instanceof LocalDateTime || data instanceof ZonedDateTime || data instanceof OffsetDateTime) {
    return data.toLocalDate();
  }
  if (data instanceof Instant) return data.atZone(zone).toLocalDate();
  throw notA("java.time.LocalDate", data);
}
