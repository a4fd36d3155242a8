import { shorten } from "../base/shorten.ts";
import { newBudget } from "../expression/budget.ts";
import { textOf } from "../expression/values.ts";

/** More of a value nobody reads in a sentence. */
const LONGEST_SHOWN = 200;

/** "this is `0s`", for whoever reads what was expected: a template stands in the flow, and not what it gave. */
export function whatCame(value: unknown): string {
  const text = textOf(value, newBudget());
  return text === "" ? "this is empty" : `this is \`${shorten(text, LONGEST_SHOWN)}\``;
}
