import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { it } from "node:test";
import type { FilePlace, Storage } from "../../src/storage/storage.ts";

/** What a storage must be given to be tested. */
export interface Subject {
  storage: Storage;
  place: Omit<FilePlace, "name">;
  /** What it holds, complete or not, as the number of files, rows or whatever it keeps them in. */
  countLeft(): Promise<number>;
}

const MEBIBYTE = 1024 * 1024;

/** What every storage promises. */
export function itIsAStorage(subject: () => Subject): void {
  const put = (content: AsyncIterable<Uint8Array>, name = "data.ion", signal?: AbortSignal) =>
    subject().storage.put({ ...subject().place, name }, content, signal);
  const take = async (uri: string, range?: { start?: number; end?: number }) =>
    Buffer.concat(await Array.fromAsync(subject().storage.get(uri, undefined, range)));

  for (const size of [0, 1, MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1, 5 * MEBIBYTE + 7]) {
    it(`gives back a file of ${size} bytes, whatever pieces it came in`, async () => {
      const content = randomBytes(size);
      const { uri, size: stored } = await put(inPieces(content, 77_777));
      assert.equal(stored, size);
      assert.ok((await take(uri)).equals(content));
      assert.deepEqual(await subject().storage.stat(uri), { uri, name: "data.ion", size });
    });
  }

  it("gives back text that compresses well", async () => {
    const content = Buffer.from("7569BC890583FCD7,classic_bike,2024-01-21 20:54:31.000\n".repeat(60_000));
    const { uri } = await put(inPieces(content, 1_000_000));
    assert.ok((await take(uri)).equals(content));
  });

  it("takes pieces whose buffer the source uses again", async () => {
    const content = randomBytes(3 * MEBIBYTE);
    const buffer = Buffer.alloc(100_000);
    const { uri } = await put(
      (async function* () {
        for (let at = 0; at < content.length; at += buffer.length) {
          yield buffer.subarray(0, content.copy(buffer, 0, at));
        }
      })(),
    );
    assert.ok((await take(uri)).equals(content));
  });

  it("gives any part of a file", async () => {
    const content = randomBytes(2 * MEBIBYTE + 500);
    const { uri } = await put(inPieces(content, 65_536));
    const ranges = [
      { end: 10 },
      { start: MEBIBYTE - 5, end: MEBIBYTE + 5 },
      { start: MEBIBYTE, end: 2 * MEBIBYTE },
      { start: 2 * MEBIBYTE + 490, end: 9 * MEBIBYTE },
      { start: 9 * MEBIBYTE },
      { start: 5, end: 5 },
    ];
    for (const range of ranges) {
      assert.ok(
        (await take(uri, range)).equals(content.subarray(range.start ?? 0, range.end)),
        JSON.stringify(range),
      );
    }
  });

  it("names files by where they belong, and each differently", async () => {
    const { executionId, taskRunId } = subject().place;
    const first = await put(inPieces(Buffer.from("1"), 1), "../my file (1).csv");
    const second = await put(inPieces(Buffer.from("2"), 1), "../my file (1).csv");
    const pattern = new RegExp(
      `^kestra:///company/team/[a-z0-9-]+/executions/${executionId}/tasks/unzip/${taskRunId}/[0-9a-f-]{36}-my_file_\\(1\\)\\.csv$`,
    );
    assert.match(first.uri, pattern);
    assert.match(second.uri, pattern);
    assert.notEqual(first.uri, second.uri);
    assert.equal((await take(first.uri)).toString(), "1");
  });

  it("copes with any name", async () => {
    for (const name of [
      "über ☂.csv",
      "",
      "..",
      "/",
      "a\0b\nc",
      `${"長".repeat(300)}.parquet`,
      "\ud800",
      "50%.csv",
    ]) {
      const { uri } = await put(inPieces(Buffer.from("x"), 1), name);
      assert.equal((await take(uri)).toString(), "x", name);
      assert.equal((await subject().storage.stat(uri)).size, 1);
      assert.match(uri, /^[\x21-\x7e]+$/);
    }
  });

  it("knows no file that it does not have", async () => {
    const { storage } = subject();
    const missing = { code: "RP404", reason: "file_not_found" };
    for (const uri of [
      "kestra:///company/team/nothing.csv",
      "kestra:///../../etc/passwd",
      "kestra:///%2e%2e/x",
      "no uri",
    ]) {
      await assert.rejects(Array.fromAsync(storage.get(uri)), missing);
      await assert.rejects(storage.stat(uri), missing);
    }
  });

  it("takes a file back", async () => {
    const before = await subject().countLeft();
    const { uri } = await put(inPieces(Buffer.from("x"), 1));
    await subject().storage.remove(uri);
    await subject().storage.remove(uri);
    await assert.rejects(subject().storage.stat(uri), { code: "RP404" });
    assert.equal(await subject().countLeft(), before);
  });

  it("keeps nothing when the source fails", async () => {
    const before = await subject().countLeft();
    const content = async function* () {
      yield randomBytes(3 * MEBIBYTE);
      throw new Error("the wire broke");
    };
    await assert.rejects(put(content()), { message: "the wire broke" });
    assert.equal(await subject().countLeft(), before);
  });

  it("keeps nothing when it is aborted, even when the source does not answer any more", async () => {
    const before = await subject().countLeft();
    const kill = new AbortController();
    const content = async function* () {
      yield randomBytes(3 * MEBIBYTE);
      setImmediate(() => kill.abort(new Error("killed")));
      await new Promise(() => undefined);
    };
    await assert.rejects(put(content(), "data.ion", kill.signal), { message: "killed" });
    await assert.rejects(put(inPieces(Buffer.from("x"), 1), "data.ion", kill.signal), { message: "killed" });
    assert.equal(await subject().countLeft(), before);
  });

  it("stops reading when it is aborted, and lets a reader leave early", async () => {
    const { uri } = await put(inPieces(randomBytes(4 * MEBIBYTE), 65_536));
    const kill = new AbortController();
    const reading = async () => {
      for await (const _ of subject().storage.get(uri, kill.signal)) kill.abort(new Error("killed"));
    };
    await assert.rejects(reading(), { message: "killed" });
    for await (const _ of subject().storage.get(uri)) break;
  });
}

/** A buffer as a stream of pieces of one size. */
export async function* inPieces(content: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}
