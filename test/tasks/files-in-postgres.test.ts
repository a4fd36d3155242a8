import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, describe, it } from "node:test";
import { createPostgresStorage } from "../../src/storage/postgres-storage.ts";
import { archiveDecompress } from "../../src/tasks/compress/archive-decompress.ts";
import { download } from "../../src/tasks/http/download.ts";
import { anAttempt } from "../storage/an-attempt.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { zipOf } from "./compress/zip-writer.ts";
import { anHttpServer } from "./http/http-server.ts";
import { aTaskContext, runTask, type TestContext } from "./task-context.ts";

describe("tasks whose files are in Postgres", () => {
  let db: TestDatabase;
  before(async () => {
    db = await testDatabase();
  });
  const aContext = async (signal = new AbortController().signal): Promise<TestContext> =>
    aTaskContext({ storage: createPostgresStorage(db.pool), place: await anAttempt(db.pool), signal });
  const countFiles = async (context: TestContext) => {
    const { rows } = await db.pool.query<{ files: number; chunks: number; references: number }>(
      `select
        (select count(*)::integer from reprise.files where attempt_id = $1) as files,
        (select count(*)::integer from reprise.file_references where attempt_id = $1) as references,
        (select count(*)::integer from reprise.file_chunks c
          where not exists (select from reprise.files f where f.id = c.file_id and f.state = 'STORED')) as chunks`,
      [context.place.attemptId],
    );
    return rows[0];
  };

  it("hand a downloaded archive on, and what is in it", async () => {
    const csv = "ride_id,rideable_type\n".repeat(100_000);
    const archive = zipOf(
      { name: "202406-divvy-tripdata.csv", data: csv },
      { name: "__MACOSX/._x", data: "mac" },
    );
    await using server = await anHttpServer((_, response) => response.end(archive));
    await using first = await aContext();
    await using second = await aContext();

    const { uri } = await runTask(download, { uri: `${server.url}/202406-divvy-tripdata.zip` }, first);
    const { files } = await runTask(archiveDecompress, { from: uri, algorithm: "ZIP" }, second);

    assert.equal((await second.take(files["202406-divvy-tripdata.csv"] ?? "")).toString(), csv);
    assert.deepEqual(await countFiles(first), { files: 1, chunks: 0, references: 1 });
    assert.deepEqual(await countFiles(second), { files: 2, chunks: 0, references: 2 });
  });

  it("leave nothing in the tables when a download is killed", async () => {
    const kill = new AbortController();
    await using server = await anHttpServer((_, response) => {
      response.writeHead(200, { "content-length": 50_000_000 });
      response.write(randomBytes(8_000_000), () => kill.abort(new Error("killed")));
    });
    await using context = await aContext(kill.signal);

    await assert.rejects(runTask(download, { uri: server.url }, context), { message: "killed" });

    assert.deepEqual(await countFiles(context), { files: 0, chunks: 0, references: 0 });
  });

  it("leave nothing in the tables when an archive turns out bad at its end", async () => {
    await using context = await aContext();
    const archive = zipOf({ name: "good", data: randomBytes(3_000_000) }, { name: "bad", data: "x", crc: 1 });
    const from = await context.give("archive.zip", archive);

    await assert.rejects(runTask(archiveDecompress, { from, algorithm: "ZIP" }, context), {
      reason: "archive_invalid",
    });

    assert.deepEqual(await countFiles(context), { files: 1, chunks: 0, references: 1 });
  });
});
