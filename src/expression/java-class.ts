/** Characters as ranges of code points, in order. */
export type CharacterSet = readonly (readonly [first: number, last: number])[];

const LAST = 0x10ffff;

/** The ranges put in order, and together where they touch. */
export function unionOf(ranges: CharacterSet): CharacterSet {
  const ordered = [...ranges].sort((left, right) => left[0] - right[0]);
  const joined: [number, number][] = [];
  for (const [first, last] of ordered) {
    const before = joined.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

export function complementOf(set: CharacterSet): CharacterSet {
  const others: [number, number][] = [];
  let next = 0;
  for (const [first, last] of unionOf(set)) {
    if (first > next) others.push([next, first - 1]);
    next = last + 1;
  }
  return next <= LAST ? [...others, [next, LAST]] : others;
}

export function intersectionOf(left: CharacterSet, right: CharacterSet): CharacterSet {
  return complementOf([...complementOf(left), ...complementOf(right)]);
}

/** More letters than anybody writes into a class; those of whole alphabets are in both cases anyway. */
const MOST_FOLDED = 1_000;

/** A set with the other case of its letters; those beyond ASCII only where it is asked for. */
export function inBothCases(set: CharacterSet, isUnicode: boolean): CharacterSet {
  const more: [number, number][] = [];
  const letters = isUnicode ? set : intersectionOf(set, ESCAPED_SETS.w as CharacterSet);
  for (const [first, last] of letters) {
    if (last - first > MOST_FOLDED) continue;
    for (let point = first; point <= last; point += 1) {
      const character = String.fromCodePoint(point);
      for (const other of [character.toLowerCase(), character.toUpperCase()])
        if ([...other].length === 1)
          more.push([other.codePointAt(0) as number, other.codePointAt(0) as number]);
    }
  }
  return unionOf([...set, ...more]);
}

/** The set of a text such as `A-Za-z`; a `-` at its end means itself. */
function setOf(text: string): CharacterSet {
  return unionOf(
    [...text.matchAll(/(.)-(.)|./gsu)].map(([one, first = one, last = one]): [number, number] => [
      first.codePointAt(0) as number,
      last.codePointAt(0) as number,
    ]),
  );
}

export const LINE_ENDS = "\n-\r\x85\u2028\u2029";

/** What stands for a set behind a backslash; a capital letter means all others. */
export const ESCAPED_SETS: Readonly<Record<string, CharacterSet>> = {
  d: setOf("0-9"),
  w: setOf("0-9A-Z_a-z"),
  s: setOf("\t-\r "),
  h: setOf("\t \xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000"),
  v: setOf(LINE_ENDS),
};

const POSIX: Readonly<Record<string, CharacterSet>> = {
  Lower: setOf("a-z"),
  Upper: setOf("A-Z"),
  ASCII: setOf("\0-\x7f"),
  Alpha: setOf("A-Za-z"),
  Digit: setOf("0-9"),
  Alnum: setOf("0-9A-Za-z"),
  Punct: setOf("!-/:-@[-`{-~"),
  Graph: setOf("!-~"),
  Print: setOf(" -~"),
  Blank: setOf("\t "),
  Cntrl: setOf("\0-\x1f\x7f"),
  XDigit: setOf("0-9A-Fa-f"),
  Space: setOf("\t-\r "),
  javaWhitespace: setOf("\t-\r\x1c- \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000"),
};

/** Java's names of what Unicode calls otherwise. */
const RENAMED: Readonly<Record<string, string>> = {
  ...{ IsLetter: "L", IsDigit: "Nd", IsPunctuation: "P", IsControl: "Cc", IsAssigned: "Assigned" },
  ...{ IsTitlecase: "Lt", javaLetter: "L", javaDigit: "Nd", javaTitleCase: "Lt" },
  ...{ javaLowerCase: "Lowercase", javaUpperCase: "Uppercase", javaAlphabetic: "Alphabetic" },
  ...{ javaIdeographic: "Ideographic", LC: "LC", L1: "L1", all: "Any" },
};

const known = new Map<string, CharacterSet>();
/** All properties are a few hundred; a template cannot fill the memory with them. */
const MOST_KNOWN = 400;

/** The characters of a property: `Alpha`, `Lu`, `IsLatin`, `script=Greek`; undefined where none is called so. The first look is dear. */
export function propertySet(name: string, payForLook: () => void): CharacterSet | undefined {
  if (Object.hasOwn(POSIX, name)) return POSIX[name];
  const found = known.get(name);
  if (found !== undefined) return found;
  if (name === "L1") return [[0, 0xff]];
  const form = unicodeForms(name).find(exists);
  if (form === undefined) return undefined;
  payForLook();
  const set = scan(new RegExp(`\\p{${form}}+`, "gu"));
  if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value as string);
  known.set(name, set);
  return set;
}

/** How JavaScript may call it: a category, a property that holds or not, or a script. */
function unicodeForms(name: string): string[] {
  if (Object.hasOwn(RENAMED, name)) return [RENAMED[name] as string];
  const [, kind, value] = /^(gc|general_category|sc|script)=(\w+)$/i.exec(name) ?? [];
  if (value !== undefined) return [/^g/i.test(kind as string) ? `gc=${value}` : `sc=${capital(value)}`];
  if (/^[A-Z][a-z]?$/.test(name)) return [`gc=${name}`];
  const [, property] = /^Is(\w+)$/.exec(name) ?? [];
  if (property === undefined) return [];
  return [`gc=${property}`, property, capital(property), `sc=${capital(property)}`];
}

function capital(text: string): string {
  return text
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
    .join("_");
}

function exists(form: string): boolean {
  try {
    return new RegExp(`\\p{${form}}`, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

const CHUNK = 0x800;

/** In chunks, since one look at each of a million characters is dear. What is half a character stands alone nowhere. */
function scan(pattern: RegExp): CharacterSet {
  const ranges: [number, number][] = [];
  for (let start = 0; start <= LAST; start += CHUNK) {
    if (start === 0xd800) continue;
    const text = String.fromCodePoint(...Array.from({ length: CHUNK }, (_, index) => start + index));
    const width = start > 0xffff ? 2 : 1;
    for (const { index, 0: run } of text.matchAll(pattern)) {
      const first = start + index / width;
      ranges.push([first, first + run.length / width - 1]);
    }
  }
  return unionOf(ranges);
}

/** A set as a class of characters, for the linear matcher or JavaScript. */
export function classText(set: CharacterSet, isLinear: boolean, isNegated: boolean): string {
  if (set.length === 0) {
    const all = `${code(0, isLinear)}-${code(0x10ffff, isLinear)}`;
    return isNegated ? `[${all}]` : `[^${all}]`;
  }
  const ranges = set.map(([first, last]) =>
    first === last ? code(first, isLinear) : `${code(first, isLinear)}-${code(last, isLinear)}`,
  );
  return `[${isNegated ? "^" : ""}${ranges.join("")}]`;
}

/** A character that means itself. */
export function pointText(point: number, isLinear: boolean): string {
  const character = String.fromCodePoint(point);
  return /[A-Za-z0-9 ]/.test(character) ? character : code(point, isLinear);
}

function code(point: number, isLinear: boolean): string {
  return `\\${isLinear ? "x" : "u"}{${point.toString(16)}}`;
}
