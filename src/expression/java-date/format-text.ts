import {
  type CivilDate,
  civilDateOf,
  dayOfWeekOf,
  epochDayOf,
  MODIFIED_JULIAN_EPOCH,
  SECONDS_PER_DAY,
  weekOf,
  weekRule,
} from "./calendar.ts";
import { DateTimeError } from "./date-error.ts";
import { Field, type FieldNumber, fieldName } from "./fields.ts";
import { genericZoneName } from "./generic-zone.ts";
import { weekRuleOf } from "./locale-weeks.ts";
import { type Names, namesOf } from "./names.ts";
import { writeLocalOffset, writeOffset } from "./offset-text.ts";
import { textsOf } from "./parse-text.ts";
import type { FractionPart, NumberPart, Part } from "./pattern-parts.ts";
import { zoneName } from "./zone-names.ts";

/** A moment as a calendar and a clock of one zone show it. */
export interface LocalMoment {
  /** Seconds since 1970 on that clock. */
  localSecond: number;
  nano: number;
  offset: number;
  zone: string;
}

interface Shown extends LocalMoment {
  date: CivilDate;
  epochDay: number;
  secondOfDay: number;
}

/** The first day of a week, and the least days of the first one. */
type WeekRule = [firstDay: number, leastDays: number];
type PartWriter = (shown: Shown) => string;

/** Prints moments by the parts of a pattern. Weeks of named formats are ISO's. */
export function textWriter(
  parts: readonly Part[],
  locale?: string,
  hasIsoWeeks = false,
): (moment: LocalMoment) => string {
  const names = namesOf(locale);
  const weeks = hasIsoWeeks || locale === undefined ? weekRule(hasIsoWeeks) : weekRuleOf(names.locale);
  const writers = parts.map((part) => writerOf(part, names, weeks));
  return (moment) => {
    const epochDay = Math.floor(moment.localSecond / SECONDS_PER_DAY);
    const date = civilDateOf(epochDay);
    const shown = { ...moment, date, epochDay, secondOfDay: moment.localSecond - epochDay * SECONDS_PER_DAY };
    let text = "";
    for (const write of writers) text += write(shown);
    return text;
  };
}

function writerOf(part: Part, names: Names, weeks: WeekRule): PartWriter {
  switch (part.kind) {
    case "literal":
      return () => part.text;
    case "number": {
      const read = readerOf(part.field, weeks);
      return (shown) => numberText(part, read(shown));
    }
    case "fraction":
      return ({ nano }) => fractionText(part, nano);
    case "text": {
      const [texts, first] = textsOf(part, names);
      const read = readerOf(part.field, weeks);
      return (shown) => texts[read(shown) - first] ?? "";
    }
    case "offset":
      return ({ offset }) => writeOffset(offset, part.pattern, part.zero);
    case "localOffset":
      return ({ offset }) => writeLocalOffset(offset, part.style === "full");
    case "zoneId":
      return ({ zone }) => zone;
    case "zoneName":
      return ({ zone, localSecond, offset }) =>
        zoneName(zone, (localSecond - offset) * 1000, offset, part.style === "full", names.locale);
    case "genericZone":
      return ({ zone, localSecond, offset }) =>
        genericZoneName(zone, part.style, (localSecond - offset) * 1000, names.locale);
    case "padded":
      return paddedWriter(part.width, writerOf(part.part, names, weeks));
    case "dayPeriod":
      return ({ secondOfDay }) => names.dayPeriod(Math.floor(secondOfDay / 60), part.style);
    case "optional":
      return optionalWriter(part.parts, names, weeks);
  }
}

function paddedWriter(width: number, write: PartWriter): PartWriter {
  return (shown) => {
    const text = write(shown);
    if (text.length <= width) return text.padStart(width);
    throw new DateTimeError(
      `Cannot print as output of ${text.length} characters exceeds pad width of ${width}`,
    );
  };
}

/** Everything can be printed, except the region of a zone that is only an offset. */
function optionalWriter(parts: readonly Part[], names: Names, weeks: WeekRule): PartWriter {
  const writers = parts.map((part) => writerOf(part, names, weeks));
  const needsRegion = parts.some((part) => part.kind === "zoneId" && part.isRegionOnly);
  return (shown) =>
    needsRegion && /^(?:Z|[+-].*)$/.test(shown.zone) ? "" : writers.map((write) => write(shown)).join("");
}

function readerOf(field: FieldNumber, [firstDay, leastDays]: WeekRule): (shown: Shown) => number {
  switch (field) {
    case Field.ERA:
      return ({ date }) => (date.year > 0 ? 1 : 0);
    case Field.YEAR:
      return ({ date }) => date.year;
    case Field.YEAR_OF_ERA:
      return ({ date }) => (date.year > 0 ? date.year : 1 - date.year);
    case Field.QUARTER:
      return ({ date }) => Math.ceil(date.month / 3);
    case Field.MONTH:
      return ({ date }) => date.month;
    case Field.DAY:
      return ({ date }) => date.day;
    case Field.DAY_OF_YEAR:
      return ({ date, epochDay }) => epochDay - epochDayOf(date.year, 1, 1) + 1;
    case Field.DAY_OF_WEEK:
      return ({ epochDay }) => dayOfWeekOf(epochDay);
    case Field.LOCAL_DAY_OF_WEEK:
      return ({ epochDay }) => ((dayOfWeekOf(epochDay) - firstDay + 7) % 7) + 1;
    case Field.WEEK_BASED_YEAR:
      return ({ epochDay }) => weekOf(epochDay, firstDay, leastDays).year;
    case Field.WEEK_OF_YEAR:
      return ({ epochDay }) => weekOf(epochDay, firstDay, leastDays).week;
    case Field.WEEK_OF_MONTH:
      return ({ date, epochDay }) => weekOfMonth(date, epochDay, firstDay, leastDays);
    case Field.MODIFIED_JULIAN_DAY:
      return ({ epochDay }) => epochDay + MODIFIED_JULIAN_EPOCH;
    case Field.DAY_OF_WEEK_IN_MONTH:
      return ({ date }) => Math.floor((date.day - 1) / 7) + 1;
    default:
      return timeValueOf(field);
  }
}

function timeValueOf(field: FieldNumber): (shown: Shown) => number {
  const hour = ({ secondOfDay }: Shown) => Math.floor(secondOfDay / 3600);
  switch (field) {
    case Field.AMPM:
      return (shown) => (hour(shown) < 12 ? 0 : 1);
    case Field.HOUR:
      return hour;
    case Field.CLOCK_HOUR:
      return (shown) => hour(shown) || 24;
    case Field.HOUR_OF_AMPM:
      return (shown) => hour(shown) % 12;
    case Field.CLOCK_HOUR_OF_AMPM:
      return (shown) => hour(shown) % 12 || 12;
    case Field.MINUTE:
      return ({ secondOfDay }) => Math.floor(secondOfDay / 60) % 60;
    case Field.SECOND:
      return ({ secondOfDay }) => secondOfDay % 60;
    case Field.NANO:
      return ({ nano }) => nano;
    case Field.MILLI_OF_DAY:
      return ({ secondOfDay, nano }) => secondOfDay * 1000 + Math.floor(nano / 1_000_000);
    case Field.NANO_OF_DAY:
      return ({ secondOfDay, nano }) => secondOfDay * 1_000_000_000 + nano;
    default:
      throw new DateTimeError(`Unsupported field: ${fieldName(field)}`);
  }
}

function weekOfMonth(date: CivilDate, epochDay: number, firstDay: number, leastDays: number): number {
  const first = epochDay - date.day + 1;
  const before = (dayOfWeekOf(first) - firstDay + 7) % 7;
  const start = 7 - before >= leastDays ? first - before : first - before + 7;
  return epochDay < start ? 0 : Math.floor((epochDay - start) / 7) + 1;
}

function numberText(part: NumberPart, value: number): string {
  const shown = part.base === undefined ? value : Math.abs(value % 10 ** part.least);
  const digits = String(Math.abs(shown));
  const cannot = `Field ${fieldName(part.field)} cannot be printed as the value ${value}`;
  if (digits.length > part.most)
    throw new DateTimeError(`${cannot} exceeds the maximum print width of ${part.most}`);
  const padded = digits.padStart(part.least, "0");
  if (shown >= 0) return part.sign === "EXCEEDS_PAD" && digits.length > part.least ? `+${padded}` : padded;
  if (part.sign === "NOT_NEGATIVE")
    throw new DateTimeError(`${cannot} cannot be negative according to the SignStyle`);
  return `-${padded}`;
}

function fractionText(part: FractionPart, nano: number): string {
  const digits = String(nano).padStart(9, "0");
  if (part.isGrouped) {
    const length = nano === 0 ? 0 : nano % 1_000_000 === 0 ? 3 : nano % 1000 === 0 ? 6 : 9;
    return length === 0 ? "" : `.${digits.slice(0, length)}`;
  }
  let end = part.most;
  while (end > part.least && digits.charAt(end - 1) === "0") end -= 1;
  return end === 0 ? "" : (part.hasPoint ? "." : "") + digits.slice(0, end);
}
