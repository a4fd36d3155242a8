import { keysOf, valuesOf as valuesOfMap } from "../../base/key-order.ts";
import { type Budget, charge, chargeText } from "../budget.ts";
import { doubleOf } from "../numbers.ts";
import { isList, isMap, javaText } from "../values.ts";
import { JqError } from "./jq-error.ts";
import { type Closure, type Machine, made, type Native, valuesOf } from "./jq-items.ts";
import { indicesOf } from "./jq-paths.ts";
import { pure } from "./jq-pure.ts";
import { compare, numeric, shown, typeOf } from "./jq-values.ts";

/** Functions of lists and maps. */
export const listNatives: Readonly<Record<string, Native>> = {
  "length/0": pure(({ budget }, value) => lengthOf(value, budget)),
  "keys/0": pure(({ budget }, value) => allKeys(value, budget).sort()),
  "keys_unsorted/0": pure(({ budget }, value) => allKeys(value, budget)),
  "has/1": pure((_, value, key) => {
    if (value === null) return false;
    if (isMap(value) && typeof key === "string") return Object.hasOwn(value, key);
    const index = doubleOf(key);
    if (isList(value) && Number.isInteger(index)) return Number(index) >= 0 && Number(index) < value.length;
    throw new JqError(`Cannot check whether ${typeOf(value)} has a ${typeOf(key)} key`);
  }),
  "contains/1": pure(({ budget }, value, other) => contains(value, other, budget)),
  // What has no length has nothing to reverse.
  "reverse/0": pure(({ budget }, value) =>
    lengthOf(value, budget) === 0 ? [] : listOf("reverse", value, budget).toReversed(),
  ),
  "join/1": pure(({ budget }, value, glue) => {
    const items = isMap(value) ? valuesOfMap(value) : listOf("join", value, budget);
    if (items.length > 1 && glue !== null && typeof glue !== "string")
      throw new JqError(`join is not applicable to ${typeOf(glue).toUpperCase()}`);
    const text = items.map((item) => joined(item, budget)).join(typeof glue === "string" ? glue : "");
    chargeText(budget, text.length);
    return text;
  }),
  "flatten/0": pure(({ budget }, value) => flatten(partsOf(value, budget), Number.POSITIVE_INFINITY, budget)),
  "flatten/1": pure(({ budget }, value, depth) => {
    const levels = doubleOf(depth);
    if (levels === undefined || levels < 0) throw new JqError("flatten depth must not be negative");
    return flatten(partsOf(value, budget), levels, budget);
  }),
  "indices/1": pure(({ budget }, value, wanted) => {
    if (value === null) return null;
    if (typeof value === "string" && typeof wanted === "string") return textIndices(value, wanted, budget);
    if (isList(value)) return indicesOf(value, isList(wanted) ? wanted : [wanted], budget);
    throw new JqError(`Cannot determine indices of ${typeOf(wanted)} in ${typeOf(value)}`);
  }),
  "sort_by/1": byKey("sort_by", (ranked) => ranked.map(({ item }) => item)),
  "_group_by/1": byKey("group_by", (ranked, budget) => {
    const groups: { key: unknown; items: unknown[] }[] = [];
    for (const { key, item } of ranked) {
      const last = groups.at(-1);
      if (last !== undefined && compare(last.key, key, budget) === 0) last.items.push(item);
      else groups.push({ key, items: [item] });
    }
    return groups.map(({ items }) => items);
  }),
  "min_by/1": byKey("min_by", (ranked) => ranked[0]?.item ?? null),
  "max_by/1": byKey("max_by", (ranked) => ranked.at(-1)?.item ?? null),
};

/** A function of a list and of what a filter makes of each item, in the order of that. */
function byKey(
  name: string,
  choose: (ranked: { key: unknown; item: unknown }[], budget: Budget) => unknown,
): Native {
  return function* (machine: Machine, [filter], input) {
    const { budget } = machine;
    const ranked = listOf(name, input.value, budget).map((item) => ({
      item,
      key: [...valuesOf(machine, filter as Closure, item)],
    }));
    yield made(
      choose(
        ranked.sort((left, right) => compare(left.key, right.key, budget)),
        budget,
      ),
      input,
    );
  };
}

function listOf(name: string, value: unknown, budget: Budget): unknown[] {
  if (!isList(value))
    throw new JqError(`${name} is not applicable to ${typeOf(value).toUpperCase()}; expected one of [ARRAY]`);
  charge(budget, value.length);
  return value;
}

/** What `flatten` takes apart: also maps, whose values it takes. */
function partsOf(value: unknown, budget: Budget): unknown[] {
  return listOf("flatten", isMap(value) ? valuesOfMap(value) : value, budget);
}

function lengthOf(value: unknown, budget: Budget): unknown {
  if (value === null) return 0;
  if (typeof value === "string") {
    chargeText(budget, value.length);
    return [...value].length;
  }
  if (isList(value)) return value.length;
  if (isMap(value)) return Object.keys(value).length;
  const number = doubleOf(value);
  if (number === undefined) throw new JqError(`${shown(value, budget)} has no length`);
  return numeric(Math.abs(number));
}

function joined(item: unknown, budget: Budget): string {
  if (isList(item) || isMap(item)) throw new JqError(`${shown(item, budget)} cannot be joined`);
  return item === null ? "" : javaText(item, budget);
}

function allKeys(value: unknown, budget: Budget): unknown[] {
  if (isMap(value)) {
    const keys = keysOf(value);
    charge(budget, keys.length);
    return [...keys];
  }
  if (!isList(value)) throw new JqError(`${shown(value, budget)} has no keys`);
  charge(budget, value.length);
  return value.map((_, index) => index);
}

function contains(value: unknown, other: unknown, budget: Budget): boolean {
  charge(budget, 1);
  if (isMap(value) && isMap(other))
    return Object.keys(other).every(
      (key) => Object.hasOwn(value, key) && contains(value[key], other[key], budget),
    );
  if (isList(value) && isList(other))
    return other.every((one) => value.some((item) => canContain(item, one) && contains(item, one, budget)));
  if (typeof value === "string" && typeof other === "string") {
    chargeText(budget, value.length);
    return value.includes(other);
  }
  if (typeOf(value) !== typeOf(other))
    throw new JqError(
      `${shown(value, budget)} and ${shown(other, budget)} cannot have their containment checked`,
    );
  return compare(value, other, budget) === 0;
}

function canContain(value: unknown, other: unknown): boolean {
  return typeOf(value) === typeOf(other);
}

function flatten(list: unknown[], depth: number, budget: Budget): unknown[] {
  charge(budget, list.length);
  return list.flatMap((item) => (isList(item) && depth > 0 ? flatten(item, depth - 1, budget) : [item]));
}

function textIndices(text: string, wanted: string, budget: Budget): number[] | null {
  if (wanted === "") return null;
  const found: number[] = [];
  chargeText(budget, text.length);
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    charge(budget, 1);
    found.push(at);
  }
  return found;
}
