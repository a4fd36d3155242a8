import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  clockText,
  countText,
  durationText,
  sizeText,
  timeText,
} from "../../../src/cli/present/figure-text.ts";

describe("figures for a person", () => {
  it("are durations in the units that fit", () => {
    const given = [0, 999, 1000, 59_940, 60_000, 250_000, 7_500_000, 200_000_000];
    assert.deepEqual(given.map(durationText), [
      "0 ms",
      "999 ms",
      "1.0 s",
      "59.9 s",
      "1 min 0 s",
      "4 min 10 s",
      "2 h 5 min",
      "2 d 7 h",
    ]);
    assert.equal(durationText(null), "");
  });

  it("are never rounded up to sixty seconds or a thousand bytes", () => {
    assert.deepEqual([999_949, 999_950, 999_999_999].map(sizeText), ["999.9 KB", "1.0 MB", "1.0 GB"]);
    assert.deepEqual([59_999, 119_999].map(durationText), ["1 min 0 s", "2 min 0 s"]);
  });

  it("are sizes and counts", () => {
    assert.deepEqual([0, 999, 1000, 290_900_000].map(sizeText), ["0 B", "999 B", "1.0 KB", "290.9 MB"]);
    assert.deepEqual(
      [0, 1, 2].map((count) => countText(count, "file")),
      ["0 files", "1 file", "2 files"],
    );
  });

  it("are times of this machine's time zone, in lists and in logs alike", (test) => {
    const zone = process.env.TZ;
    test.after(() => {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    });
    process.env.TZ = "Asia/Tokyo";
    const time = new Date("2026-01-31T20:00:00.123Z");
    assert.equal(timeText(time), "2026-02-01 05:00:00");
    assert.equal(clockText(time), "05:00:00.123");
  });
});
