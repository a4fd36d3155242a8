import { type Budget, charge } from "../budget.ts";
import { ExpressionError } from "../expression-error.ts";
import { JqBreak, JqError } from "./jq-error.ts";
import { type Machine, valuesOf } from "./jq-items.ts";
import { evaluate } from "./jq-machine.ts";
import { natives } from "./jq-natives.ts";
import { parseJq } from "./jq-parser.ts";
import { preludeEnv } from "./jq-prelude.ts";
import type { Node } from "./jq-syntax.ts";

/** Longer programs belong in files. */
const LONGEST_PROGRAM = 20_000;
const MOST_KEPT = 200;
const kept = new Map<string, Node>();

/**
 * Runs a jq program on a value and gives all results. It is an interpreter of our own: every step is paid from the budget of the
 * expression around, so that no program runs or grows without end.
 */
export function runJq(program: string, value: unknown, budget: Budget): unknown[] {
  const node = parsed(program, budget);
  const machine: Machine = { budget, natives, prelude: preludeEnv, evaluate };
  const results: unknown[] = [];
  try {
    for (const result of valuesOf(machine, { node, env: undefined }, value)) results.push(result);
  } catch (error) {
    if (error instanceof JqBreak) throw new ExpressionError("The jq program breaks out of nothing.");
    if (!(error instanceof JqError)) throw error;
    // `error(null)` ends a program without saying anything.
    if (error.value !== null)
      throw new ExpressionError(`The jq program failed: ${error.message}`, "", undefined, { cause: error });
  }
  return results;
}

function parsed(program: string, budget: Budget): Node {
  if (program.length > LONGEST_PROGRAM) throw new ExpressionError("The jq program is too long.");
  const known = kept.get(program);
  if (known !== undefined) return known;
  charge(budget, 50 + program.length);
  const node = parseJq(program);
  if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value as string);
  kept.set(program, node);
  return node;
}
