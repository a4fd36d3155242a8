import { text } from "../property.ts";
import { isTimeZone } from "./avro/read-time.ts";

/** The property `timeZoneId`. */
export function timeZoneId(description: string) {
  return text()
    .refine(isTimeZone, "Expected a time zone such as UTC or Europe/Zurich")
    .default("UTC")
    .meta({ description });
}
