import type { TaskContext } from "./task-type.ts";

// More often than twice a second nobody looks.
const INTERVAL_MS = 500;

/** Passes a stream on and tells how far it is: `Downloading: 12.5 MB of 60.0 MB`. Without a total, only how much. */
export async function* withProgress(
  source: AsyncIterable<Uint8Array>,
  context: Pick<TaskContext, "progress">,
  what: string,
  total: number | undefined,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let next = performance.now() + INTERVAL_MS;
  for await (const piece of source) {
    bytes += piece.length;
    const now = performance.now();
    if (now >= next) {
      next = now + INTERVAL_MS;
      const of = total ? ` of ${megabytes(total)}` : "";
      context.progress(total ? Math.min(1, bytes / total) : undefined, `${what}: ${megabytes(bytes)}${of}`);
    }
    yield piece;
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
