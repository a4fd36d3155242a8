import { type Matcher, RE2JS } from "re2js";
import {
  assertShort,
  backtrack,
  backtrackJava,
  expanded,
  type Match,
  needsBacktracking,
} from "./backtracking.ts";
import { type Budget, charge, chargeText } from "./budget.ts";
import { ExpressionError } from "./expression-error.ts";
import { type JavaPattern, javaPattern } from "./java-pattern.ts";

/** Instructions of a compiled pattern that cost as much as one step for each character. */
const INSTRUCTIONS_PER_STEP = 16;

/** A look at all characters there are, for a property that nobody has asked for yet, takes a twentieth of a second. */
const STEPS_OF_LOOK = 50_000;

/** A regular expression over one text, in linear time unless it looks around or refers back. Its costs are paid before it runs. */
export function linearRegex(
  pattern: string,
  text: string,
  budget: Budget,
): { replaceAll(replacement: string): string; replaceFirst(replacement: string): string } {
  const java = readJava(pattern, text, budget);
  if (java.needsBacktracking) {
    const matches = () => attempt(pattern, () => backtrackJava(pattern, java, text, budget));
    return {
      replaceAll: (replacement) => replaceMatches(matches(), text, replacement, budget),
      replaceFirst: (replacement) => replaceMatches(matches().slice(0, 1), text, replacement, budget),
    };
  }
  const matcher = matcherOf(java.source, text, budget, 0, pattern);
  return {
    replaceAll(replacement) {
      // Each match may be replaced by a text as long as the replacement with the whole match in it, once for each group named.
      const groups = replacement.split(/[$\\]/).length - 1;
      let matches = 0;
      let matched = 0;
      while (matcher.find()) {
        charge(budget, 1);
        matches += 1;
        matched += matcher.end() - matcher.start();
      }
      chargeText(budget, text.length + matches * replacement.length + groups * matched);
      return attempt(pattern, () => matcher.reset().replaceAll(replacement, true));
    },
    replaceFirst(replacement) {
      const groups = replacement.split(/[$\\]/).length - 1;
      chargeText(budget, text.length + replacement.length + groups * text.length);
      return attempt(pattern, () => matcher.reset().replaceFirst(replacement, true));
    },
  };
}

const LINE_END = /[\n\r\x85\u2028\u2029]/;

/** A pattern of Java in the words of the matcher that it needs. */
function readJava(pattern: string, text: string, budget: Budget): JavaPattern {
  assertShort(pattern);
  const breaks = {
    endsInBreak: LINE_END.test(text.slice(-1)),
    hasOddBreaks: /[\r\x85\u2028\u2029]/.test(text),
  };
  return attempt(pattern, () => {
    const payForLook = () => charge(budget, STEPS_OF_LOOK);
    const linear = javaPattern(pattern, true, breaks, payForLook);
    const java = linear.needsBacktracking ? javaPattern(pattern, false, breaks, payForLook) : linear;
    // A property may be hundreds of ranges.
    charge(budget, java.source.length);
    return java;
  });
}

function replaceMatches(
  matches: readonly Match[],
  text: string,
  replacement: string,
  budget: Budget,
): string {
  let replaced = "";
  let from = 0;
  for (const match of matches) {
    const [start = 0, end = 0] = match.places;
    const next = text.slice(from, start) + expanded(replacement, text, match);
    chargeText(budget, replaced.length + next.length);
    replaced += next;
    from = end;
  }
  return replaced + text.slice(from);
}

/** Whether a pattern matches the whole of a text. */
export function matchesWhole(pattern: string, text: string, budget: Budget): boolean {
  const java = readJava(pattern, text, budget);
  if (!java.needsBacktracking) return matcherOf(java.source, text, budget, 0, pattern).matches();
  const options = { isWhole: true, most: 1 };
  return attempt(pattern, () => backtrackJava(pattern, java, text, budget, options)).length > 0;
}

/** A match of a pattern, with its groups; a group that took no part begins at -1. */
export interface Found {
  start: number;
  end: number;
  groups: { name: string | undefined; start: number; end: number }[];
}

/** The matches of a pattern in a text, up to `most` of them. */
export function findAll(
  pattern: string,
  text: string,
  { isCaseless, hasDotAll }: { isCaseless: boolean; hasDotAll: boolean },
  most: number,
  budget: Budget,
): Found[] {
  if (needsBacktracking(pattern)) {
    const matches = attempt(pattern, () => backtrack(pattern, text, budget, { isCaseless, hasDotAll, most }));
    return matches.map(({ places, names }) => {
      const numbers = new Map(Object.entries(names).map(([name, number]) => [number, name]));
      const groups = Array.from({ length: places.length / 2 - 1 }, (_, index) => ({
        name: numbers.get(index + 1),
        start: places[2 * index + 2] ?? -1,
        end: places[2 * index + 3] ?? -1,
      }));
      return { start: places[0] ?? 0, end: places[1] ?? 0, groups };
    });
  }
  const flags = (isCaseless ? RE2JS.CASE_INSENSITIVE : 0) | (hasDotAll ? RE2JS.DOTALL : 0);
  const matcher = matcherOf(pattern, text, budget, flags);
  const names = new Map(
    Object.entries(matcher.pattern().namedGroups()).map(([name, index]) => [index, name]),
  );
  const found: Found[] = [];
  while (found.length < most && matcher.find()) {
    charge(budget, 1 + matcher.groupCount());
    const groups = Array.from({ length: matcher.groupCount() }, (_, index) => ({
      name: names.get(index + 1),
      start: matcher.start(index + 1),
      end: matcher.end(index + 1),
    }));
    found.push({ start: matcher.start(), end: matcher.end(), groups });
  }
  return found;
}

/** Java's `String.split`: the delimiter is a regular expression, empty texts at the end are dropped when there is no limit. */
export function splitText(text: string, delimiter: string, limit: number, budget: Budget): string[] {
  if (text === "") return [""];
  const isPlain = /^[^\\^$.|?*+()[{]*$/.test(delimiter) && delimiter !== "";
  const literal = isPlain ? delimiter : /^\\([^A-Za-z0-9])$/.exec(delimiter)?.[1];
  const parts = literal === undefined ? splitByRegex(text, delimiter, budget) : text.split(literal);
  charge(budget, parts.length);
  if (limit > 0 && parts.length > limit) return joinRest(text, parts, delimiter, literal, limit, budget);
  if (limit === 0) while (parts.at(-1) === "") parts.pop();
  return parts;
}

function joinRest(
  text: string,
  parts: string[],
  delimiter: string,
  literal: string | undefined,
  limit: number,
  budget: Budget,
): string[] {
  if (literal === undefined) return splitByRegex(text, delimiter, budget, limit);
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(literal)];
}

function splitByRegex(text: string, pattern: string, budget: Budget, limit = -1): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const [start, end] of placesOf(text, pattern, budget)) {
    if (limit >= 0 && parts.length >= limit - 1) break;
    charge(budget, 1);
    // A match without width at the beginning splits nothing off.
    if (end === 0) continue;
    if (start === end && start >= text.length) break;
    parts.push(text.slice(from, start));
    from = end;
  }
  return [...parts, text.slice(from)];
}

function* placesOf(text: string, pattern: string, budget: Budget): Generator<[start: number, end: number]> {
  const java = readJava(pattern, text, budget);
  if (java.needsBacktracking) {
    for (const { places } of attempt(pattern, () => backtrackJava(pattern, java, text, budget)))
      yield [places[0] ?? 0, places[1] ?? 0];
    return;
  }
  const matcher = matcherOf(java.source, text, budget, 0, pattern);
  while (matcher.find()) yield [matcher.start(), matcher.end()];
}

function matcherOf(source: string, text: string, budget: Budget, flags = 0, pattern = source): Matcher {
  assertShort(pattern);
  charge(budget, 100);
  const compiled = attempt(pattern, () => RE2JS.compile(source, flags));
  charge(budget, Math.ceil((text.length * (1 + compiled.programSize() / INSTRUCTIONS_PER_STEP)) / 4));
  return compiled.matcher(text);
}

function attempt<T>(pattern: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof ExpressionError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExpressionError(
      `The regular expression \`${pattern}\` does not work: ${reason}.`,
      "",
      undefined,
      { cause: error },
    );
  }
}
