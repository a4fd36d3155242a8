import { Instant, LocalDateTime, ZoneId, type ZoneRules } from "@js-joda/core";
import { shorten } from "../../base/shorten.ts";
import "@js-joda/timezone";
import { civilDateOf, SECONDS_PER_DAY } from "./calendar.ts";
import { DateTimeError } from "./date-error.ts";

/** A time zone, with a short memory of its offsets. */
export interface Zone {
  readonly id: ZoneId;
  /** The offset of a local time, in seconds; in a gap or an overlap the one before it, as java.time does. */
  offsetOfLocal(localSecond: number): number;
  offsetOfInstant(epochSecond: number): number;
}

/** All zones that exist are about six hundred. */
const MOST_ZONES = 700;
/** Offsets have changed on quarters of an hour only, since this second (1980). */
const QUARTER_HOUR = 900;
const REGULAR_SINCE = 315_532_800;

/** Offsets remembered for each zone; a power of two. */
const REMEMBERED = 1024;

const zones = new Map<string, Zone>();
let machineZone: string | undefined;

/** The zone of an id: `Europe/Paris`, `UTC`, `Z`, `+02:00`. Without an id, the zone of this machine. */
export function zoneOf(id?: string): Zone {
  if (id === undefined) machineZone ??= ZoneId.systemDefault().id();
  const name = id ?? (machineZone as string);
  const found = zones.get(name);
  if (found !== undefined) return found;
  const zone = makeZone(readId(name));
  if (zones.size < MOST_ZONES) zones.set(name, zone);
  return zone;
}

function readId(name: string): ZoneId {
  try {
    return name === "SYSTEM" ? refuse(name) : ZoneId.of(name);
  } catch (error) {
    if (error instanceof DateTimeError) throw error;
    return refuse(name, error);
  }
}

function refuse(name: string, cause?: unknown): never {
  throw new DateTimeError(`Unknown time-zone ID: ${shorten(name, 64)}`, { cause });
}

function makeZone(id: ZoneId): Zone {
  const rules = id.rules();
  if (rules.isFixedOffset()) {
    const fixed = offsetFrom(rules, 0);
    return { id, offsetOfLocal: () => fixed, offsetOfInstant: () => fixed };
  }
  // A table of a year's rides asks for the same quarters of hours again and again.
  const quarters = new Float64Array(REMEMBERED).fill(Number.NaN);
  const offsets = new Int32Array(REMEMBERED);
  return {
    id,
    offsetOfLocal(localSecond) {
      if (localSecond < REGULAR_SINCE) return offsetFrom(rules, localSecond);
      const quarter = Math.floor(localSecond / QUARTER_HOUR);
      const place = quarter % REMEMBERED;
      if (quarters[place] !== quarter) {
        offsets[place] = offsetFrom(rules, quarter * QUARTER_HOUR);
        quarters[place] = quarter;
      }
      return offsets[place] as number;
    },
    offsetOfInstant: (epochSecond) => rules.offset(Instant.ofEpochSecond(epochSecond)).totalSeconds(),
  };
}

function offsetFrom(rules: ZoneRules, localSecond: number): number {
  return rules.offset(localDateTimeOf(localSecond, 0)).totalSeconds();
}

/** The local date and time of seconds since 1970, as js-joda knows it. */
export function localDateTimeOf(localSecond: number, nano: number): LocalDateTime {
  const epochDay = Math.floor(localSecond / SECONDS_PER_DAY);
  const { year, month, day } = civilDateOf(epochDay);
  const second = localSecond - epochDay * SECONDS_PER_DAY;
  return LocalDateTime.of(
    year,
    month,
    day,
    Math.floor(second / 3600),
    Math.floor(second / 60) % 60,
    second % 60,
    nano,
  );
}
