import type { TextStyle } from "./names.ts";
import { isOffset } from "./zone-names.ts";

/**
 * Names of zones that hold in summer and winter, as the JDK has them in English: short, full, the zone that is read of it, and others that
 * are called so. Intl has other words for these.
 */
const ENGLISH: readonly (readonly [short: string, full: string, zone: string, ...others: string[]])[] = [
  ["ET", "Eastern Time", "America/New_York", "America/Toronto", "America/Detroit"],
  ["CT", "Central Time", "America/Chicago", "America/Winnipeg"],
  ["MT", "Mountain Time", "America/Denver", "America/Phoenix", "America/Edmonton"],
  ["PT", "Pacific Time", "America/Los_Angeles", "America/Vancouver"],
  ["AKT", "Alaska Time", "America/Anchorage"],
  ["HST", "Hawaii-Aleutian Time", "Pacific/Honolulu"],
  ["BT", "British Time", "Europe/London"],
  ["IT", "Irish Time", "Europe/Dublin"],
  ["IT", "India Time", "Asia/Kolkata", "Asia/Calcutta"],
  ["JT", "Japan Time", "Asia/Tokyo"],
  ["CT", "China Time", "Asia/Shanghai"],
  ["SGT", "Singapore Time", "Asia/Singapore"],
  ["GT", "Gulf Time", "Asia/Dubai"],
  ["MT", "Moscow Time", "Europe/Moscow"],
  ["TRT", "Turkey Time", "Europe/Istanbul"],
  ["AET", "Eastern Australia Time", "Australia/Sydney"],
  ["BRT", "Brasilia Time", "America/Sao_Paulo"],
  ["SAT", "South Africa Time", "Africa/Johannesburg"],
  ["UTC", "Coordinated Universal Time", "Etc/UTC", "UTC"],
  ["GMT", "Greenwich Mean Time", "Africa/Abidjan", "GMT"],
];

/** What is read of names that many zones share. */
const SHARED: readonly (readonly [short: string, full: string, zone: string])[] = [
  ["CET", "Central European Time", "Europe/Paris"],
  ["EET", "Eastern European Time", "Europe/Bucharest"],
  ["WET", "Western European Time", "Atlantic/Canary"],
];

const byZone = new Map(ENGLISH.flatMap((names) => names.slice(2).map((zone) => [zone, names] as const)));

/** The name of a zone for all the year, `Eastern Time`; an offset is called as it is written. */
export function genericZoneName(zone: string, style: TextStyle, epochMillis: number, locale: string): string {
  if (isOffset(zone)) return zone;
  const isFull = style === "full";
  const english = isEnglish(locale) ? byZone.get(zone) : undefined;
  if (english !== undefined) return isFull ? english[1] : english[0];
  const nameIn = (language: string, timeZoneName: "longGeneric" | "shortGeneric" | "short") =>
    new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName })
      .formatToParts(epochMillis)
      .find((part) => part.type === "timeZoneName")?.value ?? zone;
  if (isFull) return nameIn(locale, "longGeneric").replace(/ Standard Time$/, " Time");
  // `France Time` is no short name; British English has those of Europe.
  const languages = isEnglish(locale) ? [locale, "en-GB"] : [locale, "en-US", "en-GB"];
  const short = languages.map((language) => nameIn(language, "shortGeneric"));
  return short.find((name) => /^\p{Lu}{2,5}$/u.test(name)) ?? nameIn(locale, "short");
}

function isEnglish(locale: string): boolean {
  return /^en\b/.test(locale);
}

/** Where several zones have a short name, the first of the list is meant. */
const texts: Record<"short" | "full", ReadonlyMap<string, string>> = {
  short: firstOf([...ENGLISH, ...SHARED].map(([short, , zone]) => [short, zone] as const)),
  full: firstOf([...ENGLISH, ...SHARED].map(([, full, zone]) => [full, zone] as const)),
};

function firstOf(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  return new Map([...pairs].reverse().filter(([name]) => name !== "UTC" && name !== "GMT"));
}

/** A zone that is named in a text, and where the name ends. */
export interface ZoneMatch {
  zone: string;
  end: number;
}

/** The zone of the English name for all the year that stands at a place of a text. */
export function readGenericZone(text: string, position: number, style: TextStyle): ZoneMatch | undefined {
  return readName(texts[style === "full" ? "full" : "short"], text, position);
}

let seasons: ReadonlyMap<string, string> | undefined;

/** The zone of the English name for winter or summer, `Eastern Daylight Time`. */
export function readZoneName(text: string, position: number): ZoneMatch | undefined {
  seasons ??= firstOf(
    [...ENGLISH, ...SHARED].flatMap(([, , zone]) =>
      [0, 6].map((month) => [seasonOf(zone, month), zone] as const),
    ),
  );
  return readName(seasons, text, position);
}

function seasonOf(zone: string, month: number): string {
  return (
    new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "long" })
      .formatToParts(Date.UTC(2024, month, 15))
      .find((part) => part.type === "timeZoneName")?.value ?? zone
  );
}

function readName(names: ReadonlyMap<string, string>, text: string, position: number): ZoneMatch | undefined {
  for (const [name, zone] of names) {
    const end = position + name.length;
    // `CET/x` or `ETC` is something else.
    if (text.startsWith(name, position) && !/[A-Za-z0-9/_]/.test(text.charAt(end))) return { zone, end };
  }
  return undefined;
}
