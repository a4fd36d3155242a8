import { type Budget, charge, chargeCopied } from "./budget.ts";
import { ownList } from "./changes.ts";
import { ExpressionError } from "./expression-error.ts";
import { inside, integer, methods, outOfBounds } from "./method-table.ts";
import type { Run } from "./run.ts";
import { isList, isSame, javaText, kindOf } from "./values.ts";

export const listMethods = methods<unknown[]>([
  ["size", [], (it) => it.length],
  ["isEmpty", [], (it) => it.length === 0],
  ["toString", [], (it, _, budget) => javaText(it, budget)],
  ["get", ["integer"], (it, [index]) => inside(it[integer(index)])],
  ["getFirst", [], (it) => inside(it[0])],
  ["getLast", [], (it) => inside(it.at(-1))],
  [
    "reversed",
    [],
    (it, _, budget) => {
      charge(budget, it.length);
      return it.toReversed();
    },
  ],
  ["indexOf", ["any"], (it, [wanted], budget) => indexOf(it, wanted, budget)],
  [
    "lastIndexOf",
    ["any"],
    (it, [wanted], budget) => it.findLastIndex((item) => isSame(item, wanted, budget)),
  ],
  [
    "containsAll",
    ["list"],
    (it, [wanted], budget) => (wanted as unknown[]).every((one) => indexOf(it, one, budget) >= 0),
  ],
  ["add", ["any"], (it, [item], _, run) => ownList(run, it).push(item) > 0],
  ["add", ["integer", "any"], (it, [at, item], _, run) => insert(run, it, integer(at), item)],
  ["addFirst", ["any"], (it, [item], _, run) => insert(run, it, 0, item)],
  ["addLast", ["any"], (it, [item], _, run) => insert(run, it, it.length, item)],
  [
    "addAll",
    ["any"],
    (it, [items], budget, run) => {
      if (!isList(items)) throw new ExpressionError(`A list takes all of a list, not of ${kindOf(items)}.`);
      charge(budget, items.length);
      const own = ownList(run, it);
      for (const item of [...items]) own.push(item);
      return items.length > 0;
    },
  ],
  [
    "set",
    ["integer", "any"],
    (it, [at, item], _, run) => {
      if (!(integer(at) in it)) throw outOfBounds();
      return ownList(run, it).splice(integer(at), 1, item)[0] ?? null;
    },
  ],
  ["remove", ["integer"], (it, [at], _, run) => removeAt(run, it, integer(at))],
  [
    "remove",
    ["any"],
    (it, [item], budget, run) => {
      const at = indexOf(it, item, budget);
      if (at >= 0) removeAt(run, it, at);
      return at >= 0;
    },
  ],
  ["removeFirst", [], (it, _, __, run) => removeAt(run, it, 0)],
  ["removeLast", [], (it, _, __, run) => removeAt(run, it, it.length - 1)],
  ["removeAll", ["list"], (it, [others], _, run) => keep(run, it, others as unknown[], false)],
  ["retainAll", ["list"], (it, [others], _, run) => keep(run, it, others as unknown[], true)],
  [
    "clear",
    [],
    (it, _, __, run) => {
      ownList(run, it).length = 0;
      return null;
    },
  ],
]);

function indexOf(list: readonly unknown[], wanted: unknown, budget: Budget): number {
  return list.findIndex((item) => isSame(item, wanted, budget));
}

function insert(run: Run, list: unknown[], at: number, item: unknown): null {
  if (at < 0 || at > list.length) throw outOfBounds();
  spliced(run, list, at, 0, [item]);
  return null;
}

function removeAt(run: Run, list: unknown[], at: number): unknown {
  if (!(at in list)) throw outOfBounds();
  return spliced(run, list, at, 1, [])[0] ?? null;
}

/** What comes behind moves. */
function spliced(run: Run, list: unknown[], at: number, count: number, items: unknown[]): unknown[] {
  chargeCopied(run.budget, list.length - at, items.length);
  return ownList(run, list).splice(at, count, ...items);
}

/** Keeps the items that are among others, or those that are not; whether that changes anything. */
function keep(run: Run, list: unknown[], others: readonly unknown[], areKept: boolean): boolean {
  const kept = list.filter((item) => indexOf(others, item, run.budget) >= 0 === areKept);
  if (kept.length === list.length) return false;
  const own = ownList(run, list);
  own.length = 0;
  for (const item of kept) own.push(item);
  return true;
}
