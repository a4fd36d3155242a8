const MARK = 0xfeff;
const SWAPPED_MARK = 0xfffe0000;

/** Takes bytes of UTF-32 piece by piece, and at last nothing. A mark says which end comes first; without one it is the big one. */
export function utf32Decoder(isLittle: boolean): (chunk?: Uint8Array) => string {
  let rest: Buffer = Buffer.alloc(0);
  let little: boolean | undefined;
  return (chunk) => {
    const bytes = chunk ? Buffer.concat([rest, chunk]) : rest;
    const end = bytes.length - (bytes.length % 4);
    rest = chunk ? Buffer.from(bytes.subarray(end)) : Buffer.alloc(0);
    let text = "";
    for (let at = 0; at < end; at += 4) {
      if (little === undefined) {
        const first = bytes.readUInt32BE(at);
        little = first === SWAPPED_MARK || (isLittle && first !== MARK);
        if (first === SWAPPED_MARK || first === MARK) continue;
      }
      text += character(little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
    }
    return !chunk && end < bytes.length ? `${text}\uFFFD` : text;
  };
}

function character(code: number): string {
  const isNone = code > 0x10ffff || (code >= 0xd800 && code < 0xe000);
  return isNone ? "\uFFFD" : String.fromCodePoint(code);
}

/** Writes UTF-32 without a mark, as Java does. */
export function utf32Encoder(isLittle: boolean): (text: string) => Buffer {
  return (text) => {
    const characters = Array.from(text.toWellFormed());
    const bytes = Buffer.allocUnsafe(4 * characters.length);
    for (const [index, one] of characters.entries()) {
      const code = one.codePointAt(0) as number;
      if (isLittle) bytes.writeUInt32LE(code, 4 * index);
      else bytes.writeUInt32BE(code, 4 * index);
    }
    return bytes;
  };
}
