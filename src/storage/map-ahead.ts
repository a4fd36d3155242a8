/**
 * Maps a stream in its order while up to `ahead` results are being made at once, so that the steps of a pipeline
 * overlap and its memory stays bounded. When it ends early, it waits for what is under way.
 */
export async function* mapAhead<T, U>(
  source: AsyncIterable<T> | Iterable<T>,
  ahead: number,
  make: (item: T) => Promise<U>,
): AsyncGenerator<U> {
  const underWay: Promise<U>[] = [];
  try {
    for await (const item of source) {
      const made = make(item);
      // Whoever awaits it sees the error; until then it must not count as unhandled.
      made.catch(() => undefined);
      underWay.push(made);
      if (underWay.length >= ahead) yield await (underWay.shift() as Promise<U>);
    }
    while (underWay.length > 0) yield await (underWay.shift() as Promise<U>);
  } finally {
    await Promise.allSettled(underWay);
  }
}
