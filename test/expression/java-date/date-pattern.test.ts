import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DateTimeFormatter, LocalDateTime, ZoneOffset } from "@js-joda/core";
import fc from "fast-check";
import { DateTimeError } from "../../../src/expression/java-date/date-error.ts";
import { compilePattern } from "../../../src/expression/java-date/date-pattern.ts";
import { invalid, parsed, printed, refused } from "./date-pattern-cases.ts";

const iso = (pattern: string, text: string, zone = "UTC") =>
  new Date(compilePattern(pattern).parseToEpochMillis(text, zone)).toISOString();

describe("compilePattern", () => {
  for (const [pattern, text, instant, zone] of parsed) {
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

  for (const locale of ["en", "de", "fr", "es", "ja"]) {
    for (const pattern of ["h:mm B", "h:mm BBBB"]) {
      it(`reads every minute of a day that it prints by ${pattern} in ${locale}`, () => {
        const compiled = compilePattern(pattern, locale);
        const wrong = Array.from({ length: 1440 }, (_, minute) => minute).filter((minute) => {
          const text = compiled.formatEpochMillis(minute * 60_000, "UTC");
          return compiled.parseToNanoOfDay(text) !== minute * 60e9;
        });
        assert.deepEqual(wrong, []);
      });
    }
  }

  for (const pattern of ["YYYY-ww-e", "Y w EEE", "Y-'W'ww-c", "YYYY ww e E"]) {
    it(`reads the days of fifteen years that it prints by ${pattern}`, () => {
      const compiled = compilePattern(pattern);
      const days = Array.from({ length: 15 * 366 }, (_, day) => day + 15_000);
      const wrong = days.filter((day) => {
        const text = compiled.formatEpochMillis(day * 86_400_000, "UTC");
        return compiled.parseToEpochDay(text) !== day;
      });
      assert.deepEqual(wrong, []);
    });
  }

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
