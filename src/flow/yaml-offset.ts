import type { Scalar } from "yaml";

/** What a backslash escape of a double-quoted scalar takes in the source, beyond the backslash and its letter. */
const escapeDigits: Record<string, number> = { x: 2, u: 4, U: 8 };

/** Many issues may point into one long text, so the walk over it is done once. */
const known = new WeakMap<Scalar.Parsed, Uint32Array>();

/** Finds the character of the source that became the given character of a scalar's value. */
export function offsetInSource(source: string, scalar: Scalar.Parsed, offset: number): number {
  const offsets = known.get(scalar) ?? align(source, scalar);
  known.set(scalar, offsets);
  return offsets[Math.min(offset, offsets.length - 1)] ?? scalar.range[0];
}

/**
 * Walks over a scalar's value and its source at once: what the source has more (indentation, quotes, folded line breaks,
 * block headers) is passed over. The result has one entry more than the value has characters.
 */
function align(source: string, scalar: Scalar.Parsed): Uint32Array {
  const [start, end] = scalar.range;
  const value = String(scalar.value);
  const offsets = new Uint32Array(value.length + 1);
  let at = start + headerLength(source, scalar);
  for (let index = 0; index < value.length; ) {
    at = skipTo(source, at, end, value[index], scalar.type);
    const { length, chars } = escapeLength(source, at, scalar.type);
    // One escape may make a pair of surrogates.
    offsets.fill(at, index, index + chars);
    index += chars;
    at += length;
  }
  offsets[value.length] = Math.min(at, end);
  return offsets;
}

function headerLength(source: string, scalar: Scalar.Parsed): number {
  const [start, end] = scalar.range;
  if (scalar.type === "QUOTE_DOUBLE" || scalar.type === "QUOTE_SINGLE") return 1;
  if (scalar.type !== "BLOCK_LITERAL" && scalar.type !== "BLOCK_FOLDED") return 0;
  const lineEnd = source.indexOf("\n", start);
  return (lineEnd === -1 ? end : Math.min(lineEnd + 1, end)) - start;
}

/** The first place from `at` on where the source can stand for a character of the value. */
function skipTo(source: string, at: number, end: number, wanted: string | undefined, type?: string): number {
  let place = at;
  while (place < end) {
    const char = source[place];
    if (type === "QUOTE_DOUBLE" && char === "\\") {
      if (!/[\r\n]/.test(source[place + 1] ?? "")) return place;
      place += 2;
      continue;
    }
    if (char === wanted || (wanted === " " && char === "\n") || wanted === "\n") {
      if (wanted !== "\n" || char === "\n") return place;
    }
    place += 1;
  }
  return place;
}

function escapeLength(source: string, at: number, type?: string): { length: number; chars: number } {
  if (type === "QUOTE_SINGLE" && source.startsWith("''", at)) return { length: 2, chars: 1 };
  if (type !== "QUOTE_DOUBLE" || source[at] !== "\\") return { length: 1, chars: 1 };
  const digits = escapeDigits[source[at + 1] ?? ""] ?? 0;
  const code = Number.parseInt(source.slice(at + 2, at + 2 + digits), 16);
  return { length: 2 + digits, chars: code > 0xffff ? 2 : 1 };
}
