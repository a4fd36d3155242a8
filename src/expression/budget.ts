import { ExpressionError } from "./expression-error.ts";

/**
 * What one render may cost. Everything that loops, allocates or recurses pays: a hostile template ends with an error after
 * about a second, and nothing else notices it.
 */
export interface Budget {
  steps: number;
  untilClock: number;
  deadline: number | undefined;
}

/** A million turns of a loop; ordinary templates take less than a hundred. */
const MOST_STEPS = 1_000_000;
const LONGEST_MS = 2_000;
/** Reading the clock is dear compared with a step. */
const STEPS_PER_CLOCK = 2_000;
/** Longer texts belong in files. */
const LONGEST_TEXT = 16 * 1024 * 1024;
/** Characters that cost as much as one step. */
const CHARACTERS_PER_STEP = 64;
/** How deep values may be nested when they are printed, compared or copied. */
export const DEEPEST_VALUE = 200;

export function newBudget(): Budget {
  return { steps: MOST_STEPS, untilClock: STEPS_PER_CLOCK, deadline: undefined };
}

/** Whether there was too much to do for it, or too little time. */
export function isSpent({ steps, deadline }: Budget): boolean {
  return !(steps >= 0) || (deadline !== undefined && performance.now() > deadline);
}

/** Takes steps from the budget; throws when it is used up. */
export function charge(budget: Budget, steps: number): void {
  budget.steps -= steps;
  // Written so that NaN fails too.
  if (!(budget.steps >= 0)) throw new ExpressionError("The expression does too much work.");
  budget.untilClock -= steps;
  if (budget.untilClock < 0) checkClock(budget);
}

/** Pays for a text that is about to exist, before it is made. */
export function chargeText(budget: Budget, length: number): void {
  checkLength(length);
  charge(budget, Math.ceil(length / CHARACTERS_PER_STEP));
}

/** Refuses a text that would be longer than any may be. */
export function checkLength(length: number): void {
  if (!(length <= LONGEST_TEXT)) throw new ExpressionError("The expression makes a text that is too long.");
}

function checkClock(budget: Budget): void {
  budget.untilClock = STEPS_PER_CLOCK;
  const now = performance.now();
  budget.deadline ??= now + LONGEST_MS;
  if (now > budget.deadline) throw new ExpressionError("The expression takes too long.");
}
