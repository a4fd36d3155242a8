/** Where the first week of a year has four days at least. */
const FOUR_DAYS = new Set(
  "AD AN AT AX BE BG CH CZ DE DK EE ES FI FJ FO FR GB GF GG GI GP GR HU IE IM IS IT JE LI LT LU MC MQ NL NO PL PT RE RU SE SJ SK SM VA".split(
    " ",
  ),
);

/**
 * The first day of a week, and how many days of a year its first week has at least, in the region of a locale. Where none is named weeks
 * begin on Sunday, and the first one may be short.
 */
export function weekRuleOf(locale: string): [firstDay: number, leastDays: number] {
  const parts = new Intl.Locale(locale);
  if (parts.region === undefined) return [7, 1];
  return [firstDayOf(parts), FOUR_DAYS.has(parts.region) ? 4 : 1];
}

/** TypeScript's libraries do not know it yet. */
function firstDayOf(locale: Intl.Locale & { getWeekInfo?: () => { firstDay: number } }): number {
  return locale.getWeekInfo?.().firstDay ?? 7;
}
