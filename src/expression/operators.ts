import { type Budget, charge, chargeJoined, chargeText } from "./budget.ts";
import { ExpressionError } from "./expression-error.ts";
import { type ArithmeticOperator, calculate, doubleOf } from "./numbers.ts";
import { isEqual, isList, isMap, isSame, javaText, kindOf } from "./values.ts";

/** Longer lists belong in files. */
const LONGEST_RANGE = 100_000;

export type Operator = (left: unknown, right: unknown, budget: Budget) => unknown;

/** The operators whose two sides are always evaluated. `and`, `or`, `~` and `??` are compiled on their own. */
export const operators: Readonly<Record<string, Operator>> = {
  "+": add,
  "-": subtract,
  "*": (left, right) => arithmetic("*", left, right),
  "/": (left, right) => arithmetic("/", left, right),
  "%": (left, right) => arithmetic("%", left, right),
  "==": isEqual,
  equals: isEqual,
  "!=": (left, right, budget) => !isEqual(left, right, budget),
  "<": (left, right) => compare("<", left, right, (first, second) => first < second),
  ">": (left, right) => compare(">", left, right, (first, second) => first > second),
  "<=": (left, right) => compare("<=", left, right, (first, second) => first <= second),
  ">=": (left, right) => compare(">=", left, right, (first, second) => first >= second),
  contains,
  isIn,
  "..": (left, right, budget) => rangeOf(left, right, 1, budget),
};

/** Operators that let a missing variable through; the others make a failure of it that `??` does not excuse. */
export const openOperators: ReadonlySet<string> = new Set(["contains", "isIn", ".."]);

/** The sign before a number multiplies it by an Integer. */
export function signed(sign: 1 | -1, value: unknown): unknown {
  return arithmetic("*", sign, value);
}

/** Orders two numbers or two texts; anything else has no order. */
export function orderOf(left: unknown, right: unknown): number | undefined {
  if (typeof left === "string" && typeof right === "string") return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left === "bigint" && typeof right === "bigint") return left < right ? -1 : left > right ? 1 : 0;
  const first = doubleOf(left);
  const second = doubleOf(right);
  if (first !== undefined && second !== undefined) return first < second ? -1 : first > second ? 1 : 0;
  if (typeof left === "boolean" && typeof right === "boolean") return Number(left) - Number(right);
  return undefined;
}

/** The numbers (or single letters) from one to another, both included. */
export function rangeOf(start: unknown, end: unknown, increment: number, budget: Budget): unknown[] {
  const areLetters = isLetter(start) && isLetter(end);
  const from = areLetters ? start.charCodeAt(0) : integerOf(start);
  const to = areLetters ? end.charCodeAt(0) : integerOf(end);
  if (from === undefined || to === undefined) {
    throw new ExpressionError("A range goes from a number to a number, or from a letter to a letter.");
  }
  if (increment === 0) throw new ExpressionError("The increment of a range must be different from 0.");
  const count = Math.max(0, Math.floor((to - from) / increment) + 1);
  if (!(count <= LONGEST_RANGE)) throw new ExpressionError(`A range has at most ${LONGEST_RANGE} items.`);
  charge(budget, count);
  const numbers = Array.from({ length: count }, (_, index) => from + index * increment);
  return numbers.map((code) => (areLetters ? String.fromCharCode(code) : BigInt(code)));
}

function add(left: unknown, right: unknown, budget: Budget): unknown {
  if (typeof left === "string" || typeof right === "string") {
    const texts = [javaText(left, budget), javaText(right, budget)] as const;
    chargeJoined(budget, texts[0].length, texts[1].length);
    return texts[0] + texts[1];
  }
  return arithmetic("+", left, right);
}

function subtract(left: unknown, right: unknown, budget: Budget): unknown {
  if (!isList(left)) return arithmetic("-", left, right);
  const removed = isList(right) ? right : [right];
  return left.filter((item) => !removed.some((other) => isSame(item, other, budget)));
}

function arithmetic(operator: ArithmeticOperator, left: unknown, right: unknown): unknown {
  const result = calculate(operator, left, right);
  if (result !== undefined) return result;
  throw new ExpressionError(
    `The operator \`${operator}\` needs two numbers, not ${kindOf(left)} and ${kindOf(right)}.`,
  );
}

/** Only numbers have an order that can be asked for; null is neither before nor after anything. */
function compare(
  operator: string,
  left: unknown,
  right: unknown,
  test: (first: number, second: number) => boolean,
): boolean {
  if (left === null || right === null || left === undefined || right === undefined) return false;
  const first = doubleOf(left);
  const second = doubleOf(right);
  if (first !== undefined && second !== undefined) return test(first, second);
  throw new ExpressionError(
    `The operator \`${operator}\` cannot compare ${kindOf(left)} with ${kindOf(right)}: it takes two numbers.`,
  );
}

function contains(holder: unknown, wanted: unknown, budget: Budget): boolean {
  if (holder === null || holder === undefined) return false;
  if (typeof holder === "string") {
    chargeText(budget, holder.length);
    return holder.includes(javaText(wanted, budget));
  }
  if (isMap(holder)) return typeof wanted === "string" && Object.hasOwn(holder, wanted);
  if (!isList(holder))
    throw new ExpressionError(`${kindOf(holder)} contains nothing; a text, a list or a map does.`);
  const all = isList(wanted) ? wanted : [wanted];
  return all.every((one) => holder.some((item) => isSame(item, one, budget)));
}

/** Whether a list has an item, or a map a key or value, that is the same as text. */
function isIn(wanted: unknown, holder: unknown, budget: Budget): boolean {
  if (wanted === null || wanted === undefined) return false;
  const isWanted = (item: unknown) => javaText(item, budget) === text;
  const text = javaText(wanted, budget);
  if (isList(holder)) {
    charge(budget, holder.length);
    return holder.some((item) => item !== null && item !== undefined && isWanted(item));
  }
  if (!isMap(holder)) return false;
  const keys = Object.keys(holder);
  charge(budget, keys.length);
  return keys.some((key) => key === text || (holder[key] !== null && isWanted(holder[key])));
}

function isLetter(value: unknown): value is string {
  return typeof value === "string" && value.length === 1;
}

function integerOf(value: unknown): number | undefined {
  const number = doubleOf(value);
  return number === undefined || !Number.isSafeInteger(Math.trunc(number)) ? undefined : Math.trunc(number);
}
