/** The checksum of bzip2: that of Ethernet, with the bits the other way round. */
export function bzip2Crc(crc: number, bytes: Uint8Array, from: number, to: number): number {
  let value = crc;
  for (let at = from; at < to; at++)
    value = (value << 8) ^ (TABLE[(value >>> 24) ^ (bytes[at] as number)] as number);
  return value;
}

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value;
});

/** What stands before a block, and at the end of the blocks: pi, and its root. */
export const BLOCK_MARK = [0x314159, 0x265359] as const;
export const END_MARK = [0x177245, 0x385090] as const;
/** Symbols between two changes of the code. */
export const GROUP_SIZE = 50;
export const RUN_A = 0;
export const RUN_B = 1;
