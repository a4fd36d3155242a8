import type { ZonedDateTime } from "@js-joda/core";
import { SECONDS_PER_DAY } from "./calendar.ts";
import { DateTimeError, unparsable } from "./date-error.ts";
import type { ParsedFields } from "./fields.ts";
import { type FixedReader, fixedReader, type LocalTime } from "./fixed-layout.ts";
import { type LocalMoment, textWriter } from "./format-text.ts";
import { formatOf } from "./named-formats.ts";
import { textReader } from "./parse-text.ts";
import { describe, type Resolved, resolve } from "./resolve.ts";
import { type Zone, zoneOf } from "./zone.ts";

/**
 * A pattern of Java's DateTimeFormatter, ready for hot loops. All readers throw DateTimeError with java.time's words.
 * Without a zone, the one of this machine is meant; times without an offset of their own are in it.
 */
export interface DatePattern {
  readonly pattern: string;
  format(date: ZonedDateTime): string;
  formatEpochMillis(millis: number, zone?: string): string;
  parseToEpochMillis(text: string, zone?: string): number;
  parseToEpochMicros(text: string, zone?: string): number;
  /** The date and time as they stand in the text, as if in UTC (Avro's local timestamps). */
  parseLocalToEpochMillis(text: string): number;
  parseLocalToEpochMicros(text: string): number;
  /** Days since 1970-01-01. */
  parseToEpochDay(text: string): number;
  parseToNanoOfDay(text: string): number;
  /** Everything the text says; expressions go on from here. */
  parse(text: string): Resolved;
}

/** Patterns come from flows, which hold few; a template that makes them up shall not fill the memory. */
const MOST_PATTERNS = 500;
const known = new Map<string, DatePattern>();

/** Compiles a pattern or the name of a format. Throws DateTimeError when it is not valid. */
export function compilePattern(pattern: string, locale?: string): DatePattern {
  const key = locale === undefined ? pattern : `${locale} ${pattern}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const compiled = compile(pattern, locale);
  if (known.size >= MOST_PATTERNS) known.delete(known.keys().next().value as string);
  known.set(key, compiled);
  return compiled;
}

function compile(pattern: string, language: string | undefined): DatePattern {
  const format = formatOf(pattern);
  const locale = format.locale ?? language;
  const read = textReader(format, locale);
  const write = textWriter(format.parts, locale, format.isIso);
  const fast: FixedReader = (format.isIso ? undefined : fixedReader(format.parts)) ?? (() => false);
  const local: LocalTime = { epochDay: 0, secondOfDay: 0, nano: 0 };

  /** Seconds since 1970; the fraction is left in `local.nano`. */
  const epochSecond = (text: string, zone: Zone | undefined): number => {
    if (fast(text, local)) return zone === undefined ? secondOf(local) : instantOf(secondOf(local), zone);
    const parsed = parse(text);
    const moment = needed(parsed.epochDay, parsed.secondOfDay, text, "LocalDateTime");
    local.nano = parsed.nano;
    if (zone === undefined) return moment;
    return parsed.offset === undefined
      ? instantOf(moment, parsed.zone === undefined ? zone : zoneOf(parsed.zone))
      : moment - parsed.offset;
  };
  const parse = (text: string): Resolved => resolveText(text, read, format.isIso);
  const millis = (second: number) => second * 1000 + Math.floor(local.nano / 1_000_000);
  const micros = (second: number) => second * 1_000_000 + Math.floor(local.nano / 1000);
  const needed = (
    epochDay: number | undefined,
    secondOfDay: number | undefined,
    text: string,
    wanted: string,
  ): number => {
    if (epochDay === undefined || secondOfDay === undefined)
      throw undetermined(text, wanted, read(text), format.isIso);
    return epochDay * SECONDS_PER_DAY + secondOfDay;
  };

  return {
    pattern,
    format: (date) => write(momentOf(date, format.zone)),
    formatEpochMillis: (value, zone) => write(momentOfMillis(value, zoneOf(format.zone ?? zone))),
    parseToEpochMillis: (text, zone) => millis(epochSecond(text, zoneOf(zone))),
    parseToEpochMicros: (text, zone) => micros(epochSecond(text, zoneOf(zone))),
    parseLocalToEpochMillis: (text) => millis(epochSecond(text, undefined)),
    parseLocalToEpochMicros: (text) => micros(epochSecond(text, undefined)),
    parseToEpochDay(text) {
      const { epochDay } = fast(text, local) ? local : parse(text);
      return epochDay ?? needed(undefined, 0, text, "LocalDate");
    },
    parseToNanoOfDay(text) {
      const { secondOfDay, nano } = fast(text, local) ? local : parse(text);
      return (secondOfDay ?? needed(0, undefined, text, "LocalTime")) * 1_000_000_000 + nano;
    },
    parse,
  };
}

function secondOf({ epochDay, secondOfDay }: LocalTime): number {
  return epochDay * SECONDS_PER_DAY + secondOfDay;
}

function instantOf(localSecond: number, zone: Zone): number {
  return localSecond - zone.offsetOfLocal(localSecond);
}

function resolveText(text: string, read: ReturnType<typeof textReader>, isStrict: boolean): Resolved {
  const fields = read(text);
  try {
    return resolve(fields, isStrict);
  } catch (error) {
    if (error instanceof DateTimeError) throw unparsable(text, `: ${error.message}`);
    throw error;
  }
}

function undetermined(text: string, wanted: string, fields: ParsedFields, isStrict: boolean): DateTimeError {
  const found = describe(fields, resolve(fields, isStrict));
  return unparsable(
    text,
    `: Unable to obtain ${wanted} from TemporalAccessor: ${found} of type java.time.format.Parsed`,
  );
}

function momentOf(date: ZonedDateTime, zone: string | undefined): LocalMoment {
  const shown = zone === undefined ? date : date.withZoneSameInstant(zoneOf(zone).id);
  const offset = shown.offset().totalSeconds();
  return { localSecond: shown.toEpochSecond() + offset, nano: shown.nano(), offset, zone: shown.zone().id() };
}

function momentOfMillis(millis: number, { id, offsetOfInstant }: Zone): LocalMoment {
  const second = Math.floor(millis / 1000);
  const offset = offsetOfInstant(second);
  return { localSecond: second + offset, nano: (millis - second * 1000) * 1_000_000, offset, zone: id.id() };
}
