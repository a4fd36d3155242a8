/** Cuts a stream into pieces of one size; the last may be shorter. The pieces are copies: a source may reuse its buffer. */
export async function* chunksOf(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let chunk: Buffer | undefined;
  let filled = 0;
  for await (const piece of source) {
    for (let from = 0; from < piece.length; ) {
      chunk ??= Buffer.allocUnsafeSlow(size);
      const part = piece.subarray(from, from + size - filled);
      chunk.set(part, filled);
      filled += part.length;
      from += part.length;
      if (filled < size) continue;
      yield chunk;
      chunk = undefined;
      filled = 0;
    }
  }
  if (chunk !== undefined) yield chunk.subarray(0, filled);
}

/** Ends a stream with the signal's reason as soon as it aborts, also while the source does not answer. */
export async function* abortable<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  if (signal === undefined) return yield* source;
  let interrupt: (reason: unknown) => void = () => undefined;
  const onAbort = () => interrupt(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });

  const iterator = source[Symbol.asyncIterator]();
  let isDone = false;
  try {
    for (;;) {
      signal.throwIfAborted();
      // Not a race against one promise of the signal's: that promise would hold every piece until the end.
      const next = await new Promise<IteratorResult<T>>((resolve, reject) => {
        interrupt = reject;
        iterator.next().then(resolve, reject);
      });
      isDone = next.done === true;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    // Not awaited after an abort: a source that does not answer would not answer to this either.
    const returned = isDone ? undefined : iterator.return?.();
    if (signal.aborted) returned?.catch(() => undefined);
    else await returned;
  }
}
