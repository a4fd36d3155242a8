import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, beforeEach, describe, it } from "node:test";
import { callOne } from "../../src/db/call.ts";
import { createPostgresStorage } from "../../src/storage/postgres-storage.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { anAttempt, endAttempt } from "./an-attempt.ts";
import { inPieces, itIsAStorage, type Subject } from "./storage-conformance.ts";

describe("createPostgresStorage", () => {
  let db: TestDatabase;
  let subject: Subject;
  before(async () => {
    db = await testDatabase();
  });
  beforeEach(async () => {
    const storage = createPostgresStorage(db.pool);
    subject = { storage, place: await anAttempt(db.pool), countLeft: () => countRows(db) };
  });
  const put = (content: Buffer) =>
    subject.storage.put({ ...subject.place, name: "data.ion" }, inPieces(content, 100_000));

  itIsAStorage(() => subject);

  it("keeps text compressed, and says how much room it takes", async () => {
    const content = Buffer.from("7569BC890583FCD7,classic_bike,2024-01-21 20:54:31.000\n".repeat(60_000));
    const { uri } = await put(content);
    const { rows } = await db.pool.query(
      `select f.size, f.stored_size, f.chunk_count, f.state, f.attempt_id, r.attempt_id as reference, sum(length(c.data)) as bytes
      from reprise.files f
      join reprise.file_references r on r.file_id = f.id
      join reprise.file_chunks c on c.file_id = f.id
      where f.uri = $1
      group by f.id, r.attempt_id`,
      [uri],
    );
    const { attemptId } = subject.place;
    assert.deepEqual(rows, [
      {
        size: String(content.length),
        stored_size: rows[0]?.bytes,
        chunk_count: Math.ceil(content.length / 1024 ** 2),
        state: "STORED",
        attempt_id: attemptId,
        reference: attemptId,
        bytes: rows[0]?.bytes,
      },
    ]);
    assert.ok(Number(rows[0]?.bytes) < content.length / 10);
  });

  it("refuses the files of an attempt that is over", async () => {
    await endAttempt(db.pool, subject.place.attemptId, "FAILED");
    const before = await countRows(db);
    await assert.rejects(put(Buffer.from("x")), { code: "RP409", reason: "attempt_not_running" });
    assert.equal(await countRows(db), before);
  });

  it("refuses a file whose attempt ends while it is written", async () => {
    const before = await countRows(db);
    const content = async function* () {
      yield randomBytes(3_000_000);
      await endAttempt(db.pool, subject.place.attemptId, "FAILED");
    };
    await assert.rejects(subject.storage.put({ ...subject.place, name: "x" }, content()), {
      reason: "attempt_not_running",
    });
    assert.equal(await countRows(db), before);
  });

  it("stops writing when the file is taken away from under it", async () => {
    const content = async function* () {
      yield randomBytes(3_000_000);
      await db.pool.query("delete from reprise.files where attempt_id = $1", [subject.place.attemptId]);
      for (;;) yield randomBytes(1_000_000);
    };
    await assert.rejects(subject.storage.put({ ...subject.place, name: "x" }, content()), {
      reason: "file_not_writing",
    });
  });

  it("hides a file that is still being written", async () => {
    let seen: unknown;
    const content = async function* () {
      yield Buffer.from("x");
      const { rows } = await db.pool.query("select uri from reprise.files where attempt_id = $1", [
        subject.place.attemptId,
      ]);
      seen = await subject.storage.stat(rows[0]?.uri).catch((error: unknown) => error);
    };
    await subject.storage.put({ ...subject.place, name: "x" }, content());
    assert.equal((seen as { reason: string }).reason, "file_not_found");
  });

  it("does not take back what an attempt has given as an output", async () => {
    const { uri } = await put(Buffer.from("x"));
    await endAttempt(db.pool, subject.place.attemptId, "SUCCESS");
    await subject.storage.remove(uri);
    assert.equal((await subject.storage.stat(uri)).size, 1);
  });

  it("says so when a file is removed while it is read", async () => {
    const { uri } = await put(randomBytes(8_000_000));
    const reading = async () => {
      for await (const _ of subject.storage.get(uri)) await subject.storage.remove(uri);
    };
    await assert.rejects(reading(), { code: "RP404", reason: "file_not_found" });
  });
});

describe("reprise_engine.append_file_chunks", () => {
  it("takes several chunks at once, and refuses a number that is taken", async () => {
    const db = await testDatabase();
    const { attemptId } = await anAttempt(db.pool);
    const file_id = "0193e4f0-0000-4000-8000-000000000000";
    const file = { file_id, uri: "kestra:///x", name: "x", chunk_size: 2, attempt_id: attemptId };
    await callOne(db.pool, "reprise_engine.open_file", file);

    const chunks = { file_id, first_number: 0, lengths: [2, 1], data: Buffer.from("abc") };
    await callOne(db.pool, "reprise_engine.append_file_chunks", chunks);

    const { rows } = await db.pool.query(
      "select number, data from reprise.file_chunks where file_id = $1 order by 1",
      [file_id],
    );
    assert.deepEqual(rows, [
      { number: 0, data: Buffer.from("ab") },
      { number: 1, data: Buffer.from("c") },
    ]);
    await assert.rejects(callOne(db.pool, "reprise_engine.append_file_chunks", chunks), { code: "23505" });
    await assert.rejects(callOne(db.pool, "reprise_engine.seal_file", { file_id, size: 5, chunk_count: 3 }), {
      reason: "file_not_writing",
    });
    await callOne(db.pool, "reprise_engine.seal_file", { file_id, size: 3, chunk_count: 2 });
    await assert.rejects(
      callOne(db.pool, "reprise_engine.append_file_chunks", { ...chunks, first_number: 2 }),
      {
        reason: "file_not_writing",
      },
    );
  });
});

async function countRows(db: TestDatabase): Promise<number> {
  const { rows } = await db.pool.query<{ count: string }>(
    "select (select count(*) from reprise.files) + (select count(*) from reprise.file_chunks) as count",
  );
  return Number(rows[0]?.count);
}
