import type { ZonedDateTime } from "@js-joda/core";

/** The lengths in which java.time prints a date and a time in the manner of a language. */
const STYLES = ["full", "long", "medium", "short"] as const;
type Style = (typeof STYLES)[number];

/** Making these is dear; flows use few. */
const MOST_KEPT = 50;
const kept = new Map<string, readonly Intl.DateTimeFormat[]>();

/** A date in one of the styles; undefined when the format is none of them, or the zone has no name that Intl knows. */
export function styledText(date: ZonedDateTime, format: string, locale = "en-US"): string | undefined {
  const style = STYLES.find((one) => one === format);
  const formats = style && formatsOf(style, locale.replaceAll("_", "-"), date.zone().id());
  // V8 writes a plain blank where English, and java.time, have a narrow one that does not break.
  // Intl would say "at" between the two in some languages, where java.time has a comma.
  const text = formats?.map((one) => one.format(date.toInstant().toEpochMilli())).join(", ");
  return locale.startsWith("en") ? text?.replace(/ (?=[AP]M\b)/, "\u202f") : text;
}

function formatsOf(style: Style, locale: string, zone: string): readonly Intl.DateTimeFormat[] | undefined {
  const key = `${style} ${locale} ${zone}`;
  const found = kept.get(key);
  if (found !== undefined) return found;
  try {
    const timeZone = zone === "Z" ? "UTC" : zone;
    const made = [
      new Intl.DateTimeFormat(locale, { dateStyle: style, timeZone }),
      new Intl.DateTimeFormat(locale, { timeStyle: style, timeZone }),
    ];
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value as string);
    kept.set(key, made);
    return made;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
