import { readCharacters, readClass } from "./java-characters.ts";
import { type CharacterSet, classText, ESCAPED_SETS, inBothCases, pointText } from "./java-class.ts";

/** A regular expression of Java in the words of the one that runs it. */
export interface JavaPattern {
  source: string;
  /** It looks around, refers back or keeps what it took: only JavaScript's own does this. */
  needsBacktracking: boolean;
  /** The numbers of the groups in Java's order: others are made for what keeps what it took. */
  groups: number[];
  names: Record<string, number>;
}

interface Group {
  /** Where it begins in the pieces, and what ends it. */
  start: number;
  end: string;
  flags: Flags;
}

interface Flags {
  /** Letters of ASCII match in both cases; all letters with `u`. */
  isCaseless: boolean;
  isUnicode: boolean;
  isExtended: boolean;
  hasDotAll: boolean;
  isMultiline: boolean;
}

interface Reader extends TextBreaks {
  pattern: string;
  at: number;
  pieces: string[];
  /** Where in the pieces the last thing begins that may be repeated; -1: there is none. */
  atom: number;
  stack: Group[];
  flags: Flags;
  made: number;
  isLinear: boolean;
  payForLook: () => void;
  result: JavaPattern;
}

/** What a text has that decides how `^` and `$` are written: a line break at its end, and others than `\n`. */
export interface TextBreaks {
  endsInBreak: boolean;
  hasOddBreaks: boolean;
}

/** Reads a regular expression of Java. Throws a SyntaxError that tells what is wrong with it, or not supported. */
export function javaPattern(
  pattern: string,
  isLinear: boolean,
  breaks: TextBreaks,
  payForLook: () => void,
): JavaPattern {
  const reader: Reader = {
    ...{ pattern, at: 0, pieces: [], atom: -1, made: 0, isLinear, ...breaks, payForLook },
    flags: { isCaseless: false, isUnicode: false, isExtended: false, hasDotAll: false, isMultiline: false },
    stack: [],
    result: { source: "", needsBacktracking: false, groups: [], names: noNames() },
  };
  reader.stack.push({ start: 0, end: "", flags: reader.flags });
  while (reader.at < pattern.length) step(reader);
  if (reader.stack.length > 1) throw new SyntaxError("a group is not closed");
  return { ...reader.result, source: reader.pieces.join("") };
}

const noNames = () => Object.create(null) as Record<string, number>;

function step(reader: Reader): void {
  const { pattern, flags } = reader;
  const character = pattern.charAt(reader.at);
  if (flags.isExtended && /[ \t\n\v\f\r#]/.test(character)) {
    const end = character === "#" ? pattern.slice(reader.at).search(/[\n\r\x85\u2028\u2029]/) : 1;
    reader.at = end < 0 ? pattern.length : reader.at + Math.max(end, 1);
  } else if (character === "\\") readEscape(reader);
  else if (character === "[") {
    reader.at += 1;
    const [set, isNegated] = readClass(reader);
    addSet(reader, set, isNegated);
  } else if (character === "(") openGroup(reader);
  else if (character === ")") closeGroup(reader);
  else if ("*+?{".includes(character)) readQuantifier(reader);
  else readPlain(reader);
}

function addSet(reader: Reader, set: CharacterSet, isNegated = false): void {
  const { isCaseless, isUnicode } = reader.flags;
  add(reader, classText(isCaseless ? inBothCases(set, isUnicode) : set, reader.isLinear, isNegated));
}

function addPoint(reader: Reader, point: number): void {
  if (reader.flags.isCaseless && /\p{L}/u.test(String.fromCodePoint(point))) addSet(reader, [[point, point]]);
  else add(reader, pointText(point, reader.isLinear));
}

function add(reader: Reader, piece: string): void {
  reader.atom = reader.pieces.length;
  reader.pieces.push(piece);
}

function readPlain(reader: Reader): void {
  const { flags, isLinear } = reader;
  const point = reader.pattern.codePointAt(reader.at) as number;
  const character = String.fromCodePoint(point);
  reader.at += character.length;
  if (character === ".") add(reader, classText(flags.hasDotAll ? [] : LINE_END_SET, isLinear, true));
  else if (character === "^") add(reader, startText(reader));
  else if (character === "$") add(reader, endText(reader, flags.isMultiline));
  else if (character === "|") {
    reader.pieces.push("|");
    reader.atom = -1;
  } else addPoint(reader, point);
}

const LINE_END_SET: CharacterSet = [
  [10, 10],
  [13, 13],
  [0x85, 0x85],
  [0x2028, 0x2029],
];

const LINE_END_TEXT = classText(LINE_END_SET, false, false);

/** The beginning of the text, or of a line of it; behind the last line break no line begins. */
function startText({ flags, isLinear, endsInBreak, hasOddBreaks, result }: Reader): string {
  if (!flags.isMultiline) return isLinear ? "\\A" : "^";
  if (isLinear && !endsInBreak && !hasOddBreaks) return "(?m:^)";
  result.needsBacktracking = true;
  return `(?:^|(?<=${LINE_END_TEXT})(?<!\\r(?=\\n))(?!$))`;
}

/** The end of the text, also before a line break that ends it. */
function endText(reader: Reader, isMultiline: boolean): string {
  if (isMultiline && reader.isLinear && !reader.hasOddBreaks) return "(?m:$)";
  if (isMultiline) {
    reader.result.needsBacktracking = true;
    return `(?:(?=${LINE_END_TEXT}|$)(?<!\\r(?=\\n)))`;
  }
  if (!reader.endsInBreak) return reader.isLinear ? "\\z" : "$";
  reader.result.needsBacktracking = true;
  return `(?:(?=(?:\\r\\n|${LINE_END_TEXT})?$)(?<!\\r(?=\\n)))`;
}

function readQuantifier(reader: Reader): void {
  const [written, count = "", manner] =
    /^(\*|\+|\?|\{\d+(?:,\d*)?\})([?+]?)/.exec(reader.pattern.slice(reader.at)) ?? [];
  if (written === undefined) throw new SyntaxError("a repetition is written as `{2}`, `{2,}` or `{2,3}`");
  if (reader.atom < 0) throw new SyntaxError(`nothing stands before \`${count}\``);
  reader.at += written.length;
  const repeated = reader.pieces.splice(reader.atom).join("");
  // JavaScript repeats no place in the text, such as \b, but a group of it.
  const atom = reader.isLinear ? repeated : `(?:${repeated})`;
  if (manner === "+") add(reader, keptText(reader, `${atom}${count}`));
  else add(reader, `(?:${atom}${count}${manner})`);
  reader.atom = -1;
}

/** What gives nothing back is looked ahead at, and then referred to. */
function keptText(reader: Reader, inner: string): string {
  reader.result.needsBacktracking = true;
  reader.made += 1;
  return `(?:(?=(?<k${reader.made}_>${inner}))\\k<k${reader.made}_>)`;
}

function openGroup(reader: Reader): void {
  const rest = reader.pattern.slice(reader.at);
  const modifier = /^\(\?([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])/.exec(rest);
  if (modifier !== null) {
    readModifier(reader, modifier);
    return;
  }
  const special = /^\(\?(?:<([A-Za-z][A-Za-z0-9]*)>|<?[=!]|>)/.exec(rest);
  if (special === null && rest.startsWith("(?"))
    throw new SyntaxError(`\`${rest.slice(0, 4)}\` is not supported`);
  const [written = "(", name] = special ?? [];
  const group: Group = { start: reader.pieces.length, end: ")", flags: reader.flags };
  if (written === "(" || name !== undefined) {
    const number = reader.result.groups.length + 1;
    reader.result.groups.push(number);
    if (name !== undefined) reader.result.names[name] = number;
    // JavaScript's have names, so that they can be told apart from groups that are made.
    reader.pieces.push(reader.isLinear ? (name === undefined ? "(" : `(?<${name}>`) : `(?<g${number}_>`);
  } else if (written === "(?>") {
    reader.pieces.push("(?:");
    group.end = "kept";
  } else {
    reader.result.needsBacktracking = true;
    // JavaScript repeats no look around, but a group of it.
    reader.pieces.push(`(?:${written}`);
    group.end = "))";
  }
  reader.stack.push(group);
  reader.at += written.length;
  reader.atom = -1;
}

/** `(?i)` holds to the end of the group around it, `(?i:…)` within. */
function readModifier(reader: Reader, [written, on = "", off = "", end]: RegExpExecArray): void {
  const wrong = /[^imsxu]/.exec(on + off)?.[0];
  if (wrong !== undefined) throw new SyntaxError(`the flag \`${wrong}\` is not supported`);
  const holds = (letter: string, before: boolean) => (before || on.includes(letter)) && !off.includes(letter);
  const flags = {
    isCaseless: holds("i", reader.flags.isCaseless),
    isUnicode: holds("u", reader.flags.isUnicode),
    isExtended: holds("x", reader.flags.isExtended),
    hasDotAll: holds("s", reader.flags.hasDotAll),
    isMultiline: holds("m", reader.flags.isMultiline),
  };
  if (end === ":") {
    reader.stack.push({ start: reader.pieces.length, end: ")", flags: reader.flags });
    reader.pieces.push("(?:");
  }
  reader.flags = flags;
  reader.at += (written as string).length;
  reader.atom = -1;
}

function closeGroup(reader: Reader): void {
  if (reader.stack.length === 1) throw new SyntaxError("a `)` closes no group");
  const { start, end, flags } = reader.stack.pop() as Group;
  const inner = reader.pieces.splice(start).join("");
  add(reader, end === "kept" ? keptText(reader, `${inner})`) : inner + end);
  reader.flags = flags;
  reader.at += 1;
}

/** What is behind a backslash, outside of a class. */
function readEscape(reader: Reader): void {
  const { pattern, at } = reader;
  const next = pattern.charAt(at + 1);
  const [written, name] = /^\\k<([A-Za-z]\w*)>/.exec(pattern.slice(at)) ?? [];
  if (next === "Q") readQuote(reader);
  else if (/[1-9]/.test(next)) readReference(reader);
  else if (written !== undefined && name !== undefined) {
    const number = reader.result.names[name];
    if (number === undefined) throw new SyntaxError(`there is no group \`${name}\``);
    addReference(reader, number, written.length);
  } else {
    const place = placeText(reader, next);
    if (place === undefined) readSet(reader);
    else {
      reader.at += 2;
      add(reader, place);
    }
  }
}

/** What `\Z` and its like stand for: a place in the text, or a line break. */
function placeText(reader: Reader, letter: string): string | undefined {
  const { isLinear, pattern, at } = reader;
  if (letter === "Z") return endText(reader, false);
  if (letter === "R") return `(?:\\r\\n|${classText(ESCAPED_SETS.v as CharacterSet, isLinear, false)})`;
  if (letter === "A") return isLinear ? "\\A" : "^";
  if (letter === "z") return isLinear ? "\\z" : "$";
  return (letter === "b" && pattern.charAt(at + 2) !== "{") || letter === "B" ? `\\${letter}` : undefined;
}

function readSet(reader: Reader): void {
  // These both matchers know.
  const category = /^\\[pP](?:\{[LMNPSZ][a-z]?\}|[LMNPSZ])/.exec(reader.pattern.slice(reader.at))?.[0];
  if (category !== undefined && !reader.flags.isCaseless) {
    reader.at += category.length;
    add(reader, category.length === 3 ? `${category.slice(0, 2)}{${category.charAt(2)}}` : category);
    return;
  }
  const found = readCharacters(reader);
  if (typeof found === "number") addPoint(reader, found);
  else addSet(reader, found);
}

function readQuote(reader: Reader): void {
  const start = reader.at + 2;
  const end = reader.pattern.indexOf("\\E", start);
  const quoted = reader.pattern.slice(start, end < 0 ? undefined : end);
  for (const character of quoted) addPoint(reader, character.codePointAt(0) as number);
  reader.at = end < 0 ? reader.pattern.length : end + 2;
}

function readReference(reader: Reader): void {
  let length = 2;
  let number = Number(reader.pattern.charAt(reader.at + 1));
  for (;;) {
    const next = reader.pattern.charAt(reader.at + length);
    const longer = number * 10 + Number(next);
    if (!/^\d$/.test(next) || longer > reader.result.groups.length) break;
    number = longer;
    length += 1;
  }
  addReference(reader, number, length);
}

function addReference(reader: Reader, number: number, length: number): void {
  reader.result.needsBacktracking = true;
  reader.at += length;
  // A group that took no part matches nothing in Java, where JavaScript takes it for empty.
  const text = number > reader.result.groups.length ? "(?!)" : `\\k<g${number}_>`;
  add(reader, reader.flags.isCaseless ? `(?i:${text})` : text);
}
