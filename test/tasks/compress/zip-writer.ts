import { crc32, deflateRawSync } from "node:zlib";

/** An entry of a ZIP archive, and the lies that it may tell. */
export interface ZipItem {
  name: string;
  data?: string | Buffer;
  /** What stands in front of the content, where it differs. */
  localName?: string;
  isStored?: boolean;
  /** The mode of a Unix file, with its type. */
  mode?: number;
  method?: number;
  flags?: number;
  size?: number;
  crc?: number;
}

/** Writes a ZIP archive (APPNOTE.TXT 4.3), honest unless an entry is told not to be. */
export function zipOf(...items: ZipItem[]): Buffer {
  const front: Buffer[] = [];
  const directory: Buffer[] = [];
  for (const item of items) {
    const offset = front.reduce((sum, part) => sum + part.length, 0);
    const data = Buffer.from(item.data ?? "");
    const content = item.isStored ? data : deflateRawSync(data);
    const name = Buffer.from(item.name);
    const localName = Buffer.from(item.localName ?? item.name);

    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE((item.flags ?? 0) | 0x800, 2);
    common.writeUInt16LE(item.method ?? (item.isStored ? 0 : 8), 4);
    common.writeUInt32LE(item.crc ?? crc32(data), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(item.size ?? data.length, 18);
    common.writeUInt16LE(name.length, 22);

    const local = Buffer.from(common);
    local.writeUInt16LE(localName.length, 22);
    front.push(Buffer.from("PK\x03\x04"), local, localName, content);

    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((item.mode ?? 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02"), Buffer.from([20, 3]), common, tail, name);
  }
  const files = Buffer.concat(front);
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(items.length, 4);
  end.writeUInt16LE(items.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(files.length, 12);
  return Buffer.concat([files, central, Buffer.from("PK\x05\x06"), end]);
}
