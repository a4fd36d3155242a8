import { DateTimeError } from "./date-error.ts";

/** The fields of java.time that patterns know, as places in a list of values. */
export const Field = {
  ERA: 0,
  YEAR: 1,
  YEAR_OF_ERA: 2,
  QUARTER: 3,
  MONTH: 4,
  DAY: 5,
  DAY_OF_YEAR: 6,
  DAY_OF_WEEK: 7,
  AMPM: 8,
  HOUR: 9,
  CLOCK_HOUR: 10,
  HOUR_OF_AMPM: 11,
  CLOCK_HOUR_OF_AMPM: 12,
  MINUTE: 13,
  SECOND: 14,
  NANO: 15,
  MILLI_OF_DAY: 16,
  NANO_OF_DAY: 17,
  OFFSET: 18,
  WEEK_BASED_YEAR: 19,
  WEEK_OF_YEAR: 20,
  WEEK_OF_MONTH: 21,
  LOCAL_DAY_OF_WEEK: 22,
  DAY_OF_WEEK_IN_MONTH: 23,
  MODIFIED_JULIAN_DAY: 24,
} as const;

export type FieldNumber = (typeof Field)[keyof typeof Field];

/** A field's name in java.time and the values it may have; a text where the limit depends on the others. */
const LIMITS: Readonly<Record<number, readonly [name: string, least: number, most: number, shown?: string]>> =
  {
    [Field.ERA]: ["Era", 0, 1],
    [Field.YEAR]: ["Year", -999_999_999, 999_999_999],
    [Field.YEAR_OF_ERA]: ["YearOfEra", 1, 999_999_999, "1 - 999999999/1000000000"],
    [Field.QUARTER]: ["QuarterOfYear", 1, 4],
    [Field.MONTH]: ["MonthOfYear", 1, 12],
    [Field.DAY]: ["DayOfMonth", 1, 31, "1 - 28/31"],
    [Field.DAY_OF_YEAR]: ["DayOfYear", 1, 366, "1 - 365/366"],
    [Field.DAY_OF_WEEK]: ["DayOfWeek", 1, 7],
    [Field.AMPM]: ["AmPmOfDay", 0, 1],
    [Field.HOUR]: ["HourOfDay", 0, 23],
    [Field.CLOCK_HOUR]: ["ClockHourOfDay", 1, 24],
    [Field.HOUR_OF_AMPM]: ["HourOfAmPm", 0, 11],
    [Field.CLOCK_HOUR_OF_AMPM]: ["ClockHourOfAmPm", 1, 12],
    [Field.MINUTE]: ["MinuteOfHour", 0, 59],
    [Field.SECOND]: ["SecondOfMinute", 0, 59],
    [Field.NANO]: ["NanoOfSecond", 0, 999_999_999],
    [Field.MILLI_OF_DAY]: ["MilliOfDay", 0, 86_399_999],
    [Field.NANO_OF_DAY]: ["NanoOfDay", 0, 86_399_999_999_999],
    [Field.OFFSET]: ["OffsetSeconds", -64_800, 64_800],
    [Field.WEEK_BASED_YEAR]: ["WeekBasedYear", -999_999_999, 999_999_999],
    [Field.WEEK_OF_YEAR]: ["WeekOfWeekBasedYear", 1, 53, "1 - 52/53"],
    [Field.WEEK_OF_MONTH]: ["WeekOfMonth", 0, 6],
    [Field.LOCAL_DAY_OF_WEEK]: ["DayOfWeek", 1, 7],
    [Field.DAY_OF_WEEK_IN_MONTH]: ["AlignedWeekOfMonth", 1, 5],
    [Field.MODIFIED_JULIAN_DAY]: ["ModifiedJulianDay", -365_243_178_575, 365_241_821_058],
  };

/** The name java.time gives a field. */
export function fieldName(field: FieldNumber): string {
  return LIMITS[field]?.[0] ?? "";
}

/** The value, if the field may have it. */
export function checkField(field: FieldNumber, value: number): number {
  const [name, least, most, shown] = LIMITS[field] ?? [
    "",
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ];
  if (value >= least && value <= most) return value;
  throw new DateTimeError(
    `Invalid value for ${name} (valid values ${shown ?? `${least} - ${most}`}): ${value}`,
  );
}

/** A part of the day, such as `in the evening`. */
export interface DayPeriod {
  text: string;
  /** Whether a minute of the day belongs to it. */
  includes(minute: number): boolean;
}

/** What a text gave: a value for each field that was in it, the zone, and the part of the day. */
export interface ParsedFields {
  values: (number | undefined)[];
  zone: string | undefined;
  period?: DayPeriod | undefined;
}
