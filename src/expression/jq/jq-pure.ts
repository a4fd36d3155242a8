import { type Closure, type Machine, made, type Native, valuesOf } from "./jq-items.ts";

/** A function of its input and of the values of its arguments, for every combination of those. */
export function pure(apply: (machine: Machine, value: unknown, ...args: unknown[]) => unknown): Native {
  return function* (machine, args, input) {
    for (const given of combinations(machine, args, input.value))
      yield made(apply(machine, input.value, ...given), input);
  };
}

function* combinations(machine: Machine, args: readonly Closure[], value: unknown): Generator<unknown[]> {
  const [first, ...others] = args;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const rest of combinations(machine, others, value))
    for (const one of valuesOf(machine, first, value)) yield [one, ...rest];
}
