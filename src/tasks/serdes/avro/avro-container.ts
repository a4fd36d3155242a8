import { randomBytes } from "node:crypto";
import avro from "avsc";
import type { Decimal } from "../ion/ion-value.ts";
import type { AvroRecord } from "./avro-schema.ts";
import { avscSchema, ownEnums } from "./avsc-schema.ts";
import { bigLong } from "./big-long.ts";
import { ConversionFailure } from "./conversion-failure.ts";

/** Writes an Avro object container file, uncompressed, from batches of records of `convert-value.ts`. */
export async function* avroContainer(
  schema: AvroRecord,
  batches: AsyncIterable<Record<string, unknown>[]>,
): AsyncGenerator<Buffer> {
  const type = avro.Type.forSchema(avscSchema(schema.json), {
    wrapUnions: "always",
    typeHook: longsAndEnums(),
  });
  const sync = randomBytes(16);
  yield header(schema, sync);
  const writer: BlockWriter = { buffer: Buffer.allocUnsafeSlow(2 * BLOCK_SIZE), at: 0, count: 0 };
  for await (const batch of batches) {
    for (const record of batch) {
      append(writer, type, record);
      if (writer.at >= BLOCK_SIZE) yield takeBlock(writer, sync);
    }
  }
  if (writer.count > 0) yield takeBlock(writer, sync);
}

/** A decimal as Avro holds it: the bytes of its unscaled value, as few as will do or as many as the type has. */
export function decimalBytes(
  { unscaled }: Decimal,
  { fixed }: { fixed?: { name: string; size: number } },
): Buffer {
  let size = fixed?.size ?? 1;
  while (!fixed && BigInt.asIntN(8 * size, unscaled) !== unscaled) size++;
  if (BigInt.asIntN(8 * size, unscaled) !== unscaled) {
    throw new ConversionFailure(`The decimal does not fit into ${size} bytes`);
  }
  return Buffer.from(
    BigInt.asUintN(8 * size, unscaled)
      .toString(16)
      .padStart(2 * size, "0"),
    "hex",
  );
}

// Java's writer makes blocks of 64 kB; they are the unit in which a reader skips.
const BLOCK_SIZE = 64 * 1024;

interface BlockWriter {
  buffer: Buffer;
  at: number;
  count: number;
}

function append(writer: BlockWriter, type: avro.Type, record: Record<string, unknown>) {
  let end = type.encode(record, writer.buffer, writer.at);
  while (end < 0) {
    // It did not fit; avsc tells how much is missing.
    const larger = Buffer.allocUnsafeSlow(writer.buffer.length * 2 - end);
    writer.buffer.copy(larger, 0, 0, writer.at);
    writer.buffer = larger;
    end = type.encode(record, writer.buffer, writer.at);
  }
  writer.at = end;
  writer.count++;
}

/** A block: how many records, how many bytes, the records, the sync marker. */
function takeBlock(writer: BlockWriter, sync: Buffer): Buffer {
  const block = Buffer.concat([
    LONG.toBuffer(writer.count),
    LONG.toBuffer(writer.at),
    writer.buffer.subarray(0, writer.at),
    sync,
  ]);
  writer.at = 0;
  writer.count = 0;
  return block;
}

const LONG = avro.Type.forSchema("long");
const METADATA = avro.Type.forSchema({ type: "map", values: "bytes" });

function header(schema: AvroRecord, sync: Buffer): Buffer {
  const metadata = {
    "avro.schema": Buffer.from(JSON.stringify(schema.json)),
    "avro.codec": Buffer.from("null"),
  };
  return Buffer.concat([Buffer.from("Obj\x01"), METADATA.toBuffer(metadata), sync]);
}

/**
 * Longs beyond 2^53 come as bigint, which avsc takes only in a type of its own. That one is slower, so timestamps of
 * milliseconds, which never get there, keep the plain one.
 */
function longsAndEnums() {
  const long = bigLong();
  return (schema: unknown, options: unknown): avro.Type | undefined => {
    const node = schema as { type?: unknown; logicalType?: unknown };
    const isMillis = node.logicalType === "timestamp-millis" || node.logicalType === "local-timestamp-millis";
    return schema === "long" || (node.type === "long" && !isMillis) ? long : ownEnums(schema, options);
  };
}
