/** Writes bits so that likely ones take less than a bit. */
export interface RangeEncoder {
  low: number;
  range: number;
  /** A byte that may still be raised by one, and how many bytes 255 stand behind it. */
  held: number;
  heldCount: number;
  out: Buffer;
  at: number;
}

export function newRangeEncoder(): RangeEncoder {
  return { low: 0, range: 0xffffffff, held: 0, heldCount: 1, out: Buffer.allocUnsafeSlow(128 * 1024), at: 0 };
}

/** What is written so far, copied. */
export function takeBytes(encoder: RangeEncoder): Buffer {
  const bytes = Buffer.from(encoder.out.subarray(0, encoder.at));
  encoder.at = 0;
  return bytes;
}

/** Writes what is held back, and begins anew. */
export function finish(encoder: RangeEncoder) {
  for (let times = 0; times < 5; times++) shift(encoder);
  encoder.low = 0;
  encoder.range = 0xffffffff;
  encoder.held = 0;
  encoder.heldCount = 1;
}

export function bit(encoder: RangeEncoder, p: Uint16Array, place: number, value: number) {
  const probability = p[place] as number;
  const bound = (encoder.range >>> 11) * probability;
  if (value === 0) {
    encoder.range = bound;
    p[place] = probability + ((2048 - probability) >> 5);
  } else {
    encoder.low += bound;
    encoder.range -= bound;
    p[place] = probability - (probability >> 5);
  }
  while (encoder.range < 0x1000000) {
    encoder.range = (encoder.range << 8) >>> 0;
    shift(encoder);
  }
}

export function bitTree(encoder: RangeEncoder, p: Uint16Array, place: number, count: number, value: number) {
  let symbol = 1;
  for (let index = count - 1; index >= 0; index--) {
    const one = (value >> index) & 1;
    bit(encoder, p, place + symbol, one);
    symbol = (symbol << 1) | one;
  }
}

export function reverseTree(
  encoder: RangeEncoder,
  p: Uint16Array,
  place: number,
  count: number,
  value: number,
) {
  let symbol = 1;
  for (let index = 0; index < count; index++) {
    const one = (value >> index) & 1;
    bit(encoder, p, place + symbol, one);
    symbol = (symbol << 1) | one;
  }
}

/** Bits of which nothing is known. */
export function directBits(encoder: RangeEncoder, count: number, value: number) {
  for (let index = count - 1; index >= 0; index--) {
    encoder.range >>>= 1;
    if ((value >>> index) & 1) encoder.low += encoder.range;
    while (encoder.range < 0x1000000) {
      encoder.range = (encoder.range << 8) >>> 0;
      shift(encoder);
    }
  }
}

function shift(encoder: RangeEncoder) {
  if (encoder.low < 0xff000000 || encoder.low > 0xffffffff) {
    const carry = encoder.low > 0xffffffff ? 1 : 0;
    for (let byte = encoder.held; encoder.heldCount > 0; encoder.heldCount--, byte = 0xff)
      push(encoder, byte + carry);
    encoder.held = Math.floor(encoder.low / 0x1000000) & 0xff;
  }
  encoder.heldCount++;
  encoder.low = (encoder.low & 0xffffff) * 256;
}

function push(encoder: RangeEncoder, byte: number) {
  if (encoder.at === encoder.out.length) {
    const larger = Buffer.allocUnsafeSlow(2 * encoder.out.length);
    encoder.out.copy(larger);
    encoder.out = larger;
  }
  encoder.out[encoder.at++] = byte & 0xff;
}
