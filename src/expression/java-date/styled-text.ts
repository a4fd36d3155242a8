import type { ZonedDateTime } from "@js-joda/core";
import { halfOfDay, knownLocale } from "./names.ts";
import { zoneName } from "./zone-names.ts";

/** The lengths in which java.time prints a date and a time in the manner of a language. */
const STYLES = ["full", "long", "medium", "short"] as const;
type Style = (typeof STYLES)[number];

/** Languages that put a blank between the two where Intl has another: in all texts, and in long ones. */
const BLANK_BETWEEN = /^(?:pt(?!-PT)|da|fi|id|et)\b/;
const BLANK_IN_LONG = /^(?:it|pl|sl)\b/;

interface StyledFormat {
  date: Intl.DateTimeFormat;
  time: Intl.DateTimeFormat;
  join: (date: string, time: string) => string;
}

/** Making these is dear; flows use few. */
const MOST_KEPT = 50;
const kept = new Map<string, StyledFormat>();

/** A date in one of the styles; undefined when the format is none of them, or the zone has no name that Intl knows. */
export function styledText(date: ZonedDateTime, format: string, locale = "en-US"): string | undefined {
  const style = STYLES.find((one) => one === format);
  const found = style && formatOf(style, knownLocale(locale), date.zone().id());
  if (found === undefined) return undefined;
  const millis = date.toInstant().toEpochMilli();
  const name = () =>
    zoneName(date.zone().id(), millis, date.offset().totalSeconds(), style === "full", knownLocale(locale));
  return found.join(textOf(found.date, millis, name), textOf(found.time, millis, name));
}

/** In parts, V8 leaves the narrow blanks of a language as they are. */
function textOf(format: Intl.DateTimeFormat, millis: number, zone = () => ""): string {
  return format
    .formatToParts(millis)
    .map(({ type, value }) => {
      if (type === "timeZoneName") return zone();
      return type === "dayPeriod" ? halfOfDay(value) : value;
    })
    .join("");
}

function formatOf(style: Style, locale: string, zone: string): StyledFormat | undefined {
  const key = `${style} ${locale} ${zone}`;
  const found = kept.get(key);
  if (found !== undefined) return found;
  try {
    const made = makeFormat(
      style,
      locale,
      zone === "Z" ? "UTC" : zone.replace(/^(?:UTC|GMT|UT)(?=[+-])/, ""),
    );
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value as string);
    kept.set(key, made);
    return made;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function makeFormat(style: Style, locale: string, timeZone: string): StyledFormat {
  const make = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone, calendar: "gregory", numberingSystem: "latn" });
  // In long texts Intl would say "at" between the two in some languages, where java.time has what stands in those of medium length.
  const isLong = style === "full" || style === "long";
  const middle = isLong ? "medium" : style;
  const [date, time] = [make({ dateStyle: middle }), make({ timeStyle: middle })].map((one) =>
    textOf(one, 0),
  );
  const both = textOf(make({ dateStyle: middle, timeStyle: middle }), 0);
  return {
    date: make({ dateStyle: style }),
    time: make({ timeStyle: style }),
    join: joinOf(locale, isLong, [date ?? "", time ?? "", both]),
  };
}

function joinOf(
  locale: string,
  isLong: boolean,
  [date, time, both]: [date: string, time: string, both: string],
): StyledFormat["join"] {
  if (isLong && /^el\b/.test(locale)) return (day, clock) => `${day} - ${clock}`;
  if (BLANK_BETWEEN.test(locale) || (isLong && BLANK_IN_LONG.test(locale)))
    return (day, clock) => `${day} ${clock}`;
  if (both.startsWith(time) && both.endsWith(date))
    return (day, clock) => clock + both.slice(time.length, both.length - date.length) + day;
  const isApart = both.startsWith(date) && both.includes(time, date.length);
  const start = isApart ? both.indexOf(time, date.length) : 0;
  const between = isApart ? both.slice(date.length, start) : ", ";
  return (day, clock) => day + between + clock + (isApart ? both.slice(start + time.length) : "");
}
