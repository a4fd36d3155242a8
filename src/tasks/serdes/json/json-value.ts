import { Duration, Instant, OffsetDateTime, ZonedDateTime, ZoneId } from "@js-joda/core";
import { entriesOf } from "../../../base/key-order.ts";
import { isStruct, javaDouble } from "../avro/java-text.ts";
import { Decimal } from "../ion/ion-value.ts";
import { instantText } from "../ion/write-ion.ts";

/**
 * Prepares the writing of values of `ion-value.ts` as JSON: null entries of maps are left out, as in Kestra. Points in time are in UTC,
 * unless they are `moved` to the zone.
 */
export function jsonWriter(timeZoneId = "UTC", keepNulls = false, moved = false): (value: unknown) => string {
  const zone = ZoneId.of(timeZoneId);
  return toJson;

  function toJson(value: unknown): string {
    if (value === null || value === undefined) return "null";
    switch (typeof value) {
      case "string":
        return JSON.stringify(value);
      case "bigint":
      case "boolean":
        return String(value);
      case "number":
        return numberText(value);
      default:
        return objectJson(value);
    }
  }

  function objectJson(value: unknown): string {
    if (Array.isArray(value)) return `[${value.map(toJson).join(",")}]`;
    if (isStruct(value)) {
      let text = "";
      for (const [name, item] of entriesOf(value)) {
        if (!keepNulls && (item === null || item === undefined)) continue;
        text += `${text ? "," : ""}${JSON.stringify(name)}:${toJson(item)}`;
      }
      return `{${text}}`;
    }
    if (value instanceof Decimal) return value.toString();
    if (value instanceof Duration) return `${value.seconds()}.${String(value.nano()).padStart(9, "0")}`;
    if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString("base64"));
    return JSON.stringify(dateText(value));
  }

  function dateText(value: unknown): string {
    if (value instanceof Instant) return moved ? value.atZone(zone).toString() : instantText(value);
    if (value instanceof ZonedDateTime || value instanceof OffsetDateTime) {
      const local = value.toInstant().atZone(zone);
      return moved ? local.toString() : withSeconds(local.toOffsetDateTime().toString());
    }
    return withSeconds(String(value));
  }
}

/** Java writes seconds also where they are zero. */
export function withSeconds(text: string): string {
  return text.replace(/^((?:\S*T)?\d\d:\d\d)(?=$|[Z+[-])/, "$1:00");
}

/** A double as Jackson writes it: `1.0`, `1.0E10`; what JSON has no number for becomes text. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return javaDouble(value);
}
