import { DateTimeError } from "./date-error.ts";

const DURATION =
  /^([+-]?)P(?:([+-]?\d+)D)?(T(?:([+-]?\d+)H)?(?:([+-]?\d+)M)?(?:([+-]?\d+)(?:[.,](\d{0,9}))?S)?)?$/i;

/** An ISO 8601 duration (`PT1M`, `P1D`, `PT0.5S`) in milliseconds, read as Java reads it: months and years have no length. */
export function parseDuration(text: string): number {
  const match = DURATION.exec(text.trim());
  const [, sign, days, time, hours, minutes, seconds, fraction = ""] = match ?? [];
  const isEmpty = days === undefined && hours === undefined && minutes === undefined && seconds === undefined;
  if (match === null || isEmpty || time?.length === 1)
    throw new DateTimeError("Text cannot be parsed to a Duration");
  const part = (digits: string | undefined) => Number(digits ?? 0);
  const whole = part(days) * 86_400 + part(hours) * 3600 + part(minutes) * 60 + part(seconds);
  const rest = Number(fraction.padEnd(9, "0")) / 1_000_000;
  const millis = whole * 1000 + (seconds?.startsWith("-") ? -rest : rest);
  if (!Number.isSafeInteger(Math.trunc(millis))) {
    throw new DateTimeError("Text cannot be parsed to a Duration: numeric overflow");
  }
  return Math.trunc(sign === "-" ? -millis : millis) + 0;
}
