import { Duration } from "@js-joda/core";

/** The milliseconds of a duration in ISO 8601 (`PT30S`, `P1D`) or of a number of seconds; undefined if it is none. */
export function durationMs(duration: unknown): number | undefined {
  if (typeof duration === "number") return duration >= 0 ? Math.round(duration * 1000) : undefined;
  // A longer one is no duration, and would only be slow to refuse.
  if (typeof duration !== "string" || duration.length > 100) return undefined;
  try {
    const parsed = Duration.parse(duration.trim());
    return parsed.isNegative() ? undefined : parsed.toMillis();
  } catch {
    return undefined;
  }
}
