import {
  type CharacterSet,
  complementOf,
  ESCAPED_SETS,
  intersectionOf,
  propertySet,
  unionOf,
} from "./java-class.ts";

/** A place in a pattern of Java, which moves on as characters are read. */
export interface CharacterReader {
  readonly pattern: string;
  at: number;
  readonly payForLook: () => void;
  readonly flags: { readonly isExtended: boolean };
}

const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, f: 12, r: 13, a: 7, e: 27 };

/** A character or a set behind a backslash, within a class or without. */
export function readCharacters(reader: CharacterReader): number | CharacterSet {
  const rest = reader.pattern.slice(reader.at + 1);
  const [property, sign, short, name = short] = /^([pP])(?:\{([^{}]+)\}|(\w))/.exec(rest) ?? [];
  if (property !== undefined) {
    reader.at += 1 + property.length;
    const set = propertySet(short ?? (name as string), reader.payForLook);
    if (set === undefined) throw new SyntaxError(`the property \`${short ?? name}\` is not known`);
    return sign === "P" ? complementOf(set) : set;
  }
  const letter = rest.charAt(0);
  const set = ESCAPED_SETS[letter.toLowerCase()];
  if (set !== undefined && /[a-z]/i.test(letter)) {
    reader.at += 2;
    return letter === letter.toLowerCase() ? set : complementOf(set);
  }
  const coded = /^(?:x\{([\da-fA-F]+)\}|x([\da-fA-F]{2})|u([\da-fA-F]{4})|0([0-3]?[0-7]{1,2}))/.exec(rest);
  if (coded !== null) {
    const [written, braced, two, four, octal] = coded;
    reader.at += 1 + written.length;
    return octal === undefined ? Number.parseInt(braced ?? two ?? four ?? "", 16) : Number.parseInt(octal, 8);
  }
  if (letter === "c" && rest.length > 1) {
    reader.at += 3;
    return rest.charCodeAt(1) ^ 64;
  }
  const control = CONTROLS[letter];
  if (control === undefined && (letter === "" || /[A-Za-z0-9]/.test(letter)))
    throw new SyntaxError(`\`\\${letter}\` is not supported`);
  const point = control ?? (rest.codePointAt(0) as number);
  reader.at += 1 + (control === undefined ? String.fromCodePoint(point).length : 1);
  return point;
}

/** A class behind its `[`: its characters, and whether all others are meant. */
export function readClass(reader: CharacterReader): [set: CharacterSet, isNegated: boolean] {
  const isNegated = reader.pattern.charAt(reader.at) === "^";
  if (isNegated) reader.at += 1;
  let before: CharacterSet | undefined;
  let set: CharacterSet = [];
  let isEmpty = true;
  const whole = () => (before === undefined ? set : isEmpty ? before : intersectionOf(before, set));
  for (;;) {
    const character = reader.pattern.charAt(reader.at);
    if (character === "") throw new SyntaxError("a class of characters is not closed");
    if (character === "]" && !(isEmpty && before === undefined)) break;
    if (reader.pattern.startsWith("&&", reader.at)) {
      // Nothing before `&&` is no condition.
      before = before === undefined && isEmpty ? undefined : whole();
      [set, isEmpty] = [[], true];
      while (reader.pattern.charAt(reader.at) === "&") reader.at += 1;
      continue;
    }
    if (reader.flags.isExtended && /\s/.test(character)) {
      reader.at += 1;
      continue;
    }
    set = unionOf([...set, ...readItem(reader)]);
    isEmpty = false;
  }
  reader.at += 1;
  return [whole(), isNegated];
}

/** A class within a class, a range or a character. */
function readItem(reader: CharacterReader): CharacterSet {
  if (reader.pattern.charAt(reader.at) === "[") {
    reader.at += 1;
    const [inner, isNegated] = readClass(reader);
    return isNegated ? complementOf(inner) : inner;
  }
  const quoted = /^\\Q([\s\S]*?)(?:\\E|$)/.exec(reader.pattern.slice(reader.at));
  if (quoted !== null) {
    reader.at += quoted[0].length;
    return [...(quoted[1] as string)].map((one): [number, number] => [
      one.codePointAt(0) as number,
      one.codePointAt(0) as number,
    ]);
  }
  const first = readPoint(reader);
  if (typeof first !== "number") return first;
  const isRange = /^-(?![\]]|\[|&&)./s.test(reader.pattern.slice(reader.at));
  if (!isRange) return [[first, first]];
  reader.at += 1;
  const last = readPoint(reader);
  if (typeof last !== "number") throw new SyntaxError("a range of characters ends in a set");
  if (last < first) throw new SyntaxError("a range of characters ends before it begins");
  return [[first, last]];
}

function readPoint(reader: CharacterReader): number | CharacterSet {
  if (reader.pattern.charAt(reader.at) === "\\") return readCharacters(reader);
  const point = reader.pattern.codePointAt(reader.at) as number;
  reader.at += String.fromCodePoint(point).length;
  return point;
}
