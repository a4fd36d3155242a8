import { shorten } from "../../base/shorten.ts";
import { DateTimeError } from "./date-error.ts";
import type { DayPeriod } from "./fields.ts";
import { quartersOf } from "./quarter-names.ts";

export type TextStyle = "short" | "full" | "narrow";

/** Names of months, days and halves of the day in one language. */
export interface Names {
  /** The language itself, for names that only some dates need. */
  locale: string;
  months: Record<TextStyle, readonly string[]>;
  /** Monday first. */
  days: Record<TextStyle, readonly string[]>;
  /** Months and days that stand alone, which some languages call otherwise than within a date. */
  alone: Pick<Names, "months" | "days">;
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
  const names = readNames(knownLocale(locale));
  if (known.size < MOST_LOCALES) known.set(locale, names);
  return names;
}

/** The locale as Intl writes it; a language that nobody knows, and none, is English, whatever this machine speaks. */
export function knownLocale(name: string): string {
  if (name === "") return "en-US";
  const locale = name.replaceAll("_", "-");
  if (locale.length > 30 || !/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*$/.test(locale)) {
    throw new DateTimeError(`Invalid locale format: ${shorten(name, 30)}`);
  }
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale).length > 0 ? locale : "en-US";
  } catch (cause) {
    throw new DateTimeError(`Invalid locale format: ${shorten(name, 30)}`, { cause });
  }
}

function readNames(locale: string): Names {
  const list = (options: Intl.DateTimeFormatOptions, type: string, dates: number[]) => {
    const format = new Intl.DateTimeFormat(locale, { ...options, calendar: "gregory", timeZone: "UTC" });
    return dates.map((date) => {
      const parts = format.formatToParts(date);
      const texts = type === "all" ? parts : parts.filter((part) => part.type === type).slice(0, 1);
      return texts.map(({ value }) => value).join("");
    });
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
    months: styles((month) => monthsWithin(month, (options, type) => list(options, type, months))),
    // With a date beside them, since a language may call them otherwise when they stand alone.
    days: styles((weekday) => list({ weekday, ...DATE }, "weekday", days)),
    alone: {
      months: styles((month) => list({ month }, month === "narrow" ? "month" : "all", months)),
      days: styles((weekday) => list({ weekday }, "weekday", days)),
    },
    halves: list({ hour: "numeric", hour12: true }, "dayPeriod", [
      Date.UTC(2024, 0, 1, 6),
      Date.UTC(2024, 0, 1, 18),
    ]).map(halfOfDay),
    eras: styles((era) => list({ era, year: "numeric" }, "era", [BEFORE_CHRIST, Date.UTC(2024, 0, 1)])),
    quarters: quartersOf(locale),
    dayPeriod: /^en\b/.test(locale) ? englishPeriod : (minute, style) => periodIn(locale, minute, style),
  };
}

const DATE = { day: "numeric", month: "long", year: "numeric" } as const;

/** Months within a date. Some languages have only their number there, and the word for month behind it. */
function monthsWithin(
  month: "short" | "long" | "narrow",
  list: (options: Intl.DateTimeFormatOptions, type: string) => string[],
): string[] {
  const isNumber = (names: string[]) => names.every((name) => /^\d+$/.test(name));
  const within = list({ ...DATE, month }, "month");
  if (!isNumber(within)) return within;
  const alone = list({ month }, "month");
  return isNumber(alone) && month !== "narrow" ? list({ month }, "all") : alone;
}

/** Spanish has a wider blank in `p. m.` than Intl. */
export function halfOfDay(text: string): string {
  return text.replace("\u202f", "\u00a0");
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
  if (hour >= 21) return "at night";
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
