const P1 = 0x9e3779b1;
const P2 = 0x85ebca77;
const P3 = 0xc2b2ae3d;
const P4 = 0x27d4eb2f;
const P5 = 0x165667b1;

/** The checksum of LZ4 frames (xxHash, 32 bits, seed 0), of bytes that come in pieces. */
export function xxHash32() {
  const lanes = Int32Array.of(P1 + P2, P2, 0, -P1);
  const rest = Buffer.alloc(16);
  let held = 0;
  let total = 0;
  const block = (bytes: Buffer, at: number) => {
    for (let lane = 0; lane < 4; lane++)
      lanes[lane] = round(lanes[lane] as number, bytes.readInt32LE(at + 4 * lane));
  };
  return {
    update(piece: Uint8Array) {
      const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
      total += bytes.length;
      let at = 0;
      if (held > 0) {
        at = bytes.copy(rest, held);
        held += at;
        if (held < 16) return;
        block(rest, 0);
      }
      for (; at + 16 <= bytes.length; at += 16) block(bytes, at);
      held = bytes.copy(rest, 0, at);
    },
    /** The checksum so far. */
    digest(): number {
      const [one = 0, two = 0, three = 0, four = 0] = lanes;
      let hash = total >= 16 ? rotate(one, 1) + rotate(two, 7) + rotate(three, 12) + rotate(four, 18) : P5;
      hash = (hash + total) | 0;
      let at = 0;
      for (; at + 4 <= held; at += 4)
        hash = Math.imul(rotate(hash + Math.imul(rest.readInt32LE(at), P3), 17), P4);
      for (; at < held; at++) hash = Math.imul(rotate(hash + Math.imul(rest[at] as number, P5), 11), P1);
      hash = Math.imul(hash ^ (hash >>> 15), P2);
      hash = Math.imul(hash ^ (hash >>> 13), P3);
      return (hash ^ (hash >>> 16)) >>> 0;
    },
  };
}

function round(lane: number, value: number): number {
  return Math.imul(rotate(lane + Math.imul(value, P2), 13), P1);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
