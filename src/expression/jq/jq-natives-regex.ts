import { setKey } from "../../base/key-order.ts";
import { type Budget, chargeText } from "../budget.ts";
import { type Found, findAll } from "../regex.ts";
import { isList, type PlainMap } from "../values.ts";
import { JqError } from "./jq-error.ts";
import { type Closure, type Machine, made, type Native, valuesOf } from "./jq-items.ts";
import { pure } from "./jq-pure.ts";
import { typeOf } from "./jq-values.ts";

/** Functions of regular expressions, which take linear time whatever they are. */
export const regexNatives: Readonly<Record<string, Native>> = {
  "test/2": pure((machine, value, pattern, flags) => find(machine, value, pattern, flags, 1).length > 0),
  "match/2": function* (machine, [pattern, flags], input) {
    for (const flag of valuesOf(machine, flags as Closure, input.value))
      for (const wanted of valuesOf(machine, pattern as Closure, input.value))
        for (const found of find(machine, input.value, wanted, flag))
          yield made(matchOf(found, textOf(input.value), machine.budget), input);
  },
  "split/2": pure((machine, value, pattern, flags) => {
    const text = textOf(value);
    const parts: string[] = [];
    let from = 0;
    for (const { start, end } of find(machine, value, pattern, `${flags ?? ""}g`)) {
      if (start === end) continue;
      parts.push(text.slice(from, start));
      from = end;
    }
    return [...parts, text.slice(from)];
  }),
  "sub/3": function* (machine, [pattern, replacement, flags], input) {
    for (const flag of valuesOf(machine, flags as Closure, input.value))
      for (const wanted of valuesOf(machine, pattern as Closure, input.value)) {
        const found = find(machine, input.value, wanted, flag);
        for (const text of substitutions(machine, replacement as Closure, textOf(input.value), found, 0, 0))
          yield made(text, input);
      }
  },
};

function textOf(value: unknown): string {
  if (typeof value !== "string")
    throw new JqError(
      `_match_impl/3 is not applicable to ${typeOf(value).toUpperCase()}; expected one of [STRING]`,
    );
  return value;
}

function find(
  machine: Machine,
  value: unknown,
  pattern: unknown,
  flags: unknown,
  most = Number.POSITIVE_INFINITY,
): Found[] {
  const text = textOf(value);
  // `match(["a", "g"])` is another way to write `match("a"; "g")`.
  const [wanted, flag] = isList(pattern) ? [pattern[0], pattern[1] ?? flags] : [pattern, flags];
  if (typeof wanted !== "string")
    throw new JqError(`${typeOf(wanted)} cannot be matched, as it is not a string`);
  const letters = flag ?? "";
  if (typeof letters !== "string" || /[^gimnpslx]/.test(letters))
    throw new JqError(`${JSON.stringify(letters)} is not a valid modifier string`);
  const count = letters.includes("g") ? most : 1;
  const found = findAll(
    wanted,
    text,
    { isCaseless: letters.includes("i"), hasDotAll: /[sp]/.test(letters) },
    count,
    machine.budget,
  );
  return letters.includes("n") ? found.filter(({ start, end }) => end > start) : found;
}

/** What `match` says of a match; places are counted in characters. */
function matchOf({ start, end, groups }: Found, text: string, budget: Budget): PlainMap {
  chargeText(budget, end * (groups.length + 1));
  const place = (from: number, to: number) => ({
    offset: [...text.slice(0, from)].length,
    length: [...text.slice(from, to)].length,
    string: text.slice(from, to),
  });
  return {
    ...place(start, end),
    captures: groups.map((group) => ({
      ...(group.start < 0 ? { offset: -1, length: 0, string: null } : place(group.start, group.end)),
      ...(group.name === undefined ? {} : { name: group.name }),
    })),
  };
}

/** The text with every match replaced by what the filter makes of its named groups. */
function* substitutions(
  machine: Machine,
  replacement: Closure,
  text: string,
  found: readonly Found[],
  index: number,
  from: number,
): Generator<string> {
  const match = found[index];
  if (match === undefined) {
    yield text.slice(from);
    return;
  }
  if (index >= MOST_SUBSTITUTIONS) throw new JqError("There is too much to substitute");
  const names: PlainMap = {};
  for (const group of match.groups)
    if (group.name !== undefined)
      setKey(names, group.name, group.start < 0 ? null : text.slice(group.start, group.end));
  for (const value of valuesOf(machine, replacement, names)) {
    if (typeof value !== "string") throw new JqError(`A substitution must be a string, not ${typeOf(value)}`);
    for (const rest of substitutions(machine, replacement, text, found, index + 1, match.end)) {
      chargeText(machine.budget, rest.length + value.length);
      yield text.slice(from, match.start) + value + rest;
    }
  }
}

/** Each waits for those behind it, on the stack. */
const MOST_SUBSTITUTIONS = 1_000;
