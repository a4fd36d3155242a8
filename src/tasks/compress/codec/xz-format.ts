import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { DamagedData } from "./byte-source.ts";

export const XZ_MAGIC = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]);
export const XZ_END = Buffer.from("YZ");
export const LZMA2 = 0x21;
export const CHECK_CRC32 = 1;

/** The checksum of a block, as it stands behind it. */
export interface XzCheck {
  size: number;
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

/** The kinds of checks: those that are not named are passed over. */
export function xzCheck(kind: number): XzCheck {
  if (kind === CHECK_CRC32) return crc32Check();
  if (kind === 4) return crc64Check();
  if (kind === 10) {
    const hash = createHash("sha256");
    return { size: 32, update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
  }
  if (kind !== 0) throw new DamagedData(`it has a check of the unknown kind ${kind}`);
  return { size: 0, update: () => undefined, digest: () => Buffer.alloc(0) };
}

function crc32Check(): XzCheck {
  let crc = 0;
  return {
    size: 4,
    update: (bytes) => {
      crc = crc32(bytes, crc);
    },
    digest: () => number32(crc),
  };
}

/** In two halves: whole numbers of 64 bits are slow. */
function crc64Check(): XzCheck {
  let low = -1;
  let high = -1;
  return {
    size: 8,
    update(bytes) {
      for (const byte of bytes) {
        const index = (low ^ byte) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (CRC64_LOW[index] as number);
        high = (high >>> 8) ^ (CRC64_HIGH[index] as number);
      }
    },
    digest: () => Buffer.concat([number32(~low >>> 0), number32(~high >>> 0)]),
  };
}

const CRC64_LOW = new Int32Array(256);
const CRC64_HIGH = new Int32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let value = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ 0xc96c5795d7870f42n : value >> 1n;
  CRC64_LOW[byte] = Number(BigInt.asIntN(32, value));
  CRC64_HIGH[byte] = Number(BigInt.asIntN(32, value >> 32n));
}

export function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** A number in seven bits a byte. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80);
  return Buffer.from([...bytes, left]);
}

/** Filled up to a multiple of four. */
export function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

/** With its checksum behind it. */
export function withCrc(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, number32(crc32(bytes))]);
}
