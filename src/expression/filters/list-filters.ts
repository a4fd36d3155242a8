import { keysOf, setKey } from "../../base/key-order.ts";
import { integerArgument, listInput, strictText } from "../arguments.ts";
import { charge, chargeCopied, chargeText } from "../budget.ts";
import type { Filter, Filters } from "../callable.ts";
import { replaceItems } from "../changes.ts";
import { ExpressionError } from "../expression-error.ts";
import { capacityFor, hashesIn, hashOfValue, inHashOrder, USUAL_CAPACITY } from "../java-map.ts";
import { numberKind } from "../numbers.ts";
import { orderOf } from "../operators.ts";
import type { Run } from "../run.ts";
import { entriesOf, isEntry, isList, isMap, javaText, jsonOf, kindOf, type PlainMap } from "../values.ts";

/** A filter of lists: null stays null. */
function ofList(
  name: string,
  parameters: string[],
  apply: (list: unknown[], args: readonly unknown[], run: Run) => unknown,
): Filter {
  return {
    parameters,
    apply(input, args, run) {
      if (input === null || input === undefined) return null;
      const list = listInput(input, name);
      charge(run.budget, list.length);
      return apply(list, args, run);
    },
  };
}

export const listFilters: Filters = {
  length: { parameters: [], apply: lengthOf },
  first: { parameters: [], apply: (input) => endOf("first", input, 0) },
  last: { parameters: [], apply: (input) => endOf("last", input, -1) },
  reverse: ofList("reverse", [], (list, _, run) => replaceItems(run, list, list.toReversed())),
  sort: ofList("sort", [], (list, _, run) => replaceItems(run, list, sorted(list, 1, run))),
  rsort: ofList("rsort", [], (list, _, run) => replaceItems(run, list, sorted(list, -1, run))),
  distinct: {
    parameters: [],
    // Null is the text `null` here, as in Kestra.
    apply: (input, args, run) =>
      input === null || input === undefined ? "null" : distinct(listInput(input, "distinct"), args, run),
  },
  flatten: ofList("flatten", [], (list, _, run) => {
    charge(
      run.budget,
      list.reduce<number>((sum, item) => sum + (isList(item) ? item.length : 1), 0),
    );
    return list.flat(1);
  }),
  chunk: {
    ...ofList("chunk", ["size"], (list, [size]) => chunks(list, integerArgument(size, "size"))),
    required: 1,
  },
  join: ofList("join", ["separator"], (list, [separator], run) => {
    const glue = separator === null || separator === undefined ? "" : strictText(separator, "separator");
    const texts = list.map((item) => javaText(item, run.budget));
    chargeText(
      run.budget,
      texts.reduce((sum, text) => sum + text.length + glue.length, 0),
    );
    return texts.join(glue);
  }),
  slice: { parameters: ["fromIndex", "toIndex"], apply: slice },
  keys: {
    parameters: [],
    apply(input, _, run) {
      if (input === null || input === undefined) return null;
      charge(run.budget, lengthOf(input));
      if (isMap(input)) return [...keysOf(input)];
      return listInput(input, "keys").map((_item, index) => index);
    },
  },
  values: {
    parameters: [],
    apply(input, _, run) {
      if (input === null || input === undefined) return null;
      if (!isMap(input))
        throw new ExpressionError(`The filter \`values\` needs a map, not ${kindOf(input)}.`);
      charge(run.budget, lengthOf(input));
      return keysOf(input).map((key) => input[key]);
    },
  },
  merge: { parameters: ["items"], apply: merge },
};

function lengthOf(input: unknown): number {
  if (typeof input === "string" || isList(input)) return input.length;
  return isMap(input) && !isEntry(input) ? Object.keys(input).length : 0;
}

function endOf(name: string, input: unknown, index: 0 | -1): unknown {
  if (input === null || input === undefined) return null;
  if (input === "") throw new ExpressionError(`The filter \`${name}\` needs a text that is not empty.`);
  if (typeof input === "string") return input.at(index) ?? null;
  return listInput(input, name).at(index) ?? null;
}

function sorted(list: unknown[], direction: 1 | -1, run: Run): unknown[] {
  charge(run.budget, list.length * Math.ceil(Math.log2(list.length + 1)));
  return list.toSorted((left, right) => {
    const order = orderOf(left, right);
    if (order === undefined) throw new ExpressionError(`${kindOf(left)} and ${kindOf(right)} have no order.`);
    return order * direction;
  });
}

function distinct(list: unknown[], _: readonly unknown[], run: Run): unknown[] {
  const seen = new Map<string, unknown>();
  for (const item of list) {
    // Java tells 1 from 1.0.
    const key = `${numberKind(item) ?? typeof item} ${jsonOf(item, run.budget, { keepsNull: true })}`;
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}

function chunks(list: unknown[], size: number): unknown[][] {
  if (size < 1) throw new ExpressionError("The argument `size` must be at least 1.");
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}

function slice(input: unknown, [fromIndex, toIndex]: readonly unknown[], run: Run): unknown {
  if (input === null || input === undefined) return null;
  if (typeof input !== "string" && !isList(input)) {
    throw new ExpressionError(`The filter \`slice\` needs a text or a list, not ${kindOf(input)}.`);
  }
  const from = fromIndex === null || fromIndex === undefined ? 0 : integerArgument(fromIndex, "fromIndex");
  const to = toIndex === null || toIndex === undefined ? input.length : integerArgument(toIndex, "toIndex");
  if (from > input.length) throw new ExpressionError("The argument `fromIndex` must not be beyond the end.");
  if (from < 0) throw new ExpressionError("The argument `fromIndex` must not be negative.");
  if (to > input.length)
    throw new ExpressionError(`The argument \`toIndex\` must not be beyond ${input.length}.`);
  if (from >= to && toIndex !== null && toIndex !== undefined) {
    throw new ExpressionError("The argument `toIndex` must be greater than `fromIndex`.");
  }
  if (typeof input === "string") chargeText(run.budget, to - from);
  else charge(run.budget, Math.max(0, to - from));
  return input.slice(from, to);
}

/** The left side decides what comes out: a map of both, or a list of both. */
export function merge(input: unknown, [items]: readonly unknown[], run: Run): unknown {
  const isNothing = (value: unknown) => value === null || value === undefined;
  if (isNothing(input) && isNothing(items)) throw new ExpressionError("Both sides of `merge` are null.");
  if (isNothing(input)) return items;
  if (items === null || items === undefined) return input;
  if (isList(input)) {
    chargeCopied(run.budget, input.length, lengthOf(items));
    return input.concat(isMap(items) ? entriesOf(items) : listInput(items, "merge"));
  }
  charge(run.budget, lengthOf(input) + lengthOf(items));
  if (!isMap(input))
    throw new ExpressionError(`The filter \`merge\` needs a list or a map, not ${kindOf(input)}.`);
  const merged: PlainMap = {};
  const hashes = hashesIn(input, items);
  for (const key of keysOf(input)) setKey(merged, key, input[key]);
  if (isMap(items)) for (const key of keysOf(items)) setKey(merged, key, items[key]);
  else
    for (const item of listInput(items, "merge")) {
      const key = javaText(item, run.budget);
      hashes.set(key, hashOfValue(item));
      setKey(merged, key, item);
    }
  const capacity = capacityFor(lengthOf(input) + lengthOf(items) + USUAL_CAPACITY);
  return inHashOrder(merged, capacity, hashes);
}
