import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Duration, LocalTime } from "@js-joda/core";
import fc from "fast-check";
import { testDatabase } from "../../support/database.ts";

const db = await testDatabase();

/** What an input of a type makes of texts, many at once. */
async function kept(type: string, texts: string[]): Promise<(string | null)[]> {
  const { rows } = await db.pool.query<{ value: string | null }>(
    `select c.value #>> '{}' as value
    from unnest($2::text[]) with ordinality as given (text, place)
    cross join lateral reprise_engine.check_input(jsonb_build_object('type', $1::text), to_json(given.text)) as c
    order by given.place`,
    [type, texts],
  );
  return rows.map(({ value }) => value);
}

const runs = { numRuns: 20 };

describe("inputs that are times", () => {
  it("keep a moment as a moment in UTC", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            at: fc.date({ min: new Date("0002-01-01"), max: new Date("9998-01-01"), noInvalidDate: true }),
            hours: fc.integer({ min: -15, max: 15 }),
          }),
          { minLength: 1, maxLength: 50 },
        ),
        async (moments) => {
          const texts = moments.map(({ at, hours }) => {
            const local = new Date(at.getTime() + hours * 3_600_000).toISOString().slice(0, -1);
            return `${local}${hours < 0 ? "-" : "+"}${String(Math.abs(hours)).padStart(2, "0")}:00`;
          });
          const expected = moments.map(({ at }) => at.toISOString().replace(".000Z", "Z"));
          assert.deepEqual(await kept("DATETIME", texts), expected);
        },
      ),
      runs,
    ));

  it("keep a time of day to the nanosecond", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.bigInt({ min: 0n, max: 86_399_999_999_999n }), { minLength: 1, maxLength: 50 }),
        async (nanos) => {
          const times = nanos.map((nano) => LocalTime.ofNanoOfDay(Number(nano)));
          const again = (await kept("TIME", times.map(String))).map((text) => LocalTime.parse(String(text)));
          assert.deepEqual(again.map(String), times.map(String));
        },
      ),
      runs,
    ));

  it("keep a duration as its seconds, and take what Java takes", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom(..."PTDHMS+-.059p"), maxLength: 12 }), {
          minLength: 200,
          maxLength: 200,
        }),
        fc.array(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), { minLength: 1, maxLength: 50 }),
        async (wild, millis) => {
          const tame = millis.map((ms) => Duration.ofMillis(ms).toString());
          const texts = [...wild.map((text) => `P${text}`), ...tame];
          const expected = texts.map(secondsOf);
          assert.deepEqual(
            (await kept("DURATION", texts)).map((each) => (each === null ? null : rounded(Number(each)))),
            expected,
          );
        },
      ),
      runs,
    ));
});

function secondsOf(text: string): number | null {
  try {
    const duration = Duration.parse(text);
    return rounded(duration.seconds() + duration.nano() / 1e9);
  } catch {
    return null;
  }
}

/** To the microsecond, since sums of doubles are not exact; and there is one zero. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6 + 0;
}
