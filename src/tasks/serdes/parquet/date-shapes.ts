/**
 * Most Java date patterns are digits in fixed places, and those can be said in SQL: a regular expression for the shape
 * of a text, and a format for strptime. A text of another shape, or one that is no date everybody agrees on
 * (30 February, the year 0, 24:00), is left to `java-date`, which gives the value or the error.
 */

/** One shape of text. A pattern has one for each combination of its optional parts. */
export interface DateShape {
  /** A regular expression (RE2) for the whole text. */
  regexp: string;
  /** The format for strptime. */
  strptime: string;
  /** Whether the text holds an offset, so that strptime gives an instant. */
  hasOffset: boolean;
  hasTime: boolean;
}

/** The shapes of a pattern that can be said in SQL; none for patterns that hold anything unusual. */
export function dateShapes(pattern: string): DateShape[] {
  const parts = parse(pattern);
  if (!parts || !isUnambiguous(parts)) return [];
  const shapes = combinations(parts).flatMap(shapesOf);
  return shapes.length <= MAX_SHAPES ? shapes : [];
}

// Each costs a look at every text.
const MAX_SHAPES = 24;

type Field = "y" | "M" | "d" | "H" | "m" | "s" | "S" | "zone";
type Part = { field: Field; width: number } | { literal: string } | { optional: Part[] };

const FIELDS: Record<string, Part> = {
  yyyy: { field: "y", width: 4 },
  uuuu: { field: "y", width: 4 },
  MM: { field: "M", width: 2 },
  dd: { field: "d", width: 2 },
  HH: { field: "H", width: 2 },
  mm: { field: "m", width: 2 },
  ss: { field: "s", width: 2 },
  XXX: { field: "zone", width: 0 },
};

function parse(pattern: string): Part[] | undefined {
  const stack: Part[][] = [[]];
  for (const [token] of pattern.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[\s\S]/g)) {
    const top = stack.at(-1) as Part[];
    if (token === "[") stack.push([]);
    else if (token === "]") {
      if (stack.length !== 2) return undefined;
      stack.pop();
      (stack[0] as Part[]).push({ optional: top });
    } else if (/^S{1,9}$/.test(token)) top.push({ field: "S", width: token.length });
    else if (/^[A-Za-z]/.test(token)) {
      const field = FIELDS[token];
      if (!field) return undefined;
      top.push(field);
    } else if (token === "''") top.push({ literal: "'" });
    else if (token.startsWith("'")) {
      if (token.length < 2) return undefined;
      top.push({ literal: token.slice(1, -1).replaceAll("''", "'") });
    } else if (/[{}#]/.test(token)) return undefined;
    else top.push({ literal: token });
  }
  return stack.length === 1 ? stack[0] : undefined;
}

/** Java takes an optional part whenever it can and never goes back, so it must be plain from one character whether it is there. */
function isUnambiguous(parts: Part[]): boolean {
  return parts.every((part, index) => {
    if (!("optional" in part)) return true;
    const first = part.optional[0];
    const starts = first && startsOf(first);
    if (!starts || part.optional.some((inner) => "optional" in inner)) return false;
    for (const next of parts.slice(index + 1)) {
      const later = "optional" in next ? next.optional[0] : next;
      if (!later || [...startsOf(later)].some((start) => starts.has(start))) return false;
      if (!("optional" in next)) break;
    }
    return true;
  });
}

function startsOf(part: Part): Set<string> {
  if ("literal" in part) return new Set([part.literal.slice(0, 1).toLowerCase().replace(/\d/, "digit")]);
  if ("optional" in part) return new Set();
  return new Set(part.field === "zone" ? ["z", "+", "-"] : ["digit"]);
}

/** With every optional part first: that is how most texts are. */
function combinations([part, ...rest]: Part[]): Part[][] {
  if (!part) return [[]];
  const after = combinations(rest);
  if (!("optional" in part)) return after.map((parts) => [part, ...parts]);
  return [...after.map((parts) => [...part.optional, ...parts]), ...after];
}

const STRPTIME: Record<string, string> = {
  y4: "%Y",
  M2: "%m",
  d2: "%d",
  H2: "%H",
  m2: "%M",
  s2: "%S",
  // strptime has names for these fractions only.
  S3: "%g",
  S6: "%f",
};
const OFFSET = "[+-](?:0[0-9]|1[0-7]):[0-5][0-9]";

/** A zone is written in two ways, so it gives two shapes. */
function shapesOf(parts: Part[]): DateShape[] {
  const hasZone = parts.some((part) => "field" in part && part.field === "zone");
  const shapes = hasZone ? [shapeOf(parts, "Z"), shapeOf(parts, "offset")] : [shapeOf(parts, "none")];
  return shapes.filter((shape) => shape !== undefined);
}

function shapeOf(parts: Part[], zone: "Z" | "offset" | "none"): DateShape | undefined {
  const seen = new Set<Field>();
  let regexp = "";
  let strptime = "";
  let hasLiteral = false;
  for (const part of parts) {
    if ("optional" in part) return undefined;
    const literal =
      "literal" in part ? part.literal : part.field === "zone" && zone === "Z" ? "Z" : undefined;
    if (literal !== undefined) {
      hasLiteral ||= /\D/.test(literal);
      regexp += literal.replace(/[^A-Za-z0-9 ]/g, (one) => `\\x{${one.charCodeAt(0).toString(16)}}`);
      strptime += literal.replaceAll("%", "%%");
    } else if ("field" in part) {
      const format = part.field === "zone" ? "%z" : STRPTIME[`${part.field}${part.width}`];
      if (format === undefined || seen.has(part.field)) return undefined;
      seen.add(part.field);
      strptime += format;
      regexp +=
        part.field === "zone" ? OFFSET : part.field === "y" ? "[1-9][0-9]{3}" : `[0-9]{${part.width}}`;
    }
  }
  const hasDate = seen.has("y") && seen.has("M") && seen.has("d");
  const hasTime = seen.has("H") && seen.has("m") && (!seen.has("S") || seen.has("s"));
  const hasNoTime = !["H", "m", "s", "S"].some((field) => seen.has(field as Field));
  // Digits alone would be read as a number before they are read as a date.
  if (!hasDate || !hasLiteral || !(hasTime || hasNoTime)) return undefined;
  return { regexp, strptime, hasOffset: zone === "offset", hasTime };
}
