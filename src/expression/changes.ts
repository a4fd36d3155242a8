import { keysOf, setKey } from "../base/key-order.ts";
import { charge } from "./budget.ts";
import type { Run } from "./run.ts";
import { isList, type PlainMap } from "./values.ts";

// In Pebble `sort`, `reverse`, `list + x` and methods such as `add` and `put` change the list or map itself, and the rest of the
// template sees it. What a template reads is not its own: the first change makes a copy, which names lead to from then on.

/** A value as the template has left it. */
export function current(run: Run, value: unknown): unknown {
  if (run.changes === undefined || typeof value !== "object" || value === null) return value;
  return run.changes.copies.get(value) ?? value;
}

/** The list that may be changed in the place of this one. */
export function ownList(run: Run, list: unknown[]): unknown[] {
  return own(run, list, () => {
    charge(run.budget, list.length);
    return [...list];
  });
}

/** The map that may be changed in the place of this one. */
export function ownMap(run: Run, map: PlainMap): PlainMap {
  return own(run, map, () => {
    const copy: PlainMap = {};
    const keys = keysOf(map);
    charge(run.budget, keys.length);
    for (const key of keys) setKey(copy, key, map[key]);
    return copy;
  });
}

/** Gives a list other items. */
export function replaceItems(run: Run, list: unknown[], items: unknown[]): unknown[] {
  const changed = ownList(run, list);
  changed.length = 0;
  for (const item of items) changed.push(item);
  return changed;
}

/** What `list + x` gives is the list itself. */
export function addItems(run: Run, list: unknown[], added: unknown): unknown[] {
  const items = isList(added) ? [...added] : [added];
  charge(run.budget, items.length);
  const changed = ownList(run, list);
  for (const item of items) changed.push(item);
  return changed;
}

/** What `list - x` gives is the list itself. */
export function keepResult(run: Run, left: unknown, result: unknown): unknown {
  return isList(left) && isList(result) ? replaceItems(run, left, result) : result;
}

function own<T extends object>(run: Run, value: T, copied: () => T): T {
  run.changes ??= { copies: new Map(), own: new Set() };
  const { changes } = run;
  const known = changes.copies.get(value);
  if (known !== undefined) return known as T;
  if (changes.own.has(value)) return value;
  const copy = copied();
  changes.copies.set(value, copy);
  changes.own.add(copy);
  return copy;
}
