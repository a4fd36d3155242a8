import { RE2JS } from "re2js";

/** Why a pattern cannot check an input, or undefined if it can. Patterns are Java's, and Postgres runs them. */
export function patternProblem(pattern: string): string | undefined {
  if (compile(pattern) === undefined && !isJavaScriptPattern(pattern)) {
    return `\`${pattern}\` is no regular expression.`;
  }
  const unknown = unknownTo(pattern);
  return unknown === undefined ? undefined : `\`${unknown}\` in the pattern \`${pattern}\` is not supported.`;
}

/** Whether a pattern matches a whole text. */
export function matchesPattern(text: string, pattern: string): boolean {
  // A pattern beyond RE2 could run forever on a crafted text: it is left to the database, which has a time limit.
  return compile(pattern)?.matches(text) ?? true;
}

/** The classes that SQL's `matches_pattern` translates. */
const knownClasses: ReadonlySet<string> = new Set([
  ...[
    "L",
    "IsAlphabetic",
    "Alpha",
    "Lu",
    "Upper",
    "Ll",
    "Lower",
    "N",
    "Nd",
    "Digit",
    "Alnum",
    "P",
    "Punct",
    "Space",
  ],
]);

/** The escapes that mean to Postgres what they mean to Java: digits, blanks, words, characters, groups before. */
const knownEscapes = /^\\(?:[dDsSwWtnrfeA1-9]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^a-zA-Z0-9])$/;

/** How often Postgres repeats something at most. */
const mostRepeats = 255;

/** The first part of a pattern that Postgres would refuse, or understand otherwise than Java. */
function unknownTo(pattern: string): string | undefined {
  const flags = /^\(\?[ims]+\)/.exec(pattern)?.[0] ?? "";
  let depth = 0;
  for (const [part] of pattern.slice(flags.length).matchAll(parts)) {
    if (part.startsWith("\\p{")) {
      if (!knownClasses.has(part.slice(3, -1))) return part;
    } else if (part.startsWith("\\")) {
      if (!knownEscapes.test(part)) return part;
    } else if (part === "[") depth += 1;
    else if (part === "]") depth = Math.max(0, depth - 1);
    else if (part === "&&") {
      if (depth > 0) return part;
    } else if (depth === 0 && isUnknownOutside(part)) return part;
  }
  return undefined;
}

const parts = /\\(?:p\{\w+\}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\s\S])|\[|\]|&&|\(\?<?.|[*+?}]\+|\{\d[^}]*\}?/g;

function isUnknownOutside(part: string): boolean {
  if (part.startsWith("(?")) return !["(?:", "(?=", "(?!", "(?<=", "(?<!"].includes(part);
  if (part.startsWith("{")) {
    return (
      !/^\{\d+(,\d*)?\}$/.test(part) ||
      part.match(/\d+/g)?.some((count) => Number(count) > mostRepeats) === true
    );
  }
  return true;
}

function compile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}

function isJavaScriptPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, "u");
    return true;
  } catch {
    return false;
  }
}
