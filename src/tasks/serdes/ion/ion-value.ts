/**
 * The values of Ion data as they come to the converters:
 *
 * | Ion | here |
 * | --- | --- |
 * | null, typed nulls | null |
 * | bool | boolean |
 * | int | bigint |
 * | float | number |
 * | decimal | Decimal |
 * | string, symbol | string |
 * | timestamp of a day | LocalDate |
 * | timestamp with an offset other than UTC | ZonedDateTime |
 * | other timestamps | Instant |
 * | `LocalDateTime::"…"` and the like | the java.time value of that name |
 * | blob, clob | Uint8Array |
 * | list, sexp | array |
 * | struct | object without a prototype, or a plain one: ask with Object.hasOwn |
 */
import {
  Duration,
  Instant,
  LocalDate,
  LocalDateTime,
  LocalTime,
  OffsetDateTime,
  OffsetTime,
  ZonedDateTime,
} from "@js-joda/core";
import "@js-joda/timezone";

export { Decimal, parseDecimal } from "../../../base/decimal.ts";

/** The java.time values that Ion files of Kestra hold as annotated text, by their annotations. */
const ANNOTATED: Record<string, (text: string) => unknown> = {
  LocalDateTime: (text) => LocalDateTime.parse(text),
  LocalDate: (text) => LocalDate.parse(text),
  LocalTime: (text) => LocalTime.parse(text),
  OffsetDateTime: (text) => OffsetDateTime.parse(text),
  OffsetTime: (text) => OffsetTime.parse(text),
  ZonedDateTime: (text) => ZonedDateTime.parse(text),
  Instant: (text) => Instant.parse(text),
  Duration: (text) => Duration.parse(text),
};

/** Makes the java.time value of an annotated text. Other annotations, and texts that do not fit, change nothing. */
export function annotated(annotation: string, value: unknown): unknown {
  if (typeof value !== "string" || !Object.hasOwn(ANNOTATED, annotation)) return value;
  try {
    return ANNOTATED[annotation]?.(value);
  } catch {
    return value;
  }
}

/** Reads an Ion timestamp. */
export function parseTimestamp(text: string): Instant | LocalDate | ZonedDateTime | undefined {
  const match =
    /^(\d{4})-?(?:(\d\d)-?(?:(\d\d))?)?T?(?:(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?(Z|[+-]\d\d:\d\d))?$/.exec(
      text,
    );
  if (!match) return undefined;
  const [, year, month = "01", day = "01", hour, minute, second = "00", offset] = match;
  try {
    const date = LocalDate.parse(`${year}-${month}-${day}`);
    if (hour === undefined || offset === undefined) return date;
    // Ion allows more than nanoseconds; nobody can hold them.
    const time = `${hour}:${minute}:${second.slice(0, 12)}`;
    const moment = OffsetDateTime.parse(`${date}T${time}${offset.replace("-00:00", "Z")}`);
    return moment.offset().totalSeconds() === 0 ? moment.toInstant() : moment.toZonedDateTime();
  } catch {
    return undefined;
  }
}
