import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseTemplate } from "../../../src/expression/template.ts";

/** Formats that say all there is of a moment, down to the microsecond, the millisecond or the second. */
const formats: Record<string, number> = {
  iso: 1,
  iso_milli: 1_000,
  iso_sec: 1_000_000,
  iso_zoned_date_time: 1,
  iso_instant: 1,
  "yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx": 1,
  "d MMMM uuuu, hh:mm:ss.SSS a XXX": 1_000,
  "EEEE, d. MMM yyyy HH 'Uhr' mm:ss[ VV]": 1_000_000,
  yyyyDDDHHmmssZ: 1_000_000,
  "H:m:s d/M/y VV": 1_000_000,
  "g ppppH:ppm:pps XXX": 1_000_000,
  "GGGG y MM dd HHmmss.SSS xxx": 1_000,
  rfc_1123_date_time: 1_000_000,
};

const zones = fc.constantFrom(
  "UTC",
  "Europe/Paris",
  "America/New_York",
  "Asia/Kolkata",
  "Pacific/Apia",
  "+05:30",
);
/** Microseconds between 1970 and 2100. */
const moment = fc
  .integer({ min: 0, max: 4_102_444_799 })
  .chain((second) =>
    fc.integer({ min: 0, max: 999_999 }).map((micro) => BigInt(second) * 1_000_000n + BigInt(micro)),
  );

const render = (template: string, context: Record<string, unknown>) =>
  parseTemplate(template).render(context);

/** Whether no other moment has the same local time: none whose clock is set back in the hours around it. */
function isToldByItsClock(micros: bigint, zone: string): boolean {
  const clock = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  const offsets = [-3, 3].map((hours) => {
    const parts = clock.formatToParts(Number(micros / 1000n) + hours * 3_600_000);
    return parts.find(({ type }) => type === "timeZoneName")?.value;
  });
  return offsets[0] === offsets[1];
}

describe("a date that is formatted", () => {
  for (const [format, precision] of Object.entries(formats)) {
    it(`and parsed again is the same: ${format}`, () => {
      fc.assert(
        fc.property(moment, zones, (micros, zone) => {
          fc.pre(/x|X|Z|iso|rfc/.test(format) || isToldByItsClock(micros, zone));
          const kept = micros - (micros % BigInt(precision));
          const context = {
            nanos: `${micros / 1_000_000n}`,
            fraction: Number(micros % 1_000_000n),
            format,
            zone,
          };
          const iso = new Date(Number(micros / 1000n))
            .toISOString()
            .replace(/\.\d+Z$/, `.${String(micros % 1_000_000n).padStart(6, "0")}Z`);
          const text = render("{{ iso | date(format, timeZone=zone) }}", { ...context, iso });
          const back = render("{{ text | timestampMicro(existingFormat=format, timeZone=zone) }}", {
            ...context,
            text,
          });
          assert.equal(BigInt(back), kept, `${iso} as ${text}`);
        }),
        { numRuns: 150 },
      );
    });
  }

  it("in local time is the same but where the clock is set back", () => {
    fc.assert(
      fc.property(moment, (micros) => {
        const iso = new Date(Number(micros / 1000n)).toISOString();
        const text = render("{{ iso | date('sql_milli', timeZone='UTC') }}", { iso });
        const back = render("{{ text | date('iso_instant', existingFormat='sql_milli', timeZone='UTC') }}", {
          text,
        });
        assert.equal(Date.parse(back), Date.parse(iso));
      }),
      { numRuns: 300 },
    );
  });

  it("and moved forth and back by days, hours or seconds is the same", () => {
    fc.assert(
      fc.property(
        moment,
        fc.integer({ min: -5000, max: 5000 }),
        fc.constantFrom("DAYS", "HOURS", "SECONDS", "WEEKS"),
        (micros, amount, unit) => {
          const iso = new Date(Number(micros / 1000n)).toISOString();
          const moved = render(
            `{{ iso | dateAdd(amount, unit, timeZone='UTC') | dateAdd(-1 * amount, unit, 'iso_instant', timeZone='UTC') }}`,
            { iso, amount, unit },
          );
          assert.equal(Date.parse(moved), Date.parse(iso));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("a value that is written as JSON, YAML or Ion", () => {
  const value = fc.jsonValue({ maxDepth: 4 }).map((made) => withoutNulls(made));

  for (const [write, read] of [
    ["toJson", "fromJson"],
    ["toIon", "fromIon"],
  ] as const) {
    it(`and read again is the same: ${write}`, () => {
      fc.assert(
        fc.property(value, (made) => {
          const back = parseTemplate(`{{ ${read}(made | ${write}) }}`).renderTyped({ made });
          assert.deepEqual(back, JSON.parse(JSON.stringify(made)), JSON.stringify(made));
        }),
        { numRuns: 500 },
      );
    });
  }
});

/** What JSON leaves out of maps; -0 and the like of it are no values of JSON either. */
function withoutNulls(made: unknown): unknown {
  if (Array.isArray(made)) return made.map(withoutNulls);
  if (typeof made === "number") return Object.is(made, -0) || Math.abs(made) > 1e15 ? 0 : made;
  if (typeof made !== "object" || made === null) return made;
  const entries = Object.entries(made).filter(([key, inner]) => inner !== null && key !== "__proto__");
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNulls(inner)]));
}
