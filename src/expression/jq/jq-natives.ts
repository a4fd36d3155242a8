import { type Budget, charge } from "../budget.ts";
import { doubleOf } from "../numbers.ts";
import { isList, isMap } from "../values.ts";
import { JqError } from "./jq-error.ts";
import { type Closure, type Item, type Machine, made, type Native, run, valuesOf } from "./jq-items.ts";
import { listNatives } from "./jq-natives-lists.ts";
import { mathNatives } from "./jq-natives-math.ts";
import { regexNatives } from "./jq-natives-regex.ts";
import { textNatives } from "./jq-natives-texts.ts";
import { deletePaths, getPath, type Path, setPath } from "./jq-paths.ts";
import { pure } from "./jq-pure.ts";
import { isTruthy, numeric, toText, whole } from "./jq-values.ts";

/** Functions that run other filters, or know about paths. */
const control: Readonly<Record<string, Native>> = {
  "empty/0": function* () {},
  "not/0": pure((_, value) => !isTruthy(value)),
  // Null is no error, and nothing comes of it.
  "error/0": ({ budget }, _, { value }) => {
    if (value !== null) throw errorOf(value, budget);
    return [];
  },
  "error/1": (machine, [message], { value }) => {
    for (const text of valuesOf(machine, message as Closure, value))
      if (text !== null) throw errorOf(text, machine.budget);
    return [];
  },
  "path/1": function* (machine, [filter], input) {
    for (const { path } of run(machine, filter as Closure, { value: input.value, path: [] })) {
      if (path === null || path === undefined) throw new JqError("Invalid path expression");
      yield made(path, input);
    }
  },
  "getpath/1": function* (machine, [wanted], input) {
    for (const path of valuesOf(machine, wanted as Closure, input.value)) {
      const steps = pathOf(path);
      const value = getPath(input.value, steps, machine.budget);
      yield input.path === undefined || input.path === null
        ? made(value, input)
        : { value, path: [...input.path, ...steps] };
    }
  },
  "setpath/2": pure(({ budget }, value, path, inner) => setPath(value, pathOf(path), inner, budget)),
  "delpaths/1": pure(({ budget }, value, paths) => {
    if (!isList(paths)) throw new JqError("Paths must be specified as an array");
    return deletePaths(value, paths.map(pathOf), budget);
  }),
  "_recurse/1": function* (machine, [filter], input) {
    const waiting: Iterator<Item>[] = [[input].values()];
    while (waiting.length > 0) {
      charge(machine.budget, 1);
      const step = (waiting.at(-1) as Iterator<Item>).next();
      if (step.done === true) {
        waiting.pop();
        continue;
      }
      yield step.value;
      waiting.push(run(machine, filter as Closure, step.value)[Symbol.iterator]());
    }
  },
  "while/2": function* (machine, [condition, update], input) {
    yield* repeat(machine, condition as Closure, update as Closure, input, true);
  },
  "until/2": function* (machine, [condition, update], input) {
    yield* repeat(machine, condition as Closure, update as Closure, input, false);
  },
  "limit/2": function* (machine, [count, filter], input) {
    for (const most of valuesOf(machine, count as Closure, input.value)) {
      const wanted = doubleOf(most) ?? 0;
      if (wanted < 0) yield* run(machine, filter as Closure, input);
      if (wanted > 0) yield* take(wanted, run(machine, filter as Closure, input));
    }
  },
  "first/1": (machine, [filter], input) => take(1, run(machine, filter as Closure, input)),
  "last/1": function* (machine, [filter], input) {
    let last = made(null, input);
    for (const item of run(machine, filter as Closure, input)) last = item;
    yield last;
  },
  "builtins/0": pure((machine) => [...machine.natives.keys()].filter((name) => !name.startsWith("_"))),
  "range/2": (machine, args, input) => range(machine, args, input),
  "range/3": (machine, args, input) => range(machine, args, input),
};

export const natives: ReadonlyMap<string, Native> = new Map(
  Object.entries({ ...control, ...listNatives, ...mathNatives, ...regexNatives, ...textNatives }),
);

function errorOf(value: unknown, budget: Budget): JqError {
  return new JqError(value, toText(value, budget));
}

function pathOf(path: unknown): Path {
  if (!isList(path)) throw new JqError("Path must be specified as an array");
  for (const key of path)
    if (key !== null && typeof key !== "string" && doubleOf(key) === undefined && !isMap(key))
      throw new JqError("Invalid path");
  return path;
}

/** `while`: each value as long as the condition holds; `until`: the first for which it does. */
function* repeat(
  machine: Machine,
  condition: Closure,
  update: Closure,
  input: Item,
  isWhile: boolean,
): Generator<Item> {
  const waiting: Iterator<Item>[] = [[input].values()];
  while (waiting.length > 0) {
    charge(machine.budget, 1);
    const step = (waiting.at(-1) as Iterator<Item>).next();
    if (step.done === true) {
      waiting.pop();
      continue;
    }
    for (const holds of valuesOf(machine, condition, step.value.value)) {
      if (isWhile !== isTruthy(holds)) {
        if (!isWhile) yield step.value;
        continue;
      }
      if (isWhile) yield step.value;
      waiting.push(run(machine, update, step.value)[Symbol.iterator]());
    }
  }
}

function* take(count: number, items: Iterable<Item>): Generator<Item> {
  let left = count;
  for (const item of items) {
    yield item;
    left -= 1;
    if (left <= 0) return;
  }
}

function* range(machine: Machine, [from, to, by]: readonly Closure[], input: Item): Generator<Item> {
  const numbers = function* (closure: Closure | undefined, missing: number): Generator<number | bigint> {
    if (closure === undefined) yield missing;
    else
      for (const value of valuesOf(machine, closure, input.value)) {
        const number = doubleOf(value);
        if (number === undefined) throw new JqError("Range bounds must be numeric");
        yield typeof value === "bigint" ? value : numeric(number);
      }
  };
  for (const step of numbers(by, 1))
    for (const end of numbers(to, 0))
      for (const start of numbers(from, 0)) {
        if (step === 0) continue;
        for (let at = start; step > 0 ? at < end : at > end; at = stepped(at, step)) {
          charge(machine.budget, 1);
          yield made(at, input);
        }
      }
}

/** The next number, with all its digits where it is whole: doubles beyond 53 bits would stay where they are. */
function stepped(at: number | bigint, step: number | bigint): number | bigint {
  const isPlain = typeof at === "number" && typeof step === "number";
  const next = Number(at) + Number(step);
  if ((isPlain && Number.isSafeInteger(next)) || !isWhole(at) || !isWhole(step)) return next;
  return whole(BigInt(at) + BigInt(step));
}

function isWhole(number: number | bigint): boolean {
  return typeof number === "bigint" || Number.isSafeInteger(number);
}
