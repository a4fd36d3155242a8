import avro from "avsc";
import { TaskError } from "../../task-type.ts";
import { decompressBlock } from "./avro-codec.ts";
import { type AvroRecord, parseAvroSchema } from "./avro-schema.ts";
import { avscSchema, ownTypes } from "./avsc-schema.ts";
import { bigLong } from "./big-long.ts";

/** An Avro object container file as it streams by: its schema, and then its records as avsc has them. */
export interface AvroFile {
  schema: AvroRecord;
  /** Unions as in `convert-value.ts`, longs as bigint. */
  records: AsyncGenerator<Record<string, unknown>[]>;
}

const MAGIC = Buffer.from("Obj\x01");
const SYNC_SIZE = 16;
// A schema of a thousand fields has some hundred kilobytes.
const MAX_HEADER = 16 * 1024 * 1024;
// Writers make blocks of 64 kB; a block has to fit into memory whole.
const MAX_BLOCK = 128 * 1024 * 1024;
// A millisecond or so of work.
const BATCH_SIZE = 500;

/** Reads the header of a file, and prepares the reading of its records. */
export async function readAvroFile(source: AsyncIterable<Uint8Array>): Promise<AvroFile> {
  const bytes = byteReader(source);
  const { metadata, sync } = await readHeader(bytes);
  const codec = metadata["avro.codec"]?.toString() ?? "null";
  const schema = parseAvroSchema(metadata["avro.schema"]?.toString() ?? "");
  const type = avro.Type.forSchema(avscSchema(schema.json), {
    wrapUnions: "always",
    typeHook: longsAndMaps(),
  });
  return { schema, records: readBlocks(bytes, { codec, sync, type }) };
}

/** Longs are read as bigint, also those of logical types. */
function longsAndMaps() {
  const long = bigLong();
  return (schema: unknown, options: unknown): avro.Type | undefined => {
    const isLong = schema === "long" || (schema as { type?: unknown }).type === "long";
    return isLong ? long : ownTypes(schema, options);
  };
}

async function readHeader(bytes: ByteReader) {
  const type = avro.Type.forSchema({
    type: "record",
    name: "Header",
    fields: [{ name: "metadata", type: { type: "map", values: "bytes" } }],
  });
  const magic = await bytes.peek(MAGIC.length);
  if (!magic.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw unreadable(magic.length === 0 ? "the file is empty" : "it does not begin as an Avro file does");
  }
  bytes.skip(MAGIC.length);
  // How long the header is is known once it can be read.
  for (let size = 4096; ; size *= 4) {
    const head = await bytes.peek(size);
    const { value, offset } = tryDecode(type, head);
    if (offset > 0 && offset + SYNC_SIZE <= head.length) {
      const sync = Buffer.from(head.subarray(offset, offset + SYNC_SIZE));
      bytes.skip(offset + SYNC_SIZE);
      return { metadata: (value as { metadata: Record<string, Buffer | undefined> }).metadata, sync };
    }
    if (head.length < size || size > MAX_HEADER) throw unreadable("its header is damaged");
  }
}

function tryDecode(type: avro.Type, bytes: Buffer): { value: unknown; offset: number } {
  try {
    return type.decode(bytes, 0);
  } catch {
    return { value: undefined, offset: -1 };
  }
}

async function* readBlocks(
  bytes: ByteReader,
  { codec, sync, type }: { codec: string; sync: Buffer; type: avro.Type },
): AsyncGenerator<Record<string, unknown>[]> {
  while ((await bytes.peek(1)).length > 0) {
    const count = await readSize(bytes);
    const size = await readSize(bytes);
    if (size > MAX_BLOCK) throw unreadable(`a block of it has ${size} bytes; ${MAX_BLOCK} are the most`);
    const block = await bytes.peek(size + SYNC_SIZE);
    if (block.length < size + SYNC_SIZE) throw unreadable("it ends in the middle of a block");
    if (!block.subarray(size, size + SYNC_SIZE).equals(sync)) throw unreadable("a block of it is damaged");
    const data = await decompressBlock(codec, block.subarray(0, size), MAX_BLOCK);
    bytes.skip(size + SYNC_SIZE);
    yield* decodeBlock(type, data, count);
  }
}

function* decodeBlock(type: avro.Type, data: Buffer, count: number): Generator<Record<string, unknown>[]> {
  let batch: Record<string, unknown>[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    const { value, offset } = tryDecode(type, at === 0 ? data : data.subarray(at));
    if (offset < 0) throw unreadable("a block of it holds fewer records than it says");
    at += offset;
    batch.push(value as Record<string, unknown>);
    if (batch.length < BATCH_SIZE) continue;
    yield batch;
    batch = [];
  }
  if (at !== data.length) throw unreadable("a block of it holds more than its records");
  if (batch.length > 0) yield batch;
}

/** A long in Avro's form: seven bits a byte, the sign in the lowest. */
async function readSize(bytes: ByteReader): Promise<number> {
  const head = await bytes.peek(10);
  let value = 0;
  for (let index = 0; index < head.length && index < 7; index++) {
    const byte = head[index] as number;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte >= 0x80) continue;
    bytes.skip(index + 1);
    if (value % 2 === 1) break;
    return value / 2;
  }
  throw unreadable("a block of it has no length");
}

function unreadable(problem: string): TaskError {
  return new TaskError("avro_invalid", `Failed to read Avro record: ${problem}.`);
}

interface ByteReader {
  /** So many bytes from here on, or as many as there are. They are good until the next call. */
  peek(size: number): Promise<Buffer>;
  skip(size: number): void;
}

function byteReader(source: AsyncIterable<Uint8Array>): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let pending: Buffer = Buffer.alloc(0);
  let isDone = false;
  return {
    async peek(size) {
      const pieces: Uint8Array[] = [];
      let length = pending.length;
      while (length < size && !isDone) {
        const { value, done } = await iterator.next();
        isDone = done === true;
        if (done) break;
        // A copy, because the source may use its buffer again.
        pieces.push(Uint8Array.from(value));
        length += value.length;
      }
      if (pieces.length > 0) pending = Buffer.concat([pending, ...pieces]);
      return pending.subarray(0, size);
    },
    skip(size) {
      pending = pending.subarray(size);
    },
  };
}
