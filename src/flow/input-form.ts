import { Instant, LocalDate, LocalTime } from "@js-joda/core";

/** How texts of a type are written, as SQL has it. What has the form may still be no such date. */
export const forms = {
  INT: /^[+-]?\d{1,100}$/,
  FLOAT: /^[ \t\n\r\f]*[+-]?(\d{1,250}\.?\d{0,250}|\.\d{1,250})([eE][+-]?\d{1,3})?[fFdD]?[ \t\n\r\f]*$/,
  DATE: /^\d{4}-\d\d-\d\d$/,
  TIME: /^\d\d:\d\d(:\d\d(\.\d{0,9})?)?$/,
  /** What an input takes; limits may be written shorter. */
  INSTANT: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,9})?(Z|[+-]\d\d:\d\d)$/i,
  DATETIME: /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?(?:Z|([+-])(\d\d)(?::?(\d\d))?)$/,
  DURATION:
    /^([-+]?)P(?:([-+]?\d{1,12})D)?(?:T(?=[-+\d])(?:([-+]?\d{1,15})H)?(?:([-+]?\d{1,15})M)?(?:([-+]?\d{1,15}(?:[.,]\d{0,9})?)S)?)?$/i,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a URI may not hold.
  URI: /^[A-Za-z][A-Za-z0-9+.-]*:(?!\/\/$)(?:[^\x01-\x20"<>\\^`{|}%\x7f-\x9f]|%[0-9A-Fa-f]{2})+$/,
  EMAIL: /^([a-zA-Z0-9_!#$%&’*+/=?`{|}~^.-]+@[a-zA-Z0-9.-]+)?$/,
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

/** How long a duration is, in seconds, for comparing; undefined if it is none. */
export function lengthOf(duration: unknown): number | undefined {
  const text = String(duration);
  if (/^\d{1,12}(\.\d{1,9})?$/.test(text)) return Number(text);
  const found = forms.DURATION.exec(text);
  if (found?.slice(2).every((part) => part === undefined) !== false) return undefined;
  const [days, hours, minutes, seconds] = found.slice(2).map((part) => Number(part?.replace(",", ".") ?? 0));
  const length = (days ?? 0) * 86_400 + (hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0);
  return found[1] === "-" ? -length : length;
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
