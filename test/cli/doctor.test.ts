import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { testDatabase } from "../support/database.ts";
import { runCli } from "./run-cli.ts";

const db = await testDatabase();

describe("reprise doctor", () => {
  it("tells of jobs that fail again and again, with what and how often", async () => {
    for (const [key, attempts, error] of [
      ["a", 25, "Cannot read it.\n    at once"],
      ["b", 4, "Cannot read it.\n    at another place"],
      ["c", 5, "The disk is full."],
      ["d", 1, "It happens."],
      ["e", 9, null],
    ] as const) {
      await db.pool.query("select graphile_worker.add_job('reprise.Assertions', job_key => $1)", [key]);
      const failed = "update graphile_worker._private_jobs set attempts = $2, last_error = $3 where key = $1";
      await db.pool.query(failed, [key, attempts, error]);
    }
    const { stdout } = await runCli(["doctor"], { url: db.connectionString });
    assert.deepEqual(stdout.match(/^warn {2}Jobs .*$/gm), [
      "warn  Jobs        2 jobs reprise.Assertions fail again and again, 25 times so far: Cannot read it.",
      "warn  Jobs        A job reprise.Assertions fails again and again, 5 times so far: The disk is full.",
    ]);
  });
});
