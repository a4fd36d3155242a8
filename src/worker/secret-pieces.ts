import { masked } from "../base/secret-box.ts";

/** What is as long as this in a message and in a secret, too, is a piece of it; shorter ones are words of others. */
const SHORTEST_PIECE = 12;
/** Before a mark that says that a text was cut, the beginning of a secret may be shorter. */
const SHORTEST_BEGINNING = 3;
/** The mark of a cut. */
const CUT = / ?(?:…|\.{3})/g;
/** A piece holds one whole block of the secret at least, wherever it begins. */
const BLOCK = 6;

/** Where a piece of a secret stands in a message. */
type Range = readonly [start: number, end: number];

/** Finds the pieces of one secret. */
export type PieceFinder = (message: string) => Range[];

/**
 * Puts stars in place of pieces of secrets in a message: whoever shortens a text that a secret stands in leaves a part that nobody
 * finds by the whole of it.
 */
export function maskPieces(message: string, finders: readonly PieceFinder[]): string {
  const ranges = finders.flatMap((find) => find(message)).sort(([a], [b]) => a - b);
  let shown = "";
  let at = 0;
  for (const [start, end] of ranges) {
    // What begins in another is part of it.
    if (start >= at) shown += message.slice(at, start) + masked;
    at = Math.max(at, end);
  }
  return shown + message.slice(at);
}

/** A finder of the pieces of a secret, which looks at the secret when it is first asked. */
export function pieceFinder(secret: string): PieceFinder {
  let blocks: ReadonlyMap<string, number[]> | undefined;
  return (message) => {
    if (secret.length <= SHORTEST_BEGINNING) return [];
    const beginnings = beginningsIn(message, secret);
    if (secret.length <= SHORTEST_PIECE || message.length < SHORTEST_PIECE) return beginnings;
    blocks ??= blocksOf(secret);
    return [...beginnings, ...longPiecesIn(message, secret, blocks)];
  };
}

function beginningsIn(message: string, secret: string): Range[] {
  return [...message.matchAll(CUT)].flatMap(({ index: end }): Range[] => {
    let length = Math.min(secret.length, SHORTEST_PIECE, end);
    while (length >= SHORTEST_BEGINNING && !message.startsWith(secret.slice(0, length), end - length))
      length -= 1;
    return length >= SHORTEST_BEGINNING ? [[end - length, end]] : [];
  });
}

function longPiecesIn(message: string, secret: string, blocks: ReadonlyMap<string, number[]>): Range[] {
  const ranges: Range[] = [];
  for (let at = 0; at + BLOCK <= message.length; at += 1) {
    for (const place of blocks.get(message.slice(at, at + BLOCK)) ?? []) {
      const [start, end] = widen(message, at, secret, place);
      if (end - start < SHORTEST_PIECE) continue;
      ranges.push([start, end]);
      at = end - 1;
      break;
    }
  }
  return ranges;
}

/** As far as the message and the secret are the same around two places. */
function widen(message: string, at: number, secret: string, place: number): Range {
  let before = 0;
  while (before < Math.min(at, place) && message[at - before - 1] === secret[place - before - 1]) before += 1;
  let behind = BLOCK;
  while (at + behind < message.length && message[at + behind] === secret[place + behind]) behind += 1;
  return [at - before, at + behind];
}

/** The places of a secret's blocks; of one that repeats itself a few say enough. */
function blocksOf(secret: string): Map<string, number[]> {
  const blocks = new Map<string, number[]>();
  for (let place = 0; place + BLOCK <= secret.length; place += BLOCK) {
    const block = secret.slice(place, place + BLOCK);
    const places = blocks.get(block);
    if (places === undefined) blocks.set(block, [place]);
    else if (places.length < 8) places.push(place);
  }
  return blocks;
}
