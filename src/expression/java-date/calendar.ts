// Arithmetic of the Gregorian calendar on plain numbers, for hot loops: no object is made.

export const SECONDS_PER_DAY = 86_400;
/** The modified Julian day of 1970-01-01. */
export const MODIFIED_JULIAN_EPOCH = 40_587;
const DAYS_PER_ERA = 146_097;
/** Days from the first of March of the year 0 to the first of January 1970. */
const DAYS_TO_EPOCH = 719_468;

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970-01-01. Years begin in March here, so that the leap day is the last one. */
export function epochDayOf(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - DAYS_TO_EPOCH;
}

export interface CivilDate {
  year: number;
  month: number;
  day: number;
}

export function civilDateOf(epochDay: number): CivilDate {
  const shifted = epochDay + DAYS_TO_EPOCH;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** Monday is 1, Sunday 7. */
export function dayOfWeekOf(epochDay: number): number {
  return ((((epochDay + 3) % 7) + 7) % 7) + 1;
}

/**
 * The first day of a week, and how many days of a year its first week has at least. Where weeks are none of ISO's they begin on Sunday, and
 * the first one may be short: the rule of java.time's English locale.
 */
export function weekRule(isIso: boolean): [firstDay: number, leastDays: number] {
  return isIso ? [1, 4] : [7, 1];
}

/** Week and year of the week, for weeks that begin on `firstDay` and belong to a year with at least `leastDays` days in it. */
export function weekOf(
  epochDay: number,
  firstDay: number,
  leastDays: number,
): { year: number; week: number } {
  const { year } = civilDateOf(epochDay);
  for (const candidate of [year + 1, year, year - 1]) {
    const start = firstWeekStart(candidate, firstDay, leastDays);
    if (epochDay >= start) return { year: candidate, week: Math.floor((epochDay - start) / 7) + 1 };
  }
  return { year, week: 1 };
}

/** The day on which the first week of a year begins. */
export function firstWeekStart(year: number, firstDay: number, leastDays: number): number {
  const newYear = epochDayOf(year, 1, 1);
  const daysBefore = (dayOfWeekOf(newYear) - firstDay + 7) % 7;
  return 7 - daysBefore >= leastDays ? newYear - daysBefore : newYear - daysBefore + 7;
}
