/** For each name, the names that it needs. */
export type Needs = ReadonlyMap<string, readonly string[]>;

/** The circles of a graph, one for each way back into what leads there: `["a", "b"]` for `a` that needs `b` that needs `a`. */
export function cyclesOf(needs: Needs): string[][] {
  const cycles: string[][] = [];
  walk(needs, { onCycle: (cycle) => cycles.push(cycle) });
  return cycles;
}

/** The names, each behind what it needs, as far as there is no circle. */
export function inOrder(needs: Needs): string[] {
  const order: string[] = [];
  walk(needs, { onDone: (name) => order.push(name) });
  return order;
}

interface Visitor {
  onCycle?: (cycle: string[]) => void;
  onDone?: (name: string) => void;
}

/** Depth first, with a stack of its own: a chain may be as long as a flow. */
function walk(needs: Needs, { onCycle, onDone }: Visitor): void {
  const state = new Map<string, "OPEN" | "DONE">();
  for (const start of needs.keys()) {
    if (state.has(start)) continue;
    const way: { name: string; next: number }[] = [{ name: start, next: 0 }];
    state.set(start, "OPEN");
    for (let here = way.at(-1); here !== undefined; here = way.at(-1)) {
      const needed = needs.get(here.name)?.[here.next];
      here.next += 1;
      if (needed === undefined) {
        state.set(here.name, "DONE");
        onDone?.(here.name);
        way.pop();
      } else if (!needs.has(needed)) {
        // Named, but not there: reported elsewhere.
      } else if (state.get(needed) === "OPEN") {
        onCycle?.(way.slice(way.findIndex(({ name }) => name === needed)).map(({ name }) => name));
      } else if (!state.has(needed)) {
        state.set(needed, "OPEN");
        way.push({ name: needed, next: 0 });
      }
    }
  }
}
