import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { crc32, createDeflateRaw } from "node:zlib";

/**
 * Writes a ZIP archive of one file that streams in (APPNOTE.TXT 4.3), of at most 4 GB. The sizes are filled in at the end,
 * where they are known.
 */
export async function writeZip(path: string, name: string, content: Iterable<Buffer>): Promise<void> {
  await using file = await open(path, "wx");
  const nameBytes = Buffer.from(name);
  let size = 0;
  let checksum = 0;
  let packed = 0;
  const local = () => Buffer.concat([Buffer.from("PK\x03\x04"), common(), nameBytes]);
  const common = () => {
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0); // version to read it
    fields.writeUInt16LE(8, 4); // deflated
    fields.writeUInt32LE(checksum, 10);
    fields.writeUInt32LE(packed, 14);
    fields.writeUInt32LE(size, 18);
    fields.writeUInt16LE(nameBytes.length, 22);
    return fields;
  };

  const start = local().length;
  const counted = function* () {
    for (const piece of content) {
      size += piece.length;
      checksum = crc32(piece, checksum);
      yield piece;
    }
  };
  // The lowest level: the archive is made to be unpacked.
  const deflated = Readable.from(counted()).pipe(createDeflateRaw({ level: 1, chunkSize: 256 * 1024 }));
  for await (const piece of deflated as AsyncIterable<Buffer>) {
    await file.write(piece, 0, piece.length, start + packed);
    packed += piece.length;
  }

  const central = Buffer.concat([
    Buffer.from("PK\x01\x02"),
    Buffer.from([20, 0]),
    common(),
    Buffer.alloc(14),
    nameBytes,
  ]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(start + packed, 12);
  const tail = Buffer.concat([central, Buffer.from("PK\x05\x06"), end]);
  await file.write(tail, 0, tail.length, start + packed);
  await file.write(local(), 0, start, 0);
}
