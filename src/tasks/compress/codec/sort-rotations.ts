/**
 * Sorts all rotations of a block and gives their last bytes, and where the block itself came to stand. Rotations are
 * sorted by their first byte, then by twice as many with each step: a step needs only the ranks of the one before.
 */
export function sortRotations(bytes: Uint8Array, size: number): { last: Uint8Array; start: number } {
  const order = new Uint32Array(size);
  const shifted = new Uint32Array(size);
  let rank = new Uint32Array(size);
  let newRank = new Uint32Array(size);
  const counts = new Uint32Array(Math.max(256, size) + 1);

  for (let index = 0; index < size; index++) rank[index] = bytes[index] as number;
  for (let index = 0; index < size; index++) shifted[index] = index;
  let ranks = sortByRank(256);
  for (let width = 1; width < size && ranks < size; width *= 2) {
    // Sorted by the second half already; what remains is the first.
    for (let index = 0; index < size; index++) {
      const before = (order[index] as number) - width;
      shifted[index] = before < 0 ? before + size : before;
    }
    ranks = sortByRank(ranks, width);
  }
  const last = new Uint8Array(size);
  let start = 0;
  for (let index = 0; index < size; index++) {
    const from = order[index] as number;
    last[index] = bytes[from === 0 ? size - 1 : from - 1] as number;
    if (from === 0) start = index;
  }
  return { last, start };

  /** Sorts `shifted` into `order` by rank, keeping the order of equals, and ranks anew. Gives the number of ranks. */
  function sortByRank(most: number, width = 0): number {
    counts.fill(0, 0, most + 1);
    for (let index = 0; index < size; index++) increment((rank[index] as number) + 1);
    for (let index = 0; index < most; index++)
      counts[index + 1] = (counts[index + 1] as number) + (counts[index] as number);
    for (let index = 0; index < size; index++) {
      const item = shifted[index] as number;
      order[increment(rank[item] as number)] = item;
    }
    let current = 0;
    newRank[order[0] as number] = 0;
    for (let index = 1; index < size; index++) {
      const one = order[index - 1] as number;
      const other = order[index] as number;
      const isSame =
        rank[one] === rank[other] &&
        (width === 0 || rank[wrapped(one + width)] === rank[wrapped(other + width)]);
      if (!isSame) current++;
      newRank[other] = current;
    }
    [rank, newRank] = [newRank, rank];
    return current + 1;
  }

  function increment(index: number): number {
    const count = counts[index] as number;
    counts[index] = count + 1;
    return count;
  }

  function wrapped(index: number): number {
    return index >= size ? index - size : index;
  }
}
