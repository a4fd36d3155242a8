import { DateTimeError } from "./date-error.ts";
import { Field, type FieldNumber } from "./fields.ts";
import type { TextStyle } from "./names.ts";

/** `NORMAL`: a minus for negative values. `EXCEEDS_PAD`: also a plus for more digits than the width. */
export type SignStyle = "NORMAL" | "NOT_NEGATIVE" | "EXCEEDS_PAD";

export interface NumberPart {
  kind: "number";
  field: FieldNumber;
  least: number;
  most: number;
  sign: SignStyle;
  /** Digits that belong to the numbers right behind this one; -1: this number has exactly its width. */
  reserved: number;
  /** The first year that two digits can mean. */
  base?: number;
  /** Reads more or fewer digits than it prints. */
  isLenient?: boolean;
}
export interface TextPart {
  kind: "text";
  field: FieldNumber;
  style: TextStyle;
  /** The name has no date around it. */
  isAlone?: boolean;
}
export interface OffsetPart {
  kind: "offset";
  pattern: number;
  zero: string;
  /** Reads also what has hours only, or seconds. */
  isLenient?: boolean;
}
export interface FractionPart {
  kind: "fraction";
  least: number;
  most: number;
  hasPoint: boolean;
  /** Prints 0, 3, 6 or 9 digits. */
  isGrouped?: boolean;
}

/** One piece of a pattern. */
export type Part =
  | { kind: "literal"; text: string }
  | NumberPart
  | FractionPart
  | TextPart
  | OffsetPart
  | { kind: "localOffset"; style: TextStyle }
  | { kind: "zoneId"; isRegionOnly: boolean }
  | { kind: "zoneName"; style: TextStyle }
  | { kind: "genericZone"; style: TextStyle }
  | { kind: "dayPeriod"; style: TextStyle }
  /** Blanks before the part, up to a width. */
  | { kind: "padded"; width: number; part: Part }
  | { kind: "optional"; parts: Part[] };

const FIELDS: Readonly<Record<string, FieldNumber>> = {
  G: Field.ERA,
  u: Field.YEAR,
  y: Field.YEAR_OF_ERA,
  Y: Field.WEEK_BASED_YEAR,
  M: Field.MONTH,
  L: Field.MONTH,
  Q: Field.QUARTER,
  q: Field.QUARTER,
  d: Field.DAY,
  D: Field.DAY_OF_YEAR,
  E: Field.DAY_OF_WEEK,
  e: Field.LOCAL_DAY_OF_WEEK,
  c: Field.LOCAL_DAY_OF_WEEK,
  F: Field.DAY_OF_WEEK_IN_MONTH,
  w: Field.WEEK_OF_YEAR,
  W: Field.WEEK_OF_MONTH,
  a: Field.AMPM,
  h: Field.CLOCK_HOUR_OF_AMPM,
  K: Field.HOUR_OF_AMPM,
  k: Field.CLOCK_HOUR,
  H: Field.HOUR,
  m: Field.MINUTE,
  s: Field.SECOND,
  S: Field.NANO,
  n: Field.NANO,
  A: Field.MILLI_OF_DAY,
  N: Field.NANO_OF_DAY,
  g: Field.MODIFIED_JULIAN_DAY,
};

const MOST_DIGITS = 19;
const LONGEST_PATTERN = 500;

/** Reads a pattern of Java's DateTimeFormatter. */
export function partsOfPattern(pattern: string): Part[] {
  if (pattern.length > LONGEST_PATTERN) throw new DateTimeError("The date pattern is too long.");
  const levels: PartList[] = [new PartList()];
  for (let at = 0; at < pattern.length; ) {
    const character = pattern.charAt(at);
    const level = levels.at(-1) as PartList;
    if (/[A-Za-z]/.test(character)) {
      const end = endOfLetters(pattern, at);
      if (character === "p") at = addPadded(level, pattern, end, end - at);
      else {
        for (const part of partsOfLetter(character, end - at)) level.add(part);
        at = end;
      }
    } else if (character === "'") {
      const end = endOfQuote(pattern, at);
      const text = pattern.slice(at + 1, end).replaceAll("''", "'");
      level.add({ kind: "literal", text: text === "" ? "'" : text });
      at = end + 1;
    } else if (character === "[") {
      levels.push(new PartList());
      at += 1;
    } else if (character === "]") {
      if (levels.length === 1) throw new DateTimeError("Pattern invalid as it contains ] without previous [");
      closeOptional(levels);
      at += 1;
    } else {
      if ("{}#".includes(character))
        throw new DateTimeError(`Pattern includes reserved character: '${character}'`);
      level.add({ kind: "literal", text: character });
      at += 1;
    }
  }
  while (levels.length > 1) closeOptional(levels);
  return (levels[0] as PartList).parts;
}

/** Parts in a row. Numbers without anything between them share their digits: the first gives way to the ones behind it. */
class PartList {
  readonly parts: Part[] = [];
  private first: NumberPart | FractionPart | undefined;
  private isBehindPadded = false;

  add(part: Part): void {
    const inner = part.kind === "padded" ? part.part : part;
    this.parts.push(part);
    const isFixedFraction = inner.kind === "fraction" && inner.least === inner.most && !inner.hasPoint;
    if (inner.kind !== "number" && !isFixedFraction) {
      this.first = undefined;
      this.isBehindPadded = false;
      return;
    }
    // java.time fails here, too, with words about its own classes.
    if (this.isBehindPadded)
      throw new DateTimeError("A padded number cannot have another number right behind it.");
    this.isBehindPadded = part.kind === "padded";
    const isFixed =
      inner.least === inner.most && (inner.kind === "fraction" || inner.sign === "NOT_NEGATIVE");
    if (this.first === undefined) this.first = inner as NumberPart | FractionPart;
    else if (isFixed) {
      if (this.first.kind === "number") this.first.reserved += inner.most;
      if (inner.kind === "number") inner.reserved = -1;
    } else {
      if (this.first.kind === "number") this.first.reserved = -1;
      this.first = inner as NumberPart;
    }
  }
}

function endOfLetters(pattern: string, start: number): number {
  let end = start + 1;
  while (pattern.charAt(end) === pattern.charAt(start)) end += 1;
  return end;
}

/** `pppH`: what the letters behind `p` give, with blanks before it. */
function addPadded(level: PartList, pattern: string, start: number, width: number): number {
  const letter = pattern.charAt(start);
  if (!/[A-Za-z]/.test(letter))
    throw new DateTimeError(`Pad letter 'p' must be followed by valid pad pattern: ${pattern}`);
  const end = endOfLetters(pattern, start);
  const [part] = partsOfLetter(letter, end - start) as [Part];
  level.add({ kind: "padded", width, part });
  return end;
}

function closeOptional(levels: PartList[]): void {
  const inner = levels.pop() as PartList;
  if (inner.parts.length > 0) (levels.at(-1) as PartList).add({ kind: "optional", parts: inner.parts });
}

function endOfQuote(pattern: string, start: number): number {
  for (let at = start + 1; at < pattern.length; at += 1) {
    if (pattern.charAt(at) !== "'") continue;
    if (pattern.charAt(at + 1) !== "'") return at;
    // Two quotes within a literal are one quote.
    at += 1;
  }
  throw new DateTimeError(`Pattern ends with an incomplete string literal: ${pattern}`);
}

function partsOfLetter(letter: string, count: number): Part[] {
  const field = FIELDS[letter];
  if (field === undefined) return [zonePart(letter, count)];
  if (letter === "S")
    return [{ kind: "fraction", least: atMost(9, letter, count), most: count, hasPoint: false }];
  if ("uyY".includes(letter)) return [yearPart(field, count)];
  if ("MLQqEecGa".includes(letter)) return [namePart(letter, field, count)];
  if (letter === "D")
    return [
      numberPart(
        field,
        atMost(3, letter, count),
        count === 1 ? MOST_DIGITS : 3,
        count === 1 ? "NORMAL" : "NOT_NEGATIVE",
      ),
    ];
  if (letter === "g") return [numberPart(field, minimumWidth(count), MOST_DIGITS, "NORMAL")];
  if ("nAN".includes(letter))
    return [numberPart(field, atMost(MOST_DIGITS, letter, count), MOST_DIGITS, "NOT_NEGATIVE")];
  atMost("FW".includes(letter) ? 1 : 2, letter, count);
  return [
    count === 1 ? numberPart(field, 1, MOST_DIGITS, "NORMAL") : numberPart(field, 2, 2, "NOT_NEGATIVE"),
  ];
}

/** A number of digits. */
export function numberPart(field: FieldNumber, least: number, most: number, sign: SignStyle): NumberPart {
  return { kind: "number", field, least, most, sign, reserved: 0 };
}

function yearPart(field: FieldNumber, count: number): Part {
  if (count === 2) return { ...numberPart(field, 2, 2, "NOT_NEGATIVE"), base: 2000 };
  return numberPart(
    field,
    atMost(MOST_DIGITS, "y", count),
    MOST_DIGITS,
    count < 4 ? "NORMAL" : "EXCEEDS_PAD",
  );
}

function namePart(letter: string, field: FieldNumber, count: number): Part {
  atMost(letter === "a" ? 1 : 5, letter, count);
  const style = count === 5 ? "narrow" : count === 4 ? "full" : "short";
  if (letter === "a" || letter === "E" || letter === "G") return { kind: "text", field, style };
  if (count >= 3)
    return {
      kind: "text",
      field: field === Field.LOCAL_DAY_OF_WEEK ? Field.DAY_OF_WEEK : field,
      style,
      ...("Lcq".includes(letter) ? { isAlone: true } : {}),
    };
  if (letter === "c" && count === 2) throw new DateTimeError(`Invalid pattern "cc"`);
  return count === 1 ? numberPart(field, 1, MOST_DIGITS, "NORMAL") : numberPart(field, 2, 2, "NOT_NEGATIVE");
}

/** The shapes of an offset, by number of letters: `+HHmm`, `+HHMM`, `+HH:MM`, `+HHMMss`, `+HH:MM:ss`. */
const OFFSET_PATTERNS = [1, 3, 4, 5, 6];

function zonePart(letter: string, count: number): Part {
  if (letter === "X")
    return { kind: "offset", pattern: OFFSET_PATTERNS[atMost(5, letter, count) - 1] as number, zero: "Z" };
  if (letter === "x") {
    const zero = count === 1 ? "+00" : count % 2 === 0 ? "+0000" : "+00:00";
    return { kind: "offset", pattern: OFFSET_PATTERNS[atMost(5, letter, count) - 1] as number, zero };
  }
  if (letter === "Z") {
    if (count < 4) return { kind: "offset", pattern: 3, zero: "+0000" };
    return atMost(5, letter, count) === 4
      ? { kind: "localOffset", style: "full" }
      : { kind: "offset", pattern: 6, zero: "Z" };
  }
  if (letter === "O") {
    if (count !== 1 && count !== 4) throw new DateTimeError("Pattern letter count must be 1 or 4: O");
    return { kind: "localOffset", style: count === 1 ? "short" : "full" };
  }
  if (letter === "V") {
    if (count !== 2) throw new DateTimeError("Pattern letter count must be 2: V");
    return { kind: "zoneId", isRegionOnly: false };
  }
  if (letter === "z") return { kind: "zoneName", style: atMost(4, letter, count) === 4 ? "full" : "short" };
  if (letter === "v") {
    if (count !== 1 && count !== 4) throw new DateTimeError("Wrong number of pattern letters: v");
    return { kind: "genericZone", style: count === 1 ? "short" : "full" };
  }
  if (letter === "B") {
    if (count !== 1 && count !== 4 && count !== 5)
      throw new DateTimeError("Wrong number of pattern letters: B");
    return { kind: "dayPeriod", style: count === 1 ? "short" : count === 4 ? "full" : "narrow" };
  }
  throw new DateTimeError(`Unknown pattern letter: ${letter}`);
}

function minimumWidth(count: number): number {
  if (count <= MOST_DIGITS) return count;
  throw new DateTimeError(`The minimum width must be from 1 to ${MOST_DIGITS} inclusive but was ${count}`);
}

function atMost(most: number, letter: string, count: number): number {
  if (count > most) throw new DateTimeError(`Too many pattern letters: ${letter}`);
  return count;
}
