import { ExpressionError, LimitError, OutOfPatience } from "./expression-error.ts";

/**
 * What one render may cost. Everything that loops, allocates or recurses pays: a hostile template ends with an error after
 * about a second.
 */
export interface Budget {
  steps: number;
  untilClock: number;
  deadline: number | undefined;
  /** A small part of what is allowed. What takes more is no fault yet: it is rendered anew, elsewhere. */
  readonly isShort: boolean;
}

/** A million turns of a loop; ordinary templates take less than a hundred. */
const MOST_STEPS = 1_000_000;
export const LONGEST_MS = 2_000;
/** What a rendering may take of a thread that has other work to do. Ordinary templates take less than a hundredth of it. */
const SHORT_STEPS = 50_000;
const SHORT_MS = 50;
/** Reading the clock is dear compared with a step. */
const STEPS_PER_CLOCK = 2_000;
/** Longer texts belong in files. */
const LONGEST_TEXT = 16 * 1024 * 1024;
/** Characters that cost as much as one step. */
const CHARACTERS_PER_STEP = 64;
/** Items that are copied from list to list at the cost of one step. */
const COPIES_PER_STEP = 128;
/** How deep values may be nested when they are printed, compared or copied. */
export const DEEPEST_VALUE = 200;

export function newBudget(): Budget {
  return { steps: MOST_STEPS, untilClock: STEPS_PER_CLOCK, deadline: undefined, isShort: false };
}

/** A budget that ends with OutOfPatience. */
export function shortBudget(): Budget {
  return { ...newBudget(), steps: SHORT_STEPS, isShort: true };
}

/** How much longer an operation may take that cannot be stopped by steps. */
export function millisecondsLeft(budget: Budget): number {
  const now = performance.now();
  budget.deadline ??= now + longestMs(budget);
  return budget.deadline - now;
}

/** Takes steps from the budget; throws when it is used up. */
export function charge(budget: Budget, steps: number): void {
  budget.steps -= steps;
  // Written so that NaN fails too.
  if (!(budget.steps >= 0)) throw spent(budget, "The expression does too much work.");
  budget.untilClock -= steps;
  if (budget.untilClock < 0) checkClock(budget);
}

/** Pays for a text that is about to exist, before it is made. */
export function chargeText(budget: Budget, length: number): void {
  checkLength(length);
  charge(budget, Math.ceil(length / CHARACTERS_PER_STEP));
}

/**
 * Pays for a text that is about to be made of two. JavaScript copies neither before somebody reads the whole, so what a loop gathers
 * costs what is new in each turn. Where it is read each time it fills memory, which only a process of its own has a limit of: a short
 * budget pays for both.
 */
export function chargeJoined(budget: Budget, left: number, right: number): void {
  checkLength(left + right);
  const characters = budget.isShort ? left + right : Math.min(left, right);
  charge(budget, 1 + Math.ceil(characters / CHARACTERS_PER_STEP));
}

/** Pays for a list that is about to be made of a copy of another and what is new; copying is much less work than making. */
export function chargeCopied(budget: Budget, copied: number, added: number): void {
  charge(budget, 1 + added + (budget.isShort ? copied : Math.ceil(copied / COPIES_PER_STEP)));
}

/** Refuses a text that would be longer than any may be. */
export function checkLength(length: number): void {
  if (!(length <= LONGEST_TEXT)) throw new ExpressionError("The expression makes a text that is too long.");
}

function checkClock(budget: Budget): void {
  budget.untilClock = STEPS_PER_CLOCK;
  if (millisecondsLeft(budget) < 0) throw spent(budget, "The expression takes too long.");
}

function longestMs({ isShort }: Budget): number {
  return isShort ? SHORT_MS : LONGEST_MS;
}

function spent({ isShort }: Budget, message: string): ExpressionError {
  return isShort ? new OutOfPatience() : new LimitError(message);
}
