import { closest, distance } from "fastest-levenshtein";
import { isSwap } from "../base/is-swap.ts";
import { ExpressionSyntaxError } from "./expression-error.ts";
import type { Arguments, Expression } from "./syntax-tree.ts";

/** What a call can be given. */
export interface Signature {
  readonly parameters: readonly string[] | "any";
  readonly required?: number;
}

/** Puts a call's arguments in the order of the parameters. Fails on one that does not exist, is given twice or is missing. */
export function bindArguments(
  called: string,
  signature: Signature,
  args: Arguments,
): (Expression | undefined)[] {
  const { parameters } = signature;
  const bound: (Expression | undefined)[] = [];
  const fail = (message: string): never => {
    throw new ExpressionSyntaxError(message, args.lineno + 1, args.colno + 1);
  };
  for (const argument of args.children) {
    if (argument.typename !== "KeywordArgs") {
      if (parameters !== "any" && bound.length >= parameters.length)
        fail(`${called} takes at most ${parameters.join(", ")}.`);
      bound.push(argument);
      continue;
    }
    // What names no arguments of its own passes over those that have names.
    if (parameters === "any") continue;
    for (const { key, value } of argument.children) {
      const name = key.typename === "Symbol" ? key.value : "";
      const index = parameters.indexOf(name);
      if (index < 0) fail(`${called} has no argument \`${name}\`.${didYouMean(name, parameters)}`);
      if (bound[index] !== undefined) fail(`${called} is given \`${name}\` twice.`);
      bound[index] = value;
    }
  }
  for (let index = 0; index < (signature.required ?? 0); index += 1) {
    if (bound[index] === undefined) fail(`${called} needs an argument \`${parameters[index]}\`.`);
  }
  return Array.from(bound);
}

/** What other languages call otherwise. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ["len", "length"],
  ["size", "length"],
  ["count", "length"],
  ["toupper", "upper"],
  ["touppercase", "upper"],
  ["uppercase", "upper"],
  ["tolower", "lower"],
  ["tolowercase", "lower"],
  ["lowercase", "lower"],
  ["strip", "trim"],
  ["tojson", "toJson"],
]);

export function otherNameOf(name: string): string | undefined {
  return elsewhere.get(name.toLowerCase());
}

/** " Did you mean `x`?" when one of the names is near, else nothing. */
export function didYouMean(name: string, names: readonly string[]): string {
  if (name === "" || names.length === 0) return "";
  const lower = name.toLowerCase();
  const same =
    names.find((one) => one.toLowerCase() === lower) ??
    names.find((one) => one === otherNameOf(name)) ??
    names.find((one) => isSwap(name, one));
  const nearest = same ?? closest(name, names);
  const isNear = same !== undefined || distance(name, nearest) <= Math.max(1, Math.floor(name.length / 3));
  return isNear ? ` Did you mean \`${nearest}\`?` : "";
}
