import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { RandomAccessReader } from "yauzl";

const END_SIGNATURE = 0x06054b50;
const DIRECTORY_SIGNATURE = 0x02014b50;
const END_SIZE = 22;
const LONGEST_COMMENT = 0xffff;
// Where numbers do not fit, they stand elsewhere.
const ELSEWHERE = 0xffffffff;

/**
 * How many bytes stand in front of a ZIP archive: the program that unpacks it, where it is one that unpacks itself. The end of an archive
 * says how far from its start the directory is, and how long; where that is not where it is found, the rest is in front.
 */
export async function bytesBeforeZip(path: string): Promise<{ before: number; size: number }> {
  await using file = await open(path);
  const { size } = await file.stat();
  const tail = Buffer.alloc(Math.min(size, END_SIZE + LONGEST_COMMENT));
  await file.read(tail, 0, tail.length, size - tail.length);
  for (let at = tail.length - END_SIZE; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END_SIGNATURE) continue;
    const length = tail.readUInt32LE(at + 12);
    const offset = tail.readUInt32LE(at + 16);
    const start = size - tail.length + at - length;
    const isKnown = length !== ELSEWHERE && offset !== ELSEWHERE && start > offset;
    const first = Buffer.alloc(4);
    if (isKnown && length > 0) await file.read(first, 0, 4, start);
    return { before: first.readUInt32LE(0) === DIRECTORY_SIGNATURE ? start - offset : 0, size };
  }
  return { before: 0, size };
}

/** Reads a file as if it began later. The library wants a class. */
export class LaterReader extends RandomAccessReader {
  readonly #path: string;
  readonly #before: number;

  constructor(path: string, before: number) {
    super();
    this.#path = path;
    this.#before = before;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return createReadStream(this.#path, { start: this.#before + start, end: this.#before + end - 1 });
  }
}
