import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { fileBytes } from "../../files/file-bytes.ts";
import type { TaskContext } from "../../task-type.ts";

/** Rows that belong together. Few of them stay in memory, many go to the working folder of the task. */
export interface Batch {
  /** What it holds so far. */
  rows: number;
  bytes: number;
  waiting: string[];
  waitingBytes: number;
  /** Where the first of many are. */
  path: string | undefined;
}

/** A batch without any rows. */
export function newBatch(): Batch {
  return { rows: 0, bytes: 0, waiting: [], waitingBytes: 0, path: undefined };
}

// So many batches at once may be open that each has to be small.
const MOST_WAITING = 64 * 1024;

let count = 0;

/** Adds a row to a batch. */
export async function addRow(batch: Batch, row: string, context: TaskContext): Promise<void> {
  const bytes = Buffer.byteLength(row);
  batch.rows += 1;
  batch.bytes += bytes;
  batch.waiting.push(row);
  batch.waitingBytes += bytes;
  if (batch.waitingBytes < MOST_WAITING) return;

  if (batch.path === undefined) {
    count += 1;
    batch.path = join(await context.workDir(), `batch-${count}`);
  }
  await appendFile(batch.path, batch.waiting.join(""));
  batch.waiting = [];
  batch.waitingBytes = 0;
}

/** Stores a batch as a file of this name, and gives its URI. */
export async function storeBatch(batch: Batch, name: string, context: TaskContext): Promise<string> {
  const { uri } = await context.storage.put({ ...context.place, name }, contentOf(batch), context.signal);
  return uri;
}

async function* contentOf({ path, waiting }: Batch): AsyncGenerator<Uint8Array> {
  if (path !== undefined) yield* fileBytes(path);
  if (waiting.length > 0) yield Buffer.from(waiting.join(""));
}
