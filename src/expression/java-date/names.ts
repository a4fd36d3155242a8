import { DateTimeError } from "./date-error.ts";
import type { DayPeriod } from "./fields.ts";

export type TextStyle = "short" | "full" | "narrow";

/** Names of months, days and halves of the day in one language. */
export interface Names {
  /** The language itself, for names that only some dates need. */
  locale: string;
  months: Record<TextStyle, readonly string[]>;
  /** Monday first. */
  days: Record<TextStyle, readonly string[]>;
  halves: readonly string[];
  eras: Record<TextStyle, readonly string[]>;
  quarters: Record<TextStyle, readonly string[]>;
  /** What a minute of the day is called, as `in the evening`. */
  dayPeriod: (minute: number, style: TextStyle) => string;
}

/** More languages than any installation uses; a template cannot fill the memory with them. */
const MOST_LOCALES = 50;
const known = new Map<string, Names>();

const BEFORE_CHRIST = Date.UTC(-43, 2, 15);

/** The names of a locale (`en`, `fr_FR`, `de-CH`); English when none is given. */
export function namesOf(locale = "en-US"): Names {
  const found = known.get(locale);
  if (found !== undefined) return found;
  const names = readNames(locale.replaceAll("_", "-"));
  if (known.size < MOST_LOCALES) known.set(locale, names);
  return names;
}

function readNames(locale: string): Names {
  if (locale.length > 30 || !/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*$/.test(locale)) {
    throw new DateTimeError(`Invalid locale format: ${locale.slice(0, 30)}`);
  }
  const list = (options: Intl.DateTimeFormatOptions, type: string, dates: number[]) => {
    const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
    return dates.map((date) => format.formatToParts(date).find((part) => part.type === type)?.value ?? "");
  };
  const styles = <T>(make: (width: "short" | "long" | "narrow") => T): Record<TextStyle, T> => ({
    short: make("short"),
    full: make("long"),
    narrow: make("narrow"),
  });
  const months = Array.from({ length: 12 }, (_, month) => Date.UTC(2024, month, 15));
  // The first of January 2024 was a Monday.
  const days = Array.from({ length: 7 }, (_, day) => Date.UTC(2024, 0, day + 1));
  return {
    locale,
    months: styles((month) => list({ month, day: "numeric" }, "month", months)),
    // With a day beside them, since a language may write them shorter when they stand alone.
    days: styles((weekday) => list({ weekday, day: "numeric", month: "short" }, "weekday", days)),
    halves: list({ hour: "numeric", hour12: true }, "dayPeriod", [
      Date.UTC(2024, 0, 1, 6),
      Date.UTC(2024, 0, 1, 18),
    ]),
    eras: styles((era) => list({ era, year: "numeric" }, "era", [BEFORE_CHRIST, Date.UTC(2024, 0, 1)])),
    quarters: {
      short: ["Q1", "Q2", "Q3", "Q4"],
      full: ["1st quarter", "2nd quarter", "3rd quarter", "4th quarter"],
      narrow: ["1", "2", "3", "4"],
    },
    dayPeriod: /^en\b/.test(locale) ? englishPeriod : (minute, style) => periodIn(locale, minute, style),
  };
}

/** The parts of a day in a language, those with the longest names first. */
export function periodsOf({ dayPeriod }: Names, style: TextStyle): DayPeriod[] {
  // Noon is a part of the afternoon, too, and midnight of the night.
  const textsAt = (minute: number) => [minute, minute + 1].map((each) => dayPeriod(each, style));
  const hours = Array.from({ length: 24 }, (_, hour) => textsAt(hour * 60)).flat();
  return [...new Set(hours)]
    .filter((text) => text !== "")
    .sort((a, b) => b.length - a.length)
    .map((text) => ({
      text,
      includes: (minute) =>
        minute % 720 === 0 ? textsAt(minute).includes(text) : dayPeriod(minute, style) === text,
    }));
}

/** CLDR's periods, of which V8 knows those around noon only. */
function englishPeriod(minute: number, style: TextStyle): string {
  if (minute === 0) return style === "narrow" ? "mi" : "midnight";
  if (minute === 720) return style === "narrow" ? "n" : "noon";
  const hour = Math.floor(minute / 60);
  if (hour < 6 || hour >= 21) return "at night";
  return hour < 12 ? "in the morning" : hour < 18 ? "in the afternoon" : "in the evening";
}

function periodIn(locale: string, minute: number, style: TextStyle): string {
  const dayPeriod = style === "full" ? "long" : style;
  const format = new Intl.DateTimeFormat(locale, {
    hour: "numeric",
    minute: "numeric",
    // Beside 24 hours there is none.
    hourCycle: "h12",
    dayPeriod,
    timeZone: "UTC",
  });
  return format.formatToParts(minute * 60_000).find(({ type }) => type === "dayPeriod")?.value ?? "";
}
