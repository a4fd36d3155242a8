import type { Scalar } from "yaml";

/** What a backslash escape of a double-quoted scalar takes in the source, beyond the backslash and its letter. */
const escapeDigits: Record<string, number> = { x: 2, u: 4, U: 8 };

/**
 * Finds the character of the source that became the given character of a scalar's value, walking over both: what the
 * source has more (indentation, quotes, folded line breaks, block headers) is passed over.
 */
export function offsetInSource(source: string, scalar: Scalar.Parsed, offset: number): number {
  const [start, end] = scalar.range;
  const value = String(scalar.value);
  let at = start + headerLength(source, scalar);
  for (let index = 0; index < offset && index < value.length && at < end; ) {
    at = skipTo(source, at, end, value, index, scalar.type);
    const taken = escapeLength(source, at, scalar.type);
    // One escape may make a pair of surrogates.
    index += taken.chars;
    at += taken.length;
  }
  return Math.min(offset < value.length ? skipTo(source, at, end, value, offset, scalar.type) : at, end);
}

function headerLength(source: string, scalar: Scalar.Parsed): number {
  const [start, end] = scalar.range;
  if (scalar.type === "QUOTE_DOUBLE" || scalar.type === "QUOTE_SINGLE") return 1;
  if (scalar.type !== "BLOCK_LITERAL" && scalar.type !== "BLOCK_FOLDED") return 0;
  const lineEnd = source.indexOf("\n", start);
  return (lineEnd === -1 ? end : Math.min(lineEnd + 1, end)) - start;
}

/** The first place from `at` on where the source can stand for the value's character. */
function skipTo(source: string, at: number, end: number, value: string, index: number, type?: string): number {
  const wanted = value[index];
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
