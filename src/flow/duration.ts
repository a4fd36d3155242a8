import { Duration } from "@js-joda/core";
import { plainNumber } from "../base/whole-float.ts";

/** A thousand years: what is added to a time must still be one in Postgres. */
const longestMs = 365_250 * 86_400_000;

/** The milliseconds of a duration in ISO 8601 (`PT30S`, `P1D`) or of a number of seconds, also one written as text; undefined if it is none. */
export function durationMs(duration: unknown): number | undefined {
  const given = plainNumber(duration);
  const ms = typeof given === "number" ? Math.round(given * 1000) : textMs(given);
  return ms !== undefined && ms >= 0 && ms <= longestMs ? ms : undefined;
}

function textMs(duration: unknown): number | undefined {
  // A longer one is no duration, and would only be slow to refuse.
  if (typeof duration !== "string" || duration.length > 100) return undefined;
  const text = duration.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  try {
    return Duration.parse(text).toMillis();
  } catch {
    return undefined;
  }
}
