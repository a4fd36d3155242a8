import { newBudget } from "../expression/budget.ts";
import { ExpressionError } from "../expression/expression-error.ts";
import { matchesWhole } from "../expression/regex.ts";

/** Why a pattern cannot check an input, or undefined if it can. Patterns are Java's, and Postgres runs them. */
export function patternProblem(pattern: string): string | undefined {
  try {
    matchesWhole(pattern, "", newBudget());
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return `\`${pattern}\` is no regular expression.`;
  }
  const unknown = unknownTo(pattern);
  return unknown === undefined ? undefined : `\`${unknown}\` in the pattern \`${pattern}\` is not supported.`;
}

/** Whether a pattern matches a whole text; undefined where finding out takes too long: the database may know. */
export function matchesPattern(text: string, pattern: string): boolean | undefined {
  try {
    return matchesWhole(pattern, text, newBudget());
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

/** The classes that SQL's `matches_pattern` translates. */
const knownClasses: ReadonlySet<string> = new Set([
  ...["L", "IsAlphabetic", "Lu", "Ll", "N", "Nd", "P"],
  ...["Alpha", "Upper", "Lower", "Digit", "Alnum", "Punct", "Space"],
]);

/** The escapes that mean to Postgres what they mean to Java, or that `matches_pattern` translates. */
const knownEscapes = /^\\(?:[dDsSwWtnrfeA1-9bB]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^a-zA-Z0-9])$/;

/** How often Postgres repeats something at most. */
const mostRepeats = 255;

/** The first part of a pattern that Postgres would refuse, or understand otherwise than Java. */
function unknownTo(pattern: string): string | undefined {
  const repeated = /\(\?<?[=!][^()]*\)[*+?{]/.exec(pattern)?.[0];
  if (repeated !== undefined) return repeated;
  const flags = /^\(\?[ims]+\)/.exec(pattern)?.[0] ?? "";
  let depth = 0;
  for (const [part] of pattern.slice(flags.length).matchAll(parts)) {
    const isInside = depth > 0;
    if (part.startsWith("[")) depth += 1;
    if (part === "]") depth = Math.max(0, depth - 1);
    if (isInside ? isUnknownInside(part) : isUnknownOutside(part)) return part;
  }
  return undefined;
}

const parts =
  /\\(?:[pP]\{\w+\}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\s\S])|\[\^?\]?|\]|&&|\(\?<\w+>|\(\?<?.|[*+?}]\+|\{\d[^}]*\}?/g;

function isUnknownEscape(part: string): boolean {
  return /^\\[pP]\{/.test(part) ? !knownClasses.has(part.slice(3, -1)) : !knownEscapes.test(part);
}

/** Within brackets little can be taken out of something. */
function isUnknownInside(part: string): boolean {
  if (part.startsWith("\\")) return isUnknownEscape(part) || /^\\[PAbB1-9]/.test(part);
  return part === "&&" || part.startsWith("[^") || part.startsWith("[]");
}

function isUnknownOutside(part: string): boolean {
  if (part.startsWith("\\")) return isUnknownEscape(part);
  if (part.startsWith("(?")) return !/^\(\?(?:[:=!]|<[=!]|<\w+>)$/.test(part);
  if (part.startsWith("[")) return part.endsWith("]");
  if (part.startsWith("{")) {
    return (
      !/^\{\d+(,\d*)?\}$/.test(part) ||
      part.match(/\d+/g)?.some((count) => Number(count) > mostRepeats) === true
    );
  }
  return /^[*+?}]\+$/.test(part);
}
