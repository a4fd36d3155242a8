import { distance } from "fastest-levenshtein";
import { isSwap } from "../base/is-swap.ts";

/** Beyond this length nobody mistypes a name, and comparing would take long. */
const longestName = 200;

/** Each of ten thousand wrong names would otherwise be compared with each of ten thousand right ones. */
const mostCompared = 500;

/** The known name that a mistyped one most likely stands for. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  return closest(name, known, (candidate) => candidate);
}

/** What other languages call what properties are called here. */
const elsewhere: Readonly<Record<string, string>> = {
  items: "values",
  list: "values",
  url: "uri",
  tasks: "then",
  flow: "flowId",
  duration: "pauseDuration",
  interval: "checkFrequency",
  value: "format",
  separator: "fieldSeparator",
  seperator: "fieldSeparator",
  delimiter: "fieldSeparator",
};

/** The known property that an unknown one most likely stands for. */
export function nearestProperty(name: string, known: Iterable<string>): string | undefined {
  const names = [...known];
  return (
    nearest(name, names) ?? names.find((each) => Object.hasOwn(elsewhere, name) && each === elsewhere[name])
  );
}

/** The known task or trigger type that a mistyped one stands for: its last part counts, the package only in a tie. */
export function nearestType(type: string, known: Iterable<string>): string | undefined {
  const last = lastPart(type);
  const candidates = [...known].map((candidate) => ({ candidate, cost: cost(type, candidate) }));
  candidates.sort((a, b) => a.cost - b.cost);
  return closest(
    last,
    candidates.map(({ candidate }) => candidate),
    lastPart,
  );
}

/** The word of a few that a wrong one most likely stands for: `WARNING` is `WARN`, `date-time` is `DATETIME`. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const bare = bareOf(word);
  const same = known.find((candidate) => bareOf(candidate) === bare);
  if (same !== undefined) return same;
  const beginning = known.filter((candidate) => isBeginning(bare, bareOf(candidate)));
  if (beginning.length > 0)
    return beginning.reduce((one, other) => (other.length > one.length ? other : one));
  // Of three letters, almost any others are near.
  return nearest(word, word.length > 3 ? known : known.filter((candidate) => isSwap(word, candidate)));
}

function bareOf(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, "");
}

function isBeginning(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length >= 3 && long.startsWith(short);
}

/** "Did you mean `tasks`?", if something near is known. */
export function didYouMean(suggestion: string | undefined): string | undefined {
  return suggestion === undefined ? undefined : `Did you mean \`${suggestion}\`?`;
}

function closest(
  name: string,
  known: Iterable<string>,
  part: (candidate: string) => string,
): string | undefined {
  if (name.length > longestName) return undefined;
  let best: string | undefined;
  // One slip in a short name, two or a third of the letters in a longer one.
  let bound = (name.length <= 5 ? 1 : Math.max(2, Math.floor(name.length / 3))) + 1;
  let compared = 0;
  for (const candidate of known) {
    compared += 1;
    if (compared > mostCompared) break;
    const found = cost(name.toLowerCase(), part(candidate).toLowerCase());
    if (found < bound) [best, bound] = [candidate, found];
  }
  return best;
}

function cost(a: string, b: string): number {
  if (a.length > longestName) return Number.POSITIVE_INFINITY;
  return isSwap(a, b) ? 1 : distance(a, b);
}

function lastPart(type: string): string {
  return type.slice(type.lastIndexOf(".") + 1);
}
