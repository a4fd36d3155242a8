import { type Budget, charge, chargeText } from "./budget.ts";
import { ExpressionError } from "./expression-error.ts";
import { isEqual, isList, isMap, keyText, kindOf, textOf, WholeFloat } from "./values.ts";

/** Longer lists belong in files. */
const LONGEST_RANGE = 100_000;

export type Operator = (left: unknown, right: unknown, budget: Budget) => unknown;

/** The operators whose two sides are always evaluated. `and`, `or`, `~` and `??` are compiled on their own. */
export const operators: Readonly<Record<string, Operator>> = {
  "+": add,
  "-": (left, right, budget) =>
    isList(left)
      ? left.filter(
          (item) => !(isList(right) ? right : [right]).some((other) => isEqual(item, other, budget)),
        )
      : arithmetic("-", left, right),
  "*": (left, right) => arithmetic("*", left, right),
  "/": (left, right) => arithmetic("/", left, right),
  "%": (left, right) => arithmetic("%", left, right),
  "==": isEqual,
  equals: isEqual,
  "!=": (left, right, budget) => !isEqual(left, right, budget),
  "<": (left, right) => compare("<", left, right, (order) => order < 0),
  ">": (left, right) => compare(">", left, right, (order) => order > 0),
  "<=": (left, right) => compare("<=", left, right, (order) => order <= 0),
  ">=": (left, right) => compare(">=", left, right, (order) => order >= 0),
  contains,
  in: (left, right, budget) => contains(right, left, budget),
  isIn: (left, right, budget) => contains(right, left, budget),
  "not in": (left, right, budget) => !contains(right, left, budget),
  "..": (left, right, budget) => rangeOf(left, right, 1, budget),
};

export function negate(value: unknown): unknown {
  return arithmetic("*", -1, value);
}

/** The number a value stands for in arithmetic; a text of digits counts, as in Pebble. */
export function numberOf(value: unknown): { value: number; isFloat: boolean } | undefined {
  if (typeof value === "number") return { value, isFloat: !Number.isInteger(value) };
  if (value instanceof WholeFloat) return { value: value.value, isFloat: true };
  if (typeof value === "string" && /^[+-]?\d{1,15}$/.test(value))
    return { value: Number(value), isFloat: false };
  if (typeof value === "string" && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/.test(value)) {
    return { value: Number(value), isFloat: true };
  }
  return undefined;
}

/** A number that stays a float even without a fraction. */
export function floatOf(value: number): number | WholeFloat {
  return Number.isInteger(value) ? new WholeFloat(value) : value;
}

/** Orders two numbers or two texts; anything else has no order. */
export function orderOf(left: unknown, right: unknown): number | undefined {
  if (typeof left === "string" && typeof right === "string") return left < right ? -1 : left > right ? 1 : 0;
  const first = left instanceof WholeFloat ? left.value : left;
  const second = right instanceof WholeFloat ? right.value : right;
  if (typeof first === "number" && typeof second === "number")
    return first < second ? -1 : first > second ? 1 : 0;
  if (typeof first === "boolean" && typeof second === "boolean") return Number(first) - Number(second);
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
  return areLetters ? numbers.map((code) => String.fromCharCode(code)) : numbers;
}

function add(left: unknown, right: unknown, budget: Budget): unknown {
  if (typeof left === "string" || typeof right === "string") {
    const texts = [textOf(left, budget), textOf(right, budget)] as const;
    chargeText(budget, texts[0].length + texts[1].length);
    return texts[0] + texts[1];
  }
  if (isList(left)) {
    charge(budget, left.length + (isList(right) ? right.length : 1));
    return isList(right) ? [...left, ...right] : [...left, right];
  }
  return arithmetic("+", left, right);
}

function arithmetic(operator: "+" | "-" | "*" | "/" | "%", left: unknown, right: unknown): unknown {
  const first = numberOf(left);
  const second = numberOf(right);
  if (first === undefined || second === undefined) {
    throw new ExpressionError(
      `The operator \`${operator}\` needs two numbers, not ${kindOf(left)} and ${kindOf(right)}.`,
    );
  }
  const isFloat = first.isFloat || second.isFloat;
  if (!isFloat && second.value === 0 && (operator === "/" || operator === "%")) {
    throw new ExpressionError("An integer cannot be divided by zero.");
  }
  const result = calculate(operator, first.value, second.value);
  if (isFloat) return floatOf(result);
  const whole = Math.trunc(result) + 0;
  if (!Number.isSafeInteger(whole)) throw new ExpressionError(`The result of \`${operator}\` is too large.`);
  return whole;
}

function calculate(operator: "+" | "-" | "*" | "/" | "%", left: number, right: number): number {
  if (operator === "+") return left + right;
  if (operator === "-") return left - right;
  if (operator === "*") return left * right;
  return operator === "/" ? left / right : left % right;
}

function compare(operator: string, left: unknown, right: unknown, test: (order: number) => boolean): boolean {
  if (left === null || right === null || left === undefined || right === undefined) return false;
  const order = orderOf(left, right);
  if (order === undefined) {
    throw new ExpressionError(
      `The operator \`${operator}\` cannot compare ${kindOf(left)} with ${kindOf(right)}.`,
    );
  }
  return test(order);
}

function contains(holder: unknown, wanted: unknown, budget: Budget): boolean {
  if (holder === null || holder === undefined) return false;
  if (typeof holder === "string") {
    chargeText(budget, holder.length);
    return holder.includes(textOf(wanted, budget));
  }
  if (isMap(holder)) {
    const key = keyText(wanted);
    return key !== undefined && Object.hasOwn(holder, key);
  }
  if (!isList(holder))
    throw new ExpressionError(`${kindOf(holder)} contains nothing; a text, a list or a map does.`);
  const all = isList(wanted) ? wanted : [wanted];
  return all.every((one) => holder.some((item) => isEqual(item, one, budget)));
}

function isLetter(value: unknown): value is string {
  return typeof value === "string" && value.length === 1 && !/\d/.test(value);
}

function integerOf(value: unknown): number | undefined {
  const number = numberOf(value);
  return number === undefined || !Number.isFinite(number.value) ? undefined : Math.trunc(number.value);
}
