/** Called for bytes that are new, from `from` to `to`, and then for a copy from `distance` back. */
export type OnMatch = (from: number, to: number, distance: number, length: number) => void;

const SHORTEST = 4;
const HASH_BITS = 15;
// Neither LZ4 nor Snappy reaches further.
const FURTHEST = 65_535;

/**
 * Finds what comes again, greedily: the last place where the same four bytes began. Copies end before `to`; what is
 * left behind the last one is given back as where it begins.
 */
export function findMatches(bytes: Buffer, from: number, to: number, onMatch: OnMatch): number {
  const places = new Int32Array(1 << HASH_BITS).fill(-1);
  let anchor = from;
  let misses = 0;
  for (let at = from; at + SHORTEST <= to; ) {
    const word = bytes.readInt32LE(at);
    const hash = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
    const place = places[hash] as number;
    places[hash] = at;
    if (place < 0 || at - place > FURTHEST || bytes.readInt32LE(place) !== word) {
      // What does not repeat is gone through faster and faster.
      at += 1 + (misses++ >> 6);
      continue;
    }
    let length = SHORTEST;
    while (at + length < to && bytes[place + length] === bytes[at + length]) length++;
    onMatch(anchor, at, at - place, length);
    at += length;
    anchor = at;
    misses = 0;
  }
  return anchor;
}
