import type { WholeFloat } from "../base/whole-float.ts";
import { charge, chargeText } from "./budget.ts";
import { listMethods } from "./list-methods.ts";
import { mapMethods } from "./map-methods.ts";
import { find } from "./method-table.ts";
import { booleanMethods, numberMethods } from "./number-methods.ts";
import { numberKind } from "./numbers.ts";
import type { Run } from "./run.ts";
import { textMethods, unread } from "./text-methods.ts";
import { isList, isMap } from "./values.ts";

/** The methods that there are, by what they are called on. */
export const methodNames: Readonly<Record<string, readonly string[]>> = {
  "a text": [...textMethods.keys()],
  "a list": [...listMethods.keys()],
  "a map": [...mapMethods.keys()],
  "a number": [...numberMethods.keys()],
  "a boolean": [...booleanMethods.keys()],
};

/** Calls a method of a value; undefined where Java finds none of that name for these arguments. */
export function callMethod(target: unknown, name: string, args: readonly unknown[], run: Run): unknown {
  charge(run.budget, 1);
  if (typeof target === "string") {
    if (!unread.has(name)) chargeText(run.budget, target.length);
    return find(textMethods, target, name, args, run);
  }
  if (isList(target)) return find(listMethods, target, name, args, run);
  if (isMap(target)) return find(mapMethods, target, name, args, run);
  if (numberKind(target) !== undefined)
    return find(numberMethods, target as number | bigint | WholeFloat, name, args, run);
  return typeof target === "boolean" ? find(booleanMethods, target, name, args, run) : undefined;
}

/** Whether a text may have something of that name: a method of Java's, also without its `get` or `is`. */
export function isOfText(name: string): boolean {
  const rest = name.charAt(0).toUpperCase() + name.slice(1);
  return [name, `get${rest}`, `is${rest}`].some((each) => textMethods.has(each));
}

/** What `value.name` is when it is no member: a method that takes nothing, also without its `get` or `is`. Maps have keys only. */
export function getterOf(target: unknown, name: string, run: Run): unknown {
  if (target === null || target === undefined || isMap(target)) return undefined;
  const value = callMethod(target, name, [], run);
  if (value !== undefined || name === "") return value;
  const rest = name.charAt(0).toUpperCase() + name.slice(1);
  return callMethod(target, `get${rest}`, [], run) ?? callMethod(target, `is${rest}`, [], run);
}
