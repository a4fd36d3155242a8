import type { Test } from "./callable.ts";
import { ExpressionError } from "./expression-error.ts";
import { isJsonText } from "./json-text.ts";
import { doubleOf, isFloat } from "./numbers.ts";
import { isEntry, isList, isMap, kindOf } from "./values.ts";

const plain = (apply: (input: unknown) => boolean): Test => ({ parameters: [], apply });

/** What may stand behind `is` and `is not`. */
export const tests: Readonly<Record<string, Test>> = {
  defined: { parameters: [], isLenient: true, apply: (input) => input !== null && input !== undefined },
  null: plain((input) => input === null || input === undefined),
  empty: plain(isEmpty),
  even: plain((input) => !isOdd(input)),
  odd: plain(isOdd),
  iterable: plain(isList),
  map: plain((input) => isMap(input) && !isEntry(input)),
  json: {
    parameters: [],
    apply(input, _, run) {
      if (typeof input !== "string")
        throw new ExpressionError(`Only a text is JSON or not, not ${kindOf(input)}.`);
      return isJsonText(input, run.budget);
    },
  },
};

/** Pebble's emptiness: null, a blank text, a list or map without items. */
export function isEmpty(input: unknown): boolean {
  if (input === null || input === undefined) return true;
  if (typeof input === "string") return input.trim() === "";
  if (isList(input)) return input.length === 0;
  return isMap(input) && Object.keys(input).length === 0;
}

function isOdd(input: unknown): boolean {
  const number = doubleOf(input);
  if (number === undefined || isFloat(input))
    throw new ExpressionError(`Only a whole number is even or odd, not ${kindOf(input)}.`);
  return typeof input === "bigint" ? input % 2n !== 0n : number % 2 !== 0;
}
