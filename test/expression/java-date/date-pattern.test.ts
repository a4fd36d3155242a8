import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DateTimeFormatter, LocalDateTime, ZoneOffset } from "@js-joda/core";
import fc from "fast-check";
import { DateTimeError } from "../../../src/expression/java-date/date-error.ts";
import { compilePattern } from "../../../src/expression/java-date/date-pattern.ts";

const iso = (pattern: string, text: string, zone = "UTC") =>
  new Date(compilePattern(pattern).parseToEpochMillis(text, zone)).toISOString();

const parsed: [pattern: string, text: string, instant: string, zone?: string][] = [
  ["yyyy-MM-dd HH:mm:ss.SSS", "2024-09-06 08:38:53.123", "2024-09-06T08:38:53.123Z"],
  ["yyyy-MM-dd HH:mm:ss", "2024-09-06 08:38:53", "2024-09-06T08:38:53.000Z"],
  ["yy-MM-dd' 'HH:mm:ss", "24-09-06 08:38:53", "2024-09-06T08:38:53.000Z"],
  ["yy-MM-dd HH:mm", "99-09-06 08:38", "2099-09-06T08:38:00.000Z"],
  ["yyyy-MM-dd HH:mm:ss[.SSS]", "2024-09-06 08:38:53", "2024-09-06T08:38:53.000Z"],
  ["yyyy-MM-dd HH:mm:ss[.SSS]", "2024-09-06 08:38:53.5", "", "UTC"],
  ["yyyyMMddHHmmssSSS", "20240906083853123", "2024-09-06T08:38:53.123Z"],
  ["yyyy-MM-dd'T'HH:mm[:ss][.SSSSSS][XXX]", "2024-09-06T08:38", "2024-09-06T08:38:00.000Z"],
  ["yyyy-MM-dd'T'HH:mm[:ss][.SSSSSS][XXX]", "2024-09-06T08:38:53.123456+02:00", "2024-09-06T06:38:53.123Z"],
  [
    "yyyy-MM-dd'T'HH:mm[:ss][.SSSSSS][XXX]",
    "2024-09-06T08:38:53Z",
    "2024-09-06T08:38:53.000Z",
    "Europe/Paris",
  ],
  ["d/M/yyyy h:mm a", "6/9/2024 8:38 PM", "2024-09-06T20:38:00.000Z"],
  ["d/M/yyyy h:mm a", "6/9/2024 12:00 AM", "2024-09-06T00:00:00.000Z"],
  ["EEE, d MMM yyyy HH:mm:ss Z", "Fri, 6 Sep 2024 08:38:53 +0200", "2024-09-06T06:38:53.000Z"],
  ["EEEE d MMMM yyyy HH:mm", "Friday 6 September 2024 08:38", "2024-09-06T08:38:00.000Z"],
  ["yyyy-DDD HH", "2024-250 08", "2024-09-06T08:00:00.000Z"],
  ["yyyy-MM-dd HH:mm VV", "2024-09-06 08:38 Europe/Paris", "2024-09-06T06:38:00.000Z"],
  ["yyyy-MM-dd HH:mm z", "2024-09-06 08:38 CEST", "2024-09-06T06:38:00.000Z"],
  ["yyyy-MM-dd HH:mm O", "2024-09-06 08:38 GMT+2", "2024-09-06T06:38:00.000Z"],
  ["yyyy-MM-dd HH:mm", "2024-02-31 24:00", "2024-03-01T00:00:00.000Z"],
  ["yyyy-MM-dd HH:mm", "2024-03-31 02:30", "2024-03-31T01:30:00.000Z", "Europe/Paris"],
  ["yyyy-MM-dd HH:mm", "2024-10-27 02:30", "2024-10-27T00:30:00.000Z", "Europe/Paris"],
  ["yyyy-MM-dd HH:mm", "1850-01-01 00:00", "1849-12-31T23:50:39.000Z", "Europe/Paris"],
  ["iso_zoned_date_time", "2024-09-06T08:38:53.1+02:00[Europe/Paris]", "2024-09-06T06:38:53.100Z"],
  ["iso_instant", "2024-09-06T08:38:53Z", "2024-09-06T08:38:53.000Z"],
  ["rfc_1123_date_time", "Fri, 6 Sep 2024 08:38:53 GMT", "2024-09-06T08:38:53.000Z"],
  ["yyyy-MM-dd HH:mm:ss.SSSXXX", "2024-09-06 08:38:53.12Z", "2024-09-06T08:38:53.120Z"],
  ["y-MM-dd G HH", "44-03-15 BC 10", "-000043-03-15T10:00:00.000Z"],
  ["yyyy-MM-dd GGGG HH", "0044-03-15 Before Christ 10", "-000043-03-15T10:00:00.000Z"],
  ["yyyy-MM-dd GGGGG HH", "2024-03-15 A 10", "2024-03-15T10:00:00.000Z"],
  ["uuuu yyyy-MM-dd G HH", "-0043 0044-03-15 BC 10", "-000043-03-15T10:00:00.000Z"],
  ["g HH", "60559 10", "2024-09-06T10:00:00.000Z"],
  ["g HH", "-1 10", "1858-11-16T10:00:00.000Z"],
  ["gHHmm", "605591030", "2024-09-06T10:30:00.000Z"],
  ["g uuuu HH", "60559 2024 10", "2024-09-06T10:00:00.000Z"],
  ["yyyy-MM-dd ppppH:ppm", "2024-09-06   10: 5", "2024-09-06T10:05:00.000Z"],
  ["ppppppppppMMMM d yyyy HHppmm", "September 6 2024 10 5", ""],
  ["ppppppppppMMMM d yyyy HH", " September 6 2024 10", "2024-09-06T10:00:00.000Z"],
  ["yyyy-MM-dd HH:mm vvvv", "2024-09-06 10:38 Central European Time", "2024-09-06T08:38:00.000Z"],
  ["yyyy-MM-dd HH:mm v", "2024-09-06 10:38 ET", "2024-09-06T14:38:00.000Z"],
  ["yyyy-MM-dd HH:mm v", "2024-09-06 10:38 Europe/Paris", "2024-09-06T08:38:00.000Z"],
  ["''yyyy''MM''dd'o''clock'HH", "'2024'09'06o'clock08", "2024-09-06T08:00:00.000Z"],
];

const refused: [pattern: string, text: string, message: string][] = [
  [
    "yy-MM-dd' 'HH:mm:ss",
    "2024-09-06 08:38:53.123",
    "Text '2024-09-06 08:38:53.123' could not be parsed at index 2",
  ],
  [
    "yyyy-MM-dd HH:mm:ss",
    "2024-09-06 08:38:53.123",
    "Text '2024-09-06 08:38:53.123' could not be parsed, unparsed text found at index 19",
  ],
  [
    "yyyy-MM-dd HH:mm:ss.SSS",
    "2024-09-06 08:38:53",
    "Text '2024-09-06 08:38:53' could not be parsed at index 19",
  ],
  [
    "yyyy-MM-dd HH:mm:ss.SSS",
    "2024-09-06 08:38:53.12",
    "Text '2024-09-06 08:38:53.12' could not be parsed at index 20",
  ],
  [
    "yyyy-MM-dd HH:mm:ss[.SSS]",
    "2024-09-06 08:38:53.5",
    "Text '2024-09-06 08:38:53.5' could not be parsed, unparsed text found at index 19",
  ],
  [
    "yyyy-MM-dd HH:mm",
    "2024-13-06 08:38",
    "Text '2024-13-06 08:38' could not be parsed: Invalid value for MonthOfYear (valid values 1 - 12): 13",
  ],
  [
    "yyyy-MM-dd HH:mm",
    "2024-12-32 08:38",
    "Text '2024-12-32 08:38' could not be parsed: Invalid value for DayOfMonth (valid values 1 - 28/31): 32",
  ],
  [
    "yyyy-MM-dd HH:mm",
    "2024-12-31 25:38",
    "Text '2024-12-31 25:38' could not be parsed: Invalid value for HourOfDay (valid values 0 - 23): 25",
  ],
  [
    "yyyy-MM-dd HH:mm",
    "2024-12-31 05:60",
    "Text '2024-12-31 05:60' could not be parsed: Invalid value for MinuteOfHour (valid values 0 - 59): 60",
  ],
  [
    "yyyy-MM-dd HH:mm",
    "0000-12-31 05:00",
    "Text '0000-12-31 05:00' could not be parsed: Invalid value for YearOfEra (valid values 1 - 999999999/1000000000): 0",
  ],
  [
    "yyyy-MM-dd",
    "2024-09-06",
    "Text '2024-09-06' could not be parsed: Unable to obtain LocalDateTime from TemporalAccessor: {},ISO resolved to 2024-09-06 of type java.time.format.Parsed",
  ],
  ["yyyy-MM-dd G", "2024-03-15 ad", "Text '2024-03-15 ad' could not be parsed at index 11"],
  [
    "yyyy-MM-dd G",
    "0000-03-15 BC",
    "Text '0000-03-15 BC' could not be parsed: Invalid value for YearOfEra (valid values 1 - 999999999/1000000000): 0",
  ],
  [
    "uuuu-MM-dd G",
    "-0043-03-15 AD",
    "Text '-0043-03-15 AD' could not be parsed: Conflict found: Field Era 0 differs from Era 1 derived from -0043-03-15",
  ],
  [
    "uuuu yyyy-MM-dd",
    "2024 2023-03-15",
    "Text '2024 2023-03-15' could not be parsed: Conflict found: Year 2024 differs from Year 2023",
  ],
  ["ggg", "6", "Text '6' could not be parsed at index 0"],
  ["g", "+5", "Text '+5' could not be parsed at index 0"],
  [
    "g",
    "999999999999999",
    "Text '999999999999999' could not be parsed: Invalid value for ModifiedJulianDay (valid values -365243178575 - 365241821058): 999999999999999",
  ],
  [
    "g uuuu",
    "60559 2023",
    "Text '60559 2023' could not be parsed: Conflict found: Field Year 2024 differs from Year 2023 derived from 2024-09-06",
  ],
  ["ppppH:mm", "10:30", "Text '10:30' could not be parsed at index 0"],
  ["ppppH:mm", "    :30", "Text '    :30' could not be parsed at index 4"],
  ["dd ppppH:mm", "06 x 10:30", "Text '06 x 10:30' could not be parsed at index 6"],
  ["pH:mm", "19:30", "Text '19:30' could not be parsed at index 1"],
  ["v", "Central European Time", "Text 'Central European Time' could not be parsed at index 0"],
  ["yyyy-MM-dd HH:mm", "", "Text '' could not be parsed at index 0"],
  ["yyyy-MM-dd HH:mm", "x".repeat(100), `Text '${"x".repeat(64)}...' could not be parsed at index 0`],
  [
    "EEE yyyy-MM-dd HH:mm",
    "Mon 2024-09-06 08:38",
    "Text 'Mon 2024-09-06 08:38' could not be parsed: Conflict found: Field DayOfWeek 5 differs from DayOfWeek 1 derived from 2024-09-06",
  ],
  [
    "iso_local_date_time",
    "2024-02-30T00:00:00",
    "Text '2024-02-30T00:00:00' could not be parsed: Invalid date 'FEBRUARY 30'",
  ],
];

const printed: [pattern: string, text: string][] = [
  ["iso", "2024-09-06T10:38:53.123000+02:00"],
  ["iso_milli", "2024-09-06T10:38:53.123+02:00"],
  ["iso_sec", "2024-09-06T10:38:53+02:00"],
  ["sql", "2024-09-06 10:38:53.123000"],
  ["iso_instant", "2024-09-06T08:38:53.123Z"],
  ["iso_zoned_date_time", "2024-09-06T10:38:53.123+02:00[Europe/Paris]"],
  ["iso_date_time", "2024-09-06T10:38:53.123+02:00[Europe/Paris]"],
  ["iso_local_time", "10:38:53.123"],
  ["iso_week_date", "2024-W36-5+02:00"],
  ["iso_ordinal_date", "2024-250+02:00"],
  ["rfc_1123_date_time", "Fri, 6 Sep 2024 10:38:53 +0200"],
  ["medium", "Sep 6, 2024, 10:38:53\u202fAM"],
  ["short", "9/6/24, 10:38\u202fAM"],
  ["yy M d H m s S n", "24 9 6 10 38 53 1 123000000"],
  ["GGGG Q QQQ e E EEEE EEEEE w W D F a h k K", "Anno Domini 3 Q3 6 Fri Friday F 36 1 250 1 AM 10 10 10"],
  [
    "X XX XXX x xxx Z ZZZZ ZZZZZ O OOOO VV z",
    "+02 +0200 +02:00 +02 +02:00 +0200 GMT+02:00 +02:00 GMT+2 GMT+02:00 Europe/Paris CEST",
  ],
  ["'it''s' [HH[':'mm]]", "it's 10:38"],
  ["y G GGGG GGGGG", "2024 AD Anno Domini A"],
  ["g|ggg|gggggggg", "60559|60559|00060559"],
  ["ppppH|ppH:mm|pppppG|ppppppppppMMMM|ppppSSS|HHppmm", "  10|10:38|   AD| September| 123|1038"],
  ["v|vvvv", "CET|Central European Time"],
];

const invalid: [pattern: string, message: string][] = [
  ["yyyy-MM-dd r", "Unknown pattern letter: r"],
  ["'open", "Pattern ends with an incomplete string literal: 'open"],
  ["yyyy]", "Pattern invalid as it contains ] without previous ["],
  ["GGGGGG", "Too many pattern letters: G"],
  ["g".repeat(21), "The minimum width must be from 1 to 19 inclusive but was 21"],
  ["pppp", "Pad letter 'p' must be followed by valid pad pattern: pppp"],
  ["ppp'x'", "Pad letter 'p' must be followed by valid pad pattern: ppp'x'"],
  ["ppp[H]", "Pad letter 'p' must be followed by valid pad pattern: ppp[H]"],
  ["ppHHmm", "A padded number cannot have another number right behind it."],
  ["vv", "Wrong number of pattern letters: v"],
  ["HHH", "Too many pattern letters: H"],
  ["VVV", "Pattern letter count must be 2: V"],
  ["{}", "Pattern includes reserved character: '{'"],
];

describe("compilePattern", () => {
  for (const [pattern, text, instant, zone] of parsed.filter(([, , expected]) => expected !== "")) {
    it(`reads ${text} by ${pattern}`, () => assert.equal(iso(pattern, text, zone), instant));
  }
  for (const [pattern, text, message] of refused) {
    it(`says of ${text.slice(0, 40)} by ${pattern}: ${message.slice(0, 100)}`, () =>
      assert.throws(() => iso(pattern, text), new DateTimeError(message)));
  }
  for (const [pattern, text] of printed) {
    it(`prints ${pattern} as ${text}`, () =>
      assert.equal(compilePattern(pattern).formatEpochMillis(1_725_611_933_123, "Europe/Paris"), text));
  }
  for (const [pattern, message] of invalid) {
    it(`refuses the pattern ${pattern}`, () =>
      assert.throws(() => compilePattern(pattern), new DateTimeError(message)));
  }

  const longAgo: [pattern: string, text: string][] = [
    ["y G", "44 BC"],
    ["yyyy GGGG", "0044 Before Christ"],
    ["uuuu|u|yy|GGGGG|g", "-0043|-43|44|B|-694583"],
    ["ppppppu|", "   -43|"],
    ["v|vvvv", "UTC|Coordinated Universal Time"],
  ];
  for (const [pattern, text] of longAgo) {
    it(`prints the year 44 before Christ by ${pattern} as ${text}`, () =>
      assert.equal(compilePattern(pattern).formatEpochMillis(Date.UTC(-43, 2, 5, 1, 2, 3), "UTC"), text));
  }

  it("names eras and zones in other languages", () => {
    const millis = 1_725_611_933_123;
    assert.equal(
      compilePattern("G GGGG", "fr").formatEpochMillis(millis, "UTC"),
      "ap. J.-C. après Jésus-Christ",
    );
    assert.equal(compilePattern("G", "de").formatEpochMillis(Date.UTC(-43, 2, 5), "UTC"), "v. Chr.");
    assert.equal(
      compilePattern("v vvvv", "de").formatEpochMillis(millis, "Europe/Paris"),
      "MEZ Mitteleuropäische Zeit",
    );
    assert.equal(compilePattern("vvvv").formatEpochMillis(millis, "America/Phoenix"), "Mountain Time");
    assert.equal(compilePattern("vvvv").formatEpochMillis(millis, "+02:00"), "+02:00");
  });

  it("refuses to print what is wider than its padding", () =>
    assert.throws(
      () => compilePattern("ppppMMMM").formatEpochMillis(1_725_611_933_123, "UTC"),
      new DateTimeError("Cannot print as output of 9 characters exceeds pad width of 4"),
    ));

  it("reads days, times of day and local times", () => {
    assert.equal(compilePattern("yyyy-MM-dd[XXX]").parseToEpochDay("1970-01-02"), 1);
    assert.equal(
      compilePattern("HH:mm[:ss][.SSSSSS][XXX]").parseToNanoOfDay("00:00:01.000002"),
      1_000_002_000,
    );
    assert.equal(compilePattern("yyyy-MM-dd HH:mm").parseLocalToEpochMillis("1970-01-01 00:01"), 60_000);
    assert.equal(
      compilePattern("yyyy-MM-dd HH:mm:ss.SSSSSS").parseToEpochMicros("1969-12-31 23:59:59.999999", "UTC"),
      -1,
    );
    assert.equal(
      compilePattern("yyyy-MM-dd HH:mm:ss.SSSSSS").parseToEpochMillis("1969-12-31 23:59:59.999999", "UTC"),
      -1,
    );
    assert.throws(
      () => compilePattern("HH:mm").parseToEpochDay("08:38"),
      /Unable to obtain LocalDate from TemporalAccessor: \{\},ISO resolved to 08:38/,
    );
  });
});

/** Patterns whose numbers js-joda reads too. */
const patterns = [
  "yyyy-MM-dd HH:mm:ss.SSS",
  "yyyy-MM-dd HH:mm:ss",
  "yyyyMMddHHmm",
  "uuuu-MM-dd'T'HH:mm:ss",
  "dd.MM.yyyy HH:mm",
  "d/M/yyyy H:m:s",
  "yyyy-MM-dd HH:mm[:ss][.SSS]",
  "yy-MM-dd' 'HH:mm:ss",
  "yyyy-DDD HH:mm",
  "yyyy-MM-dd HH:mm:ssXXX",
  "yyyy-MM-dd HH:mm:ssX",
  "yyyy-MM-dd HH:mm:ss[.SSS][XX]",
];
const pattern = fc.constantFrom(...patterns);
const moment = fc.record({
  second: fc.integer({ min: Date.UTC(2000, 0, 1) / 1000, max: Date.UTC(2099, 11, 31) / 1000 }),
  milli: fc.integer({ min: 0, max: 999 }),
});

describe("any date", () => {
  it("prints as js-joda prints it, and reads back as itself", () => {
    fc.assert(
      fc.property(pattern, moment, (chosen, { second, milli }) => {
        const local = LocalDateTime.ofEpochSecond(second, milli * 1_000_000, ZoneOffset.UTC);
        const compiled = compilePattern(chosen);
        const text = compiled.formatEpochMillis(second * 1000 + milli, "UTC");
        assert.equal(text, DateTimeFormatter.ofPattern(chosen).format(local.atZone(ZoneOffset.UTC)));
        assert.equal(compiled.formatEpochMillis(compiled.parseToEpochMillis(text, "UTC"), "UTC"), text);
      }),
      { numRuns: 2_000 },
    );
  });

  it("reads as js-joda reads it, whatever is broken in it", () => {
    const broken = fc.tuple(
      pattern,
      pattern,
      moment,
      fc.nat(30),
      fc.constantFrom("", "0", "9", "-", "+", "x", " ", "99", "00"),
      fc.nat(2),
    );
    fc.assert(
      fc.property(broken, ([chosen, printedBy, { second, milli }, at, inserted, removed]) => {
        const whole = compilePattern(printedBy).formatEpochMillis(second * 1000 + milli, "UTC");
        const text = whole.slice(0, at) + inserted + whole.slice(at + removed);
        assert.deepEqual(
          outcome(() => compilePattern(chosen).parseLocalToEpochMillis(text)),
          outcome(() => byJoda(chosen, text)),
          `${chosen} | ${text}`,
        );
      }),
      { numRuns: 5_000 },
    );
  });

  it("reads the same the fast way and the general way", () => {
    const fastPatterns = patterns.slice(0, 8).filter((one) => !one.startsWith("d/M"));
    const broken = fc.tuple(
      fc.constantFrom(...fastPatterns),
      moment,
      fc.nat(30),
      fc.constantFrom("", "0", "9", "-", "+", "x", " ", "99", "00"),
      fc.nat(2),
    );
    fc.assert(
      fc.property(broken, ([chosen, { second, milli }, at, inserted, removed]) => {
        const whole = compilePattern(chosen).formatEpochMillis(second * 1000 + milli, "UTC");
        const text = whole.slice(0, at) + inserted + whole.slice(at + removed);
        // An optional section that is never there makes the places uncertain for the fast way, and changes nothing else.
        const general = compilePattern(`${chosen}${"['#never']['#never']['#never']['#never']"}`);
        for (const zone of ["UTC", "Europe/Paris"]) {
          assert.deepEqual(
            outcome(() => compilePattern(chosen).parseToEpochMicros(text, zone)),
            outcome(() => general.parseToEpochMicros(text, zone)),
            `${chosen} | ${text}`,
          );
        }
      }),
      { numRuns: 5_000 },
    );
  });
});

function byJoda(chosen: string, text: string): number {
  const local = LocalDateTime.parse(text, DateTimeFormatter.ofPattern(chosen));
  return local.toEpochSecond(ZoneOffset.UTC) * 1000 + Math.floor(local.nano() / 1_000_000);
}

/** What comes out, or the words of the error up to where the two libraries word it differently. */
function outcome(action: () => number): number | string {
  try {
    return action();
  } catch (error) {
    const words =
      /^Text '.*?' could not be parsed(?: at index \d+|, unparsed text found at index \d+)?/s.exec(
        (error as Error).message,
      );
    return words?.[0] ?? String(error);
  }
}
