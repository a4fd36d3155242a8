import { writeOffset } from "./offset-text.ts";
import { zoneOf } from "./zone.ts";

/** Short names that Intl does not have, by the long ones. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  "Australian Central Daylight Time": "ACDT",
  "Australian Central Standard Time": "ACST",
  "Australian Eastern Daylight Time": "AEDT",
  "Australian Eastern Standard Time": "AEST",
  "Australian Western Standard Time": "AWST",
  "British Summer Time": "BST",
  "Central Africa Time": "CAT",
  "Central Indonesia Time": "WITA",
  "Chamorro Standard Time": "ChST",
  "China Standard Time": "CST",
  "Cuba Daylight Time": "CDT",
  "Cuba Standard Time": "CST",
  "East Africa Time": "EAT",
  "Eastern Indonesia Time": "WIT",
  "Hong Kong Standard Time": "HKT",
  "India Standard Time": "IST",
  "Irish Standard Time": "IST",
  "Israel Daylight Time": "IDT",
  "Israel Standard Time": "IST",
  "Japan Standard Time": "JST",
  "Korean Standard Time": "KST",
  "Mexican Pacific Standard Time": "MST",
  "Moscow Standard Time": "MSK",
  "New Zealand Daylight Time": "NZDT",
  "New Zealand Standard Time": "NZST",
  "Newfoundland Daylight Time": "NDT",
  "Newfoundland Standard Time": "NST",
  "Pakistan Standard Time": "PKT",
  "Philippine Standard Time": "PST",
  "South Africa Standard Time": "SAST",
  "Taiwan Standard Time": "CST",
  "West Africa Standard Time": "WAT",
  "West Africa Time": "WAT",
  "Western Indonesia Time": "WIB",
  "Yukon Time": "MST",
};

/** The name of a zone at a moment, `CEST` or `Central European Summer Time`; an offset is called as it is written. */
export function zoneName(
  zone: string,
  epochMillis: number,
  offset: number,
  isFull: boolean,
  locale: string,
): string {
  if (isOffset(zone)) return zone;
  const isGreenwich = GREENWICH.test(zone);
  if (isGreenwich && !isFull) return "GMT";
  const known = isGreenwich ? "Africa/Abidjan" : zone;
  const moment = epochMillis < 0 ? momentLike(zone, epochMillis) : epochMillis;
  const nameIn = (language: string, style: "long" | "short") =>
    formatOf(language, known, style)
      .formatToParts(moment)
      .find((part) => part.type === "timeZoneName")?.value ?? zone;
  if (isFull) return nameIn(locale, "long");
  // American English has no short names for the zones of others: `CEST` is `GMT+2` there.
  for (const language of new Set([locale, "en-US", "en-GB"])) {
    const name = nameIn(language, "short");
    if (/^\p{L}+$/u.test(name) && name !== "GST") return name;
  }
  return SHORT_NAMES[nameIn("en-US", "long")] ?? `GMT${writeOffset(offset, 4, "")}`;
}

/** Whether a zone is an offset, which some write behind `UTC` or `GMT`: `+02:00`, `UTC+02:00`. */
export function isOffset(zone: string): boolean {
  return /^(?:Z|(?:UTC|GMT|UT)?[+-].*)$/.test(zone);
}

/** To Intl these are UTC. */
const GREENWICH = /^(?:Etc\/)?(?:GMT0?|Greenwich)$/;

/** Before 1970 Intl knows no names. A moment of a later year, of the same season: summer is when the clocks are ahead of some of the year. */
function momentLike(zone: string, epochMillis: number): number {
  const { offsetOfInstant } = zoneOf(zone);
  const year = new Date(epochMillis).getUTCFullYear();
  const seasons = (inYear: number) =>
    [0, 6].map((month) => {
      const millis = new Date(0).setUTCFullYear(inYear, month, 15);
      return { millis, offset: offsetOfInstant(Math.floor(millis / 1000)) };
    });
  const least = Math.min(...seasons(year).map(({ offset }) => offset));
  const isSummer = offsetOfInstant(Math.floor(epochMillis / 1000)) > least;
  const [first, second] = seasons(1990);
  if (first === undefined || second === undefined) return epochMillis;
  return first.offset > second.offset === isSummer ? first.millis : second.millis;
}

/** Making these is dear. */
const MOST_KEPT = 100;
const kept = new Map<string, Intl.DateTimeFormat>();

function formatOf(language: string, timeZone: string, timeZoneName: "long" | "short"): Intl.DateTimeFormat {
  const key = `${language} ${timeZone} ${timeZoneName}`;
  const found = kept.get(key);
  if (found !== undefined) return found;
  const made = new Intl.DateTimeFormat(language, { timeZone, timeZoneName });
  if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value as string);
  kept.set(key, made);
  return made;
}
