import {
  civilDateOf,
  dayOfWeekOf,
  daysInMonth,
  epochDayOf,
  firstWeekStart,
  MODIFIED_JULIAN_EPOCH,
  SECONDS_PER_DAY,
  weekRule,
} from "./calendar.ts";
import { DateTimeError } from "./date-error.ts";
import {
  checkField,
  type DayPeriod,
  Field,
  type FieldNumber,
  fieldName,
  type ParsedFields,
} from "./fields.ts";

/** What the fields of a text make together; a part that they do not determine is undefined. */
export interface Resolved {
  epochDay: number | undefined;
  secondOfDay: number | undefined;
  nano: number;
  offset: number | undefined;
  zone: string | undefined;
}

const NANOS_PER_SECOND = 1_000_000_000;

/** Java's smart resolving: the 31st of a shorter month is its last day, 24:00 the next midnight. The ISO formats are strict. */
export function resolve({ values, zone, period }: ParsedFields, isStrict: boolean): Resolved {
  nameLocalDay(values, isStrict);
  const epochDay = resolveDate(values, isStrict);
  const time = resolveTime(values, isStrict, period);
  checkEra(values, epochDay);
  const offset = values[Field.OFFSET];
  if (offset !== undefined && Math.abs(offset) > 64_800) {
    throw new DateTimeError("Zone offset not in valid range: -18:00 to +18:00");
  }
  checkWeekday(values, epochDay);
  if (time === undefined) return { epochDay, secondOfDay: undefined, nano: 0, offset, zone };
  // Midnight at the end of the day.
  const excess = time.secondOfDay === SECONDS_PER_DAY ? 1 : 0;
  return {
    epochDay: epochDay === undefined ? undefined : epochDay + excess,
    secondOfDay: time.secondOfDay - excess * SECONDS_PER_DAY,
    nano: time.nano,
    offset,
    zone,
  };
}

/** What a text gave, as java.time shows it when it is too little. */
export function describe({ values }: ParsedFields, { epochDay, secondOfDay }: Resolved): string {
  if (epochDay !== undefined) return `{},ISO resolved to ${dateText(epochDay)}`;
  if (secondOfDay !== undefined) return `{},ISO resolved to ${timeText(secondOfDay)}`;
  const known = values.flatMap((value, field) =>
    value === undefined ? [] : [`${fieldName(field as FieldNumber).replace("YearOfEra", "Year")}=${value}`],
  );
  return `{${known.join(", ")}},ISO`;
}

function resolveDate(values: ParsedFields["values"], isStrict: boolean): number | undefined {
  const year = resolveYear(values, isStrict);
  const julianDay = values[Field.MODIFIED_JULIAN_DAY];
  if (julianDay !== undefined) {
    const epochDay = checkField(Field.MODIFIED_JULIAN_DAY, julianDay) - MODIFIED_JULIAN_EPOCH;
    checkDerived(values, year, epochDay);
    return epochDay;
  }
  const month = values[Field.MONTH];
  const day = values[Field.DAY];
  if (year !== undefined && month !== undefined && day !== undefined) {
    checkField(Field.MONTH, month);
    checkField(Field.DAY, day);
    const last = daysInMonth(year, month);
    if (day > last && isStrict) throw new DateTimeError(invalidDay(year, month, day));
    return epochDayOf(year, month, Math.min(day, last));
  }
  const dayOfYear = values[Field.DAY_OF_YEAR];
  if (year !== undefined && dayOfYear !== undefined) {
    const epochDay = epochDayOf(year, 1, 1) + checkField(Field.DAY_OF_YEAR, dayOfYear) - 1;
    if (civilDateOf(epochDay).year !== year)
      throw new DateTimeError(`Invalid date 'DayOfYear 366' as '${year}' is not a leap year`);
    return epochDay;
  }
  return resolveWeek(values, isStrict);
}

function resolveYear(values: ParsedFields["values"], isStrict: boolean): number | undefined {
  const year = values[Field.YEAR];
  const yearOfEra = values[Field.YEAR_OF_ERA];
  const era = values[Field.ERA];
  if (year !== undefined) checkField(Field.YEAR, year);
  if (yearOfEra === undefined) return year;
  checkField(Field.YEAR_OF_ERA, yearOfEra);
  if (year !== undefined) {
    const isBefore = era === undefined ? year < 1 : era === 0;
    const named = isBefore ? 1 - yearOfEra : yearOfEra;
    if (named !== year) throw new DateTimeError(`Conflict found: Year ${year} differs from Year ${named}`);
    return year;
  }
  if (era === undefined) return isStrict ? undefined : yearOfEra;
  return era === 1 ? yearOfEra : 1 - yearOfEra;
}

/** The number of a day of the week says as much as its name. */
function nameLocalDay(values: ParsedFields["values"], isIso: boolean): void {
  const place = values[Field.LOCAL_DAY_OF_WEEK];
  if (place === undefined) return;
  const [firstDay] = weekRule(isIso);
  const day = ((checkField(Field.LOCAL_DAY_OF_WEEK, place) + firstDay - 2) % 7) + 1;
  const named = values[Field.DAY_OF_WEEK] ?? day;
  if (named !== day)
    throw new DateTimeError(`Conflict found: DayOfWeek ${named} differs from DayOfWeek ${day}`);
  values[Field.DAY_OF_WEEK] = day;
}

/** Named formats, the strict ones, have ISO's weeks. */
function resolveWeek(values: ParsedFields["values"], isIso: boolean): number | undefined {
  const [firstDay, leastDays] = weekRule(isIso);
  const year = values[Field.WEEK_BASED_YEAR];
  const week = values[Field.WEEK_OF_YEAR];
  const day = values[Field.DAY_OF_WEEK];
  if (year === undefined || week === undefined || day === undefined) return undefined;
  checkField(Field.WEEK_OF_YEAR, week);
  const past = (checkField(Field.DAY_OF_WEEK, day) - firstDay + 7) % 7;
  return firstWeekStart(year, firstDay, leastDays) + (week - 1) * 7 + past;
}

function resolveTime(
  values: ParsedFields["values"],
  isStrict: boolean,
  period: DayPeriod | undefined,
): { secondOfDay: number; nano: number } | undefined {
  const nanoOfDay = values[Field.NANO_OF_DAY];
  if (nanoOfDay !== undefined) {
    const nano = checkField(Field.NANO_OF_DAY, nanoOfDay) % NANOS_PER_SECOND;
    return { secondOfDay: Math.floor(nanoOfDay / NANOS_PER_SECOND), nano };
  }
  const milliOfDay = values[Field.MILLI_OF_DAY];
  if (milliOfDay !== undefined) {
    const milli = checkField(Field.MILLI_OF_DAY, milliOfDay) % 1000;
    return { secondOfDay: Math.floor(milliOfDay / 1000), nano: milli * 1_000_000 };
  }
  const hour = resolveHour(values, period);
  const [minute, second, nano] = [values[Field.MINUTE], values[Field.SECOND], values[Field.NANO]];
  if (minute !== undefined) checkField(Field.MINUTE, minute);
  if (second !== undefined) checkField(Field.SECOND, second);
  if (hour === undefined) return undefined;
  // A time with a hole in it is none.
  if (minute === undefined && (second !== undefined || nano !== undefined)) return undefined;
  if (second === undefined && nano !== undefined) return undefined;
  if (isStrict && minute === undefined) return undefined;
  const isMidnight =
    hour === 24 && !isStrict && (minute ?? 0) === 0 && (second ?? 0) === 0 && (nano ?? 0) === 0;
  if (!isMidnight) checkField(Field.HOUR, hour);
  checkPeriod(period, (hour % 24) * 60 + (minute ?? 0));
  return { secondOfDay: hour * 3600 + (minute ?? 0) * 60 + (second ?? 0), nano: nano ?? 0 };
}

/** The part of the day says less than the hour does, and may not say another. */
function checkPeriod(period: DayPeriod | undefined, minute: number): void {
  if (period === undefined || period.includes(minute)) return;
  throw new DateTimeError(
    `Conflict found: Resolved time ${timeText(minute * 60)} conflicts with ${period.text}`,
  );
}

function resolveHour(values: ParsedFields["values"], period: DayPeriod | undefined): number | undefined {
  const hour = values[Field.HOUR];
  if (hour !== undefined) return hour;
  const clockHour = values[Field.CLOCK_HOUR];
  if (clockHour !== undefined) return checkField(Field.CLOCK_HOUR, clockHour) % 24;
  const half = values[Field.AMPM];
  const clockHourOfHalf = values[Field.CLOCK_HOUR_OF_AMPM];
  const hourOfHalf =
    clockHourOfHalf === undefined
      ? values[Field.HOUR_OF_AMPM]
      : checkField(Field.CLOCK_HOUR_OF_AMPM, clockHourOfHalf) % 12;
  if (hourOfHalf !== undefined && half === undefined && period !== undefined) {
    const hour = checkField(Field.HOUR_OF_AMPM, hourOfHalf);
    return period.includes(hour * 60 + (values[Field.MINUTE] ?? 0)) ? hour : hour + 12;
  }
  if (half === undefined || hourOfHalf === undefined) return undefined;
  return half * 12 + checkField(Field.HOUR_OF_AMPM, hourOfHalf);
}

function checkWeekday(values: ParsedFields["values"], epochDay: number | undefined): void {
  const wanted = values[Field.DAY_OF_WEEK];
  if (wanted === undefined || epochDay === undefined) return;
  const actual = dayOfWeekOf(epochDay);
  if (wanted === actual) return;
  throw new DateTimeError(
    `Conflict found: Field DayOfWeek ${actual} differs from DayOfWeek ${wanted} derived from ${dateText(epochDay)}`,
  );
}

/** Era and year may be said beside each other; they are held to each other where there is a date. */
function checkEra(values: ParsedFields["values"], epochDay: number | undefined): void {
  const wanted = values[Field.ERA];
  if (wanted === undefined || epochDay === undefined) return;
  const actual = civilDateOf(epochDay).year > 0 ? 1 : 0;
  if (actual !== wanted) throw conflict("Era", actual, wanted, epochDay);
}

/** What stands beside a modified Julian day, which says it all. */
function checkDerived(values: ParsedFields["values"], year: number | undefined, epochDay: number): void {
  const date = civilDateOf(epochDay);
  const others = [
    ["Year", date.year, year],
    ["MonthOfYear", date.month, values[Field.MONTH]],
    ["DayOfMonth", date.day, values[Field.DAY]],
    ["DayOfYear", epochDay - epochDayOf(date.year, 1, 1) + 1, values[Field.DAY_OF_YEAR]],
  ] as const;
  for (const [name, actual, wanted] of others)
    if (wanted !== undefined && wanted !== actual) throw conflict(name, actual, wanted, epochDay);
}

function conflict(name: string, actual: number, wanted: number, epochDay: number): DateTimeError {
  return new DateTimeError(
    `Conflict found: Field ${name} ${actual} differs from ${name} ${wanted} derived from ${dateText(epochDay)}`,
  );
}

function dateText(epochDay: number): string {
  const { year, month, day } = civilDateOf(epochDay);
  const digits = String(Math.abs(year)).padStart(4, "0");
  const sign = year < 0 ? "-" : year > 9999 ? "+" : "";
  return [sign + digits, ...[month, day].map((part) => String(part).padStart(2, "0"))].join("-");
}

function timeText(secondOfDay: number): string {
  const parts = [Math.floor(secondOfDay / 3600), Math.floor(secondOfDay / 60) % 60, secondOfDay % 60];
  return (parts[2] === 0 ? parts.slice(0, 2) : parts).map((part) => String(part).padStart(2, "0")).join(":");
}

const MONTHS = "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER".split(
  " ",
);

function invalidDay(year: number, month: number, day: number): string {
  if (month === 2 && day === 29) return `Invalid date 'February 29' as '${year}' is not a leap year`;
  return `Invalid date '${MONTHS[month - 1]} ${day}'`;
}
