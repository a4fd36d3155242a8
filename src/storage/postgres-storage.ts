import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import type { Pool } from "pg";
import { RepriseError } from "../base/errors.ts";
import { callOne } from "../db/call.ts";
import { abortable, chunksOf } from "./byte-stream.ts";
import { fileName, newFileUri, uploadUri } from "./file-uri.ts";
import { mapAhead } from "./map-ahead.ts";
import type { ByteRange, FilePlace, Storage, StoredFile } from "./storage.ts";

/** Keeps files in the tables `files` and `file_chunks`. It takes up to three connections for each file that moves. */
export function createPostgresStorage(db: Pool): Storage {
  return {
    put: (place, content, signal) => put(db, place, content, signal),
    get: (uri, signal, range) => abortable(get(db, uri, range), signal),
    async stat(uri) {
      const { name, size } = await callOne(db, "reprise_engine.find_file", { uri });
      return { uri, name, size: Number(size) };
    },
    async remove(uri) {
      await callOne(db, "reprise_engine.discard_file", { uri });
    },
  };
}

// Large enough that a round trip does not count, small enough that a few in flight are nothing.
const CHUNK_SIZE = 1024 * 1024;
// One is compressed while another is sent and a third is stored.
const CHUNKS_IN_FLIGHT = 3;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
// Level 1 makes text a third at several hundred megabytes a second; higher levels save little more.
const COMPRESSION = {
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
};

// Text comes out at a quarter; room for a whole chunk would mostly be cleared for nothing.
const COMPRESSED_STEP = 128 * 1024;

/** Room for a whole result, so that it is made in one go and not in steps of 16 KiB, each a trip to another thread. */
function roomFor(size: number): number {
  return Math.max(size + 1, constants.Z_MIN_CHUNK);
}

async function put(db: Pool, place: FilePlace, content: AsyncIterable<Uint8Array>, signal?: AbortSignal) {
  const file_id = randomUUID();
  const uri = newFileUri(place, file_id);
  const name = fileName(place.name);
  signal?.throwIfAborted();
  await callOne(db, "reprise_engine.open_file", {
    ...{ file_id, uri, name, chunk_size: CHUNK_SIZE, attempt_id: place.attemptId },
  });
  return await write(db, { file_id, uri, seal: "reprise_engine.seal_file" }, content, signal);
}

/** Streams in a file that is to be the input of an execution, and returns its URI. One that no execution takes goes after a day. */
export async function uploadFile(
  db: Pool,
  given: string,
  content: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<StoredFile> {
  const file_id = randomUUID();
  const name = fileName(given);
  const uri = uploadUri(file_id, name);
  signal?.throwIfAborted();
  await callOne(db, "reprise_engine.open_upload", { file_id, uri, name, chunk_size: CHUNK_SIZE });
  return await write(db, { file_id, uri, seal: "reprise_engine.seal_upload" }, content, signal);
}

/** A file that was opened, and what ends its writing. */
interface OpenFile {
  file_id: string;
  uri: string;
  seal: "reprise_engine.seal_file" | "reprise_engine.seal_upload";
}

async function write(
  db: Pool,
  { file_id, uri, seal }: OpenFile,
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<StoredFile> {
  try {
    let size = 0;
    let chunk_count = 0;
    const append = async (chunk: Buffer) => {
      const first_number = chunk_count++;
      size += chunk.length;
      const data = await compress(chunk, {
        ...COMPRESSION,
        chunkSize: Math.min(roomFor(chunk.length), COMPRESSED_STEP),
      });
      await callOne(db, "reprise_engine.append_file_chunks", {
        file_id,
        first_number,
        lengths: [data.length],
        data,
      });
    };
    const chunks = chunksOf(abortable(content, signal), CHUNK_SIZE);
    for await (const _ of mapAhead(chunks, CHUNKS_IN_FLIGHT, append)) signal?.throwIfAborted();

    await callOne(db, seal, { file_id, size, chunk_count });
    return { uri, size };
  } catch (error) {
    // Should this fail too, the file is still WRITING, and goes with its attempt.
    await callOne(db, "reprise_engine.discard_file", { uri }).catch(() => undefined);
    throw error;
  }
}

async function* get(db: Pool, uri: string, range: ByteRange = {}): AsyncGenerator<Uint8Array> {
  const file = await callOne(db, "reprise_engine.find_file", { uri });
  const start = Math.max(0, range.start ?? 0);
  const end = Math.min(Number(file.size), range.end ?? Infinity);
  if (start >= end) return;

  const fetch = async (number: number) => {
    const offset = number * file.chunk_size;
    const chunkSize = roomFor(Math.min(file.chunk_size, Number(file.size) - offset));
    const raw = await decompress(await fetchChunk(db, file.id, uri, number), { chunkSize });
    return raw.subarray(Math.max(0, start - offset), end - offset);
  };
  const numbers = integers(Math.floor(start / file.chunk_size), Math.ceil(end / file.chunk_size));
  yield* mapAhead(numbers, CHUNKS_IN_FLIGHT, fetch);
}

async function fetchChunk(db: Pool, file_id: string, uri: string, number: number): Promise<Buffer> {
  const data = await callOne(db, "reprise_engine.read_file_chunk", { file_id, number });
  if (data) return data;
  throw new RepriseError("RP404", "file_not_found", `The file ${uri} was removed while it was read.`);
}

function* integers(from: number, to: number): Generator<number> {
  for (let number = from; number < to; number++) yield number;
}
