import { writeOffset } from "./offset-text.ts";

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
  if (/^(?:Z|[+-].*)$/.test(zone)) return zone;
  const nameIn = (language: string, style: "long" | "short") =>
    formatOf(language, zone, style)
      .formatToParts(epochMillis)
      .find((part) => part.type === "timeZoneName")?.value ?? zone;
  if (isFull) return nameIn(locale, "long");
  if (zone === "GMT") return zone;
  // American English has no short names for the zones of others: `CEST` is `GMT+2` there.
  for (const language of new Set([locale, "en-US", "en-GB"])) {
    const name = nameIn(language, "short");
    if (/^\p{L}+$/u.test(name) && name !== "GST") return name;
  }
  return SHORT_NAMES[nameIn("en-US", "long")] ?? `GMT${writeOffset(offset, 4, "")}`;
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
