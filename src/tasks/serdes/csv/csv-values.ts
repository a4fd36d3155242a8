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
import { compilePattern, type DatePattern } from "../../../expression/java-date/date-pattern.ts";
import { javaText } from "../avro/java-text.ts";

/** The patterns and the zone of dates and times that become text. */
export interface DateTexts {
  dateFormat: string;
  timeFormat: string;
  dateTimeFormat: string;
  timeZoneId: string;
}

/**
 * Prepares the writing of values as the text of a cell. Moments without a zone of their own are written in UTC, others
 * in the zone of the task; a time without an offset leaves out the optional part that would hold it.
 */
export function cellWriter(options: DateTexts): (value: unknown) => string {
  const zone = ZoneId.of(options.timeZoneId);
  const dateTime = patterns(options.dateTimeFormat);
  const time = patterns(options.timeFormat);
  const date = patterns(options.dateFormat);
  const epoch = LocalDate.ofEpochDay(0);

  return (value) => {
    if (value === null || value === undefined) return "";
    if (typeof value === "string") return value;
    if (typeof value !== "object") return javaText(value);
    if (value instanceof Instant) return dateTime.whole.format(value.atZone(ZoneOffset.UTC));
    if (value instanceof ZonedDateTime) return dateTime.whole.format(value.withZoneSameInstant(zone));
    if (value instanceof OffsetDateTime) return dateTime.whole.format(value.atZoneSameInstant(zone));
    if (value instanceof LocalDateTime) return dateTime.local.format(value.atZone(ZoneOffset.UTC));
    if (value instanceof LocalDate) return date.local.format(value.atStartOfDay(ZoneOffset.UTC));
    if (value instanceof LocalTime) return time.local.format(epoch.atTime(value).atZone(ZoneOffset.UTC));
    if (value instanceof OffsetTime) {
      return time.whole.format(epoch.atTime(value.toLocalTime()).atZone(value.offset()));
    }
    return javaText(value);
  };
}

/** A pattern, and what is left of it for a value that has no offset. */
function patterns(pattern: string): { whole: DatePattern; local: DatePattern } {
  return { whole: compilePattern(pattern), local: compilePattern(withoutOffset(pattern)) };
}

const OFFSET_PART = /\[[^[\]]*?[XxZVzO][^[\]]*?\]/g;

/** The optional parts that hold an offset or a zone, outside of quotes. */
function withoutOffset(pattern: string): string {
  return pattern
    .split(/('(?:[^']|'')*')/)
    .map((part) => (part.startsWith("'") ? part : part.replace(OFFSET_PART, "")))
    .join("");
}
