import type { Scalar } from "yaml";

/**
 * What a double-quoted scalar is made of: an escaped line end with the indentation behind it, another escape, a line break
 * with the blanks around it, blanks, or a character.
 */
const doubleQuotedParts =
  /(?<continued>\\\r?\n[ \t]*)|\\(?:x(?<x>.{2})|u(?<u>.{4})|U(?<U>.{8})|.)|(?<fold>[ \t]*(?:\r?\n[ \t]*)+)|[ \t]+|./gs;

/** Many issues may point into one long text, so the walk over it is done once. */
const known = new WeakMap<Scalar.Parsed, Uint32Array>();

/** Finds the character of the source that became the given character of a scalar's value. */
export function offsetInSource(source: string, scalar: Scalar.Parsed, offset: number): number {
  const offsets = known.get(scalar) ?? align(source, scalar);
  known.set(scalar, offsets);
  return offsets[Math.min(offset, offsets.length - 1)] ?? scalar.range[0];
}

/** The place in the source of every character of a scalar's value, and one entry more for its end. */
function align(source: string, scalar: Scalar.Parsed): Uint32Array {
  const offsets = new Uint32Array(String(scalar.value).length + 1);
  const places =
    scalar.type === "QUOTE_DOUBLE" ? alignDoubleQuoted(source, scalar) : alignOther(source, scalar);
  let index = 0;
  for (const place of places) offsets[index++] = place;
  offsets.fill(offsets[index - 1] ?? scalar.range[0], index);
  return offsets;
}

function* alignDoubleQuoted(source: string, scalar: Scalar.Parsed): Generator<number> {
  const start = scalar.range[0] + 1;
  const end = scalar.range[1] - 1;
  for (const { 0: part, index, groups = {} } of source.slice(start, end).matchAll(doubleQuotedParts)) {
    const { length, step } = measure(part, groups);
    for (let count = 0; count < length; count += 1) yield start + index + count * step;
  }
  yield end;
}

/**
 * How many characters of the value a part of a double-quoted scalar makes, and how far they are apart in the source. One
 * escape may make a pair of surrogates.
 */
function measure(part: string, groups: Record<string, string | undefined>): { length: number; step: number } {
  const { continued, fold, x, u, U } = groups;
  if (continued !== undefined) return { length: 0, step: 0 };
  if (fold !== undefined) return { length: Math.max(1, fold.split("\n").length - 2), step: 0 };
  if (!part.startsWith("\\")) return { length: part.length, step: 1 };
  return { length: Number.parseInt(x ?? u ?? U ?? "0", 16) > 0xffff ? 2 : 1, step: 0 };
}

/**
 * Walks over a scalar's value and its source at once: what the source has more (indentation, quotes, folded line breaks,
 * block headers) is passed over. What is no blank stands in both in the same order.
 */
function* alignOther(source: string, scalar: Scalar.Parsed): Generator<number> {
  const [start, end] = scalar.range;
  let at = start + headerLength(source, scalar);
  for (const wanted of String(scalar.value).split("")) {
    at = skipTo(source, at, end, wanted);
    yield at;
    at += scalar.type === "QUOTE_SINGLE" && source.startsWith("''", at) ? 2 : 1;
  }
  yield Math.min(at, end);
}

function headerLength(source: string, scalar: Scalar.Parsed): number {
  const [start, end] = scalar.range;
  if (scalar.type === "QUOTE_SINGLE") return 1;
  if (scalar.type !== "BLOCK_LITERAL" && scalar.type !== "BLOCK_FOLDED") return 0;
  const lineEnd = source.indexOf("\n", start);
  return (lineEnd === -1 ? end : Math.min(lineEnd + 1, end)) - start;
}

/** The first place from `at` on where the source can stand for a character of the value. */
function skipTo(source: string, at: number, end: number, wanted: string): number {
  for (let place = at; place < end; place += 1) {
    const char = source[place];
    if (char === wanted || (wanted === " " && char === "\n")) return place;
  }
  return end;
}
