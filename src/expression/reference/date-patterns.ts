import type { Entries } from "./entry.ts";

const at = "execution.startDate | date";

/** The letters of Java's date patterns: what they print, and what is read by them. */
export const patternEntries: Entries = {
  "u y G": {
    summary:
      "Year, year of the era, era. Two letters are two digits, read as 2000 to 2099. Eras: `G` to `GGG` short, `GGGG` full, `GGGGG` one letter.",
    examples: [
      [`{{ ${at}('uuuu yy G') }}`, "2024 24 AD"],
      ["{{ '44 BC-03-15' | date('uuuu-MM-dd', existingFormat='y G-MM-dd', timeZone='UTC') }}", "-0043-03-15"],
    ],
  },
  "M L Q q": {
    summary:
      "Month and quarter, `L` and `q` as they stand alone. One or two letters are digits, three a short name, four the full one, five a letter. Quarters have English names.",
    examples: [[`{{ ${at}('MM MMM MMMM QQQ') }}`, "09 Sep September Q3"]],
  },
  "d D g": {
    summary: "Day of the month, of the year, and the modified Julian day.",
    examples: [[`{{ ${at}('d D g') }}`, "6 250 60559"]],
  },
  "E e c": {
    summary: "Day of the week: as a name, or by number with `e` and `c`, of which Sunday is the first.",
    examples: [[`{{ ${at}('E EEEE e') }}`, "Fri Friday 6"]],
  },
  "Y w W F": {
    summary:
      "Year of the week, week of it, week of the month, and which of its weekdays in the month. Weeks begin on Sunday, and the first one may be short; `iso_week_date` has ISO's. Read are `Y`, `w` and a weekday together; `W` and `F` say nothing beside them.",
    examples: [[`{{ ${at}('Y w W F') }}`, "2024 36 1 1"]],
  },
  "H k K h a": {
    summary: "Hour: 0 to 23, 1 to 24, and of half a day 0 to 11, 1 to 12, which are read beside `a` or `B`.",
    examples: [
      [`{{ ${at}('HH h a') }}`, "08 8 AM"],
      ["{{ '2024-09-06 8:30 PM' | date('HH:mm', existingFormat='yyyy-MM-dd h:mm a') }}", "20:30"],
    ],
  },
  B: {
    summary:
      "Part of the day. It is read beside an hour: beside `h` or `K` it says which half of the day is meant. Alone it says no time.",
    examples: [
      [`{{ ${at}('h B') }}`, "8 in the morning"],
      ["{{ '2024-09-06 8:30 in the evening' | date('HH:mm', existingFormat='yyyy-MM-dd h:mm B') }}", "20:30"],
    ],
  },
  "m s S n A N": {
    summary: "Minute, second, fraction of it, nanosecond of it; millisecond and nanosecond of the day.",
    examples: [[`{{ ${at}('mm:ss.SSS A') }}`, "38:53.123 31133123"]],
  },
  "X x Z O": {
    summary: "Offset: `X` has `Z` for none, `x` and `Z` digits, `O` and `ZZZZ` begin with `GMT`.",
    examples: [[`{{ ${at}('X xxx Z O', timeZone='Europe/Berlin') }}`, "+02 +02:00 +0200 GMT+2"]],
  },
  VV: {
    summary: "Id of the zone.",
    examples: [[`{{ ${at}('VV', timeZone='Europe/Berlin') }}`, "Europe/Berlin"]],
  },
  "z zzzz": {
    summary:
      "Name of the zone in summer or winter, short or full. Read are ids of zones; by `z` the short names of large zones that have one meaning, as `CEST` and `PDT`; " +
      "by `zzzz` the full ones of the same zones, in English. Names in other languages are not, nor those that several zones share otherwise: they cannot be told apart.",
    examples: [
      [`{{ ${at}('z') }}`, "UTC"],
      [
        "{{ '2024-09-06 10:38 Central European Summer Time' | date('HH:mm', existingFormat='yyyy-MM-dd HH:mm zzzz', timeZone='UTC') }}",
        "08:38",
      ],
    ],
  },
  "v vvvv": {
    summary:
      "Name of the zone for all the year, as `ET` or `Eastern Time`. Read as `z` and `zzzz` are: ids, and the English names of large zones; where several have one, that of the largest is meant.",
    examples: [
      [
        "{{ '2024-09-06 10:38 ET' | date('HH:mm', existingFormat='yyyy-MM-dd HH:mm v', timeZone='UTC') }}",
        "14:38",
      ],
    ],
  },
  p: {
    summary: "Before another letter: as many blanks before it as make the width.",
    examples: [["{{ '7' ~ (execution.startDate | date('ppppH')) }}", "7   8"]],
  },
  "' [ ]": {
    summary:
      "Text stands in quotes, two are one. What stands in brackets may be missing where a date is read.",
    examples: [
      [`{{ ${at}("yyyy'/Q'Q") }}`, "2024/Q3"],
      ["{{ '2024-09-06 08:38' | date('ss', existingFormat='yyyy-MM-dd HH:mm[:ss]') }}", "00"],
    ],
  },
};
