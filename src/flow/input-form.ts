import { Instant, LocalDate, LocalTime } from "@js-joda/core";

/** How texts of a type are written, as SQL has it. What has the form may still be no such date. */
export const forms = {
  INT: /^[+-]?\d{1,18}(\.0+)?$/,
  FLOAT: /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/,
  DATE: /^\d{4}-\d\d-\d\d$/,
  TIME: /^\d\d:\d\d(:\d\d(\.\d{1,9})?)?$/,
  DATETIME: /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?(?:Z|([+-])(\d\d)(?::?(\d\d))?)$/,
  DURATION:
    /^([+-]?)P(?=.)([+-]?\d+Y)?([+-]?\d+M)?([+-]?\d+W)?([+-]?\d+D)?(?:T(?=.)([+-]?\d+H)?([+-]?\d+M)?([+-]?\d+(?:\.\d+)?S)?)?$/,
  URI: /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/,
  EMAIL: /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/,
} as const;

/** What Postgres takes for an offset: less than sixteen hours. */
const longestOffset = 16 * 60;

/** Where on a line a date or a time lies, for comparing; undefined if the text is none. */
export function instantOf(type: "DATE" | "TIME" | "DATETIME", text: string): number | undefined {
  const found = forms[type].exec(text);
  // Postgres has no year 0.
  if (found === null || (type !== "TIME" && text.startsWith("0000"))) return undefined;
  try {
    if (type === "DATE") return LocalDate.parse(text).toEpochDay();
    if (type === "TIME") return LocalTime.parse(text).toNanoOfDay();
    const [, minute, second = ":00", sign, hours = "0", minutes = "0"] = found;
    const offset = Number(hours) * 60 + Number(minutes);
    if (Number(minutes) > 59 || offset >= longestOffset) return undefined;
    const local = Instant.parse(`${minute}${second}Z`);
    return local.epochSecond() + local.nano() / 1e9 - (sign === "-" ? -60 : 60) * offset;
  } catch {
    return undefined;
  }
}

/** The seconds of the parts of a duration. Postgres compares with 30 days in a month and 12 months in a year. */
const partSeconds = [360 * 86_400, 30 * 86_400, 7 * 86_400, 86_400, 3_600, 60, 1];

/** Postgres keeps the months and the days of an interval in 32 bits. */
const longestPart = 2 ** 31 - 1;

/** How long a duration is, in seconds, for comparing; undefined if it is none. */
export function lengthOf(duration: unknown): number | undefined {
  if (typeof duration === "number") return duration >= 0 && duration <= longestPart ? duration : undefined;
  const found = forms.DURATION.exec(String(duration));
  // Postgres knows a minus in front of a number, and no other sign.
  if (found === null || found[1] !== "" || found[0].includes("+")) return undefined;
  const parts = found.slice(2).map((part) => Number(part?.slice(0, -1) ?? 0));
  if (parts.some((part) => Math.abs(part) > longestPart)) return undefined;
  return parts.reduce((sum, part, index) => sum + part * (partSeconds[index] ?? 0), 0);
}

/** Whether a value that JSON gave can be kept: Postgres has neither NUL nor half of a surrogate pair, JSON no infinity. */
export function isStorable(value: unknown): boolean {
  if (typeof value === "string") return isStorableText(value);
  if (typeof value === "number") return Number.isFinite(value);
  if (value === null || typeof value !== "object") return true;
  return Object.entries(value).every(([key, child]) => isStorableText(key) && isStorable(child));
}

/** Whether Postgres can keep a text. */
export function isStorableText(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}
