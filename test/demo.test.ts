import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { packageRoot } from "../src/base/version.ts";
import { makeUpRides, noFacts } from "../src/cli/demo/made-up-rides.ts";
import { runCli, runJson } from "./cli/run-cli.ts";
import { testDatabase } from "./support/database.ts";

const db = await testDatabase();
const url = db.connectionString;

describe("the two texts of the story", () => {
  // Of the code blocks in the documentation that the story comes from.
  const hashes = {
    "divvy_tripdata-1.yaml": "c9f477d86a78a127b073a7dd0b1443220a4059d07750159cbf9d0419b5b5bd3b",
    "divvy_tripdata-2.yaml": "d6b8a5958ed6b6bbbcd3ec1ae5c2f3178ab3ed93aa759211fefc5c12cd619904",
  };

  for (const [name, hash] of Object.entries(hashes)) {
    it(`are as they were given, byte for byte: ${name}`, async () => {
      const bytes = await readFile(join(packageRoot, "examples", name));
      assert.equal(createHash("sha256").update(bytes).digest("hex"), hash);
    });
  }
});

describe("made-up rides", () => {
  it("have the real data's form, and are the same each time", () => {
    const facts = noFacts();
    const lines = [...makeUpRides("202402", 20_000, facts)].join("").split("\n");
    assert.equal(lines.length, 20_002);
    assert.match(
      lines[1] ?? "",
      /^[0-9A-F]{16},\w+,2024-02-01 00:0\d:\d\d\.\d{3},2024-02-01 0\d:\d\d:\d\d\.\d{3},.*,(member|casual)$/,
    );
    assert.ok(lines.some((line) => /,"Public Rack - Pulaski Rd, South",915,/.test(line)));
    assert.equal(lines.filter((line) => /,,,[\d.,-]+,,,(member|casual)$/.test(line)).length, facts.emptyEnds);
    assert.ok(facts.emptyEnds > 0 && facts.commaNames > 0);
    assert.equal([...makeUpRides("202402", 20_000, noFacts())].join(""), lines.join("\n"));
  });
});

describe("reprise demo", () => {
  it("plays the story in a database where no worker runs, and says all of it in one document", async () => {
    const story = await runJson(["demo", "--rows", "2500"], { url });
    assert.equal(story.isAsItShouldBe, true);
    assert.equal(story.worker, "own");
    assert.deepEqual(
      [story.revisions.failing.revision, story.revisions.corrected.revision, story.revisions.corrected.isNew],
      [1, 2, true],
    );
    assert.match(story.original.taskRuns[3].error.message, /could not be parsed at index 2/);
    assert.deepEqual(
      story.plan.tasks.map(({ disposition }: { disposition: string }) => disposition),
      ["CARRIED", "CARRIED", "CARRIED", "RERUN"],
    );
    assert.deepEqual(
      [story.replay.state, story.replay.attemptNumber, story.replay.flowRevision, story.replay.originalId],
      ["SUCCESS", 2, 2, story.original.id],
    );
    assert.equal(story.parquet.rows, 2500);
    const { rows } = await db.pool.query("select from reprise.workers where state = 'RUNNING'");
    assert.equal(rows.length, 0);
  });

  it("tells it to a person, and makes no revisions that are there already", async () => {
    const { stdout, stderr, code } = await runCli(["demo", "--rows", "300"], { url });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /✗ to_parquet: Row 1, field started_at:/);
    assert.match(stdout, /^ {3}\+ {4}datetimeFormat: "yyyy-MM-dd HH:mm:ss\.SSS"$/m);
    assert.match(stdout, /On revision 2: 3 carried, 1 to run/);
    assert.match(stdout, /^ {3}get_zipfile +SUCCESS carried +1 +1 /m);
    assert.match(stdout, /^ {3}to_parquet +SUCCESS +2 +2 /m);
    assert.match(stdout, /^ {3}convert +SUCCESS +#1 +◇ carried, attempt 1 of revision 1/m);
    assert.match(stdout, /execution attempt 2, revision 2, replays /);
    assert.doesNotMatch(stdout, /✗ (?!to_parquet)/);
  });

  it("leaves a file that can be fetched", async () => {
    const [replay] = await runJson(["execution", "list", "--limit", "1"], { url });
    const { tasks } = await runJson(["execution", "outputs", replay.id, "--task", "to_parquet"], { url });
    const { stdout, code } = await runCli(["file", "get", tasks[0].outputs.uri], { url });
    assert.equal(code, 0);
    assert.equal(stdout.slice(0, 4), "PAR1");
    const folder = await mkdtemp(join(tmpdir(), "reprise-get-"));
    const fetched = await runJson(["file", "get", tasks[0].outputs.uri, "-o", folder], { url });
    assert.equal(fetched.path, join(folder, fetched.name));
    assert.equal((await stat(fetched.path)).size, fetched.size);
    const nowhere = join(folder, "none", "x");
    const { error } = await runJson(["file", "get", tasks[0].outputs.uri, "-o", nowhere], { url }, 3);
    assert.equal(error.reason, "folder_not_found");
    await rm(folder, { recursive: true });
  });
});
