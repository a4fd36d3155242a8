import { deleteKey, keysOf, setKey } from "../base/key-order.ts";
import { ownMap } from "./changes.ts";
import { ExpressionError } from "./expression-error.ts";
import { charged, inside, methods } from "./method-table.ts";
import type { Run } from "./run.ts";
import { entriesOf, isMap, isSame, javaText, keyText, kindOf, member, type PlainMap } from "./values.ts";

export const mapMethods = methods<PlainMap>([
  ["size", [], (it) => Object.keys(it).length],
  ["isEmpty", [], (it) => Object.keys(it).length === 0],
  ["toString", [], (it, _, budget) => javaText(it, budget)],
  ["keySet", [], (it, _, budget) => charged([...keysOf(it)], budget)],
  [
    "values",
    [],
    (it, _, budget) =>
      charged(
        keysOf(it).map((key) => it[key]),
        budget,
      ),
  ],
  ["entrySet", [], (it, _, budget) => charged(entriesOf(it), budget)],
  ["containsKey", ["any"], (it, [key]) => has(it, key)],
  [
    "containsValue",
    ["any"],
    (it, [wanted], budget) => Object.values(it).some((value) => isSame(value, wanted, budget)),
  ],
  ["get", ["any"], (it, [key]) => valueAt(it, key)],
  ["getOrDefault", ["any", "any"], (it, [key, value]) => (has(it, key) ? valueAt(it, key) : value)],
  ["put", ["any", "any"], (it, [key, value], _, run) => put(run, it, key, value)],
  ["putIfAbsent", ["any", "any"], (it, [key, value], _, run) => valueAt(it, key) ?? put(run, it, key, value)],
  [
    "putAll",
    ["any"],
    (it, [other], budget, run) => {
      if (!isMap(other)) throw new ExpressionError(`A map takes all of a map, not of ${kindOf(other)}.`);
      const own = ownMap(run, it);
      for (const key of charged([...keysOf(other)], budget)) setKey(own, key, other[key]);
      return null;
    },
  ],
  ["replace", ["any", "any"], (it, [key, value], _, run) => (has(it, key) ? put(run, it, key, value) : null)],
  ["remove", ["any"], (it, [key], _, run) => remove(run, it, key)],
  [
    "remove",
    ["any", "any"],
    (it, [key, value], budget, run) => {
      const isThere = has(it, key) && isSame(valueAt(it, key), value, budget);
      if (isThere) remove(run, it, key);
      return isThere;
    },
  ],
  // The entries that a loop over a map gives.
  ["getKey", [], (it) => inside(member(it, "key"))],
  ["getValue", [], (it) => inside(member(it, "value"))],
]);

function has(map: PlainMap, key: unknown): key is string {
  return typeof key === "string" && Object.hasOwn(map, key);
}

function valueAt(map: PlainMap, key: unknown): unknown {
  return has(map, key) ? (member(map, key) ?? null) : null;
}

/** Gives the value that was there before, as Java does. */
function put(run: Run, map: PlainMap, key: unknown, value: unknown): unknown {
  const name = keyText(key);
  if (name === undefined) throw new ExpressionError("A key of a map must be a text or a number.");
  const before = member(map, name) ?? null;
  setKey(ownMap(run, map), name, value);
  return before;
}

function remove(run: Run, map: PlainMap, key: unknown): unknown {
  const before = valueAt(map, key);
  if (!has(map, key)) return null;
  const own = ownMap(run, map);
  charged([...keysOf(own)], run.budget);
  deleteKey(own, key);
  return before;
}
