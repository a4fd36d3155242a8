import { createContext, Script } from "node:vm";
import { type Budget, charge, millisecondsLeft } from "./budget.ts";
import { ExpressionError, OutOfPatience } from "./expression-error.ts";
import type { JavaPattern } from "./java-pattern.ts";

// What looks around (`(?=a)`) or refers back (`\1`) no linear matcher can do. Such patterns run on JavaScript's own, which is stopped
// after a while; the pattern and the text are data to it.

/** Patterns are code of the flow's author, but a small one: this is far more than anybody needs. */
const LONGEST_PATTERN = 1_000;
/** A pattern that takes longer has run away. */
const LONGEST_MS = 200;
/** A call costs much more than a step, so that two seconds hold few of them. */
const STEPS = 5_000;
const MOST_MATCHES = 100_000;

/** Where a match begins and ends, and each of its groups in turn; -1 for one that took no part. */
export interface Match {
  places: number[];
  names: Record<string, number>;
}

interface Program {
  source: string;
  flags: string;
  /** The names of the groups that count, a blank between them; null: all of them do. */
  groups: string | null;
  names: Record<string, number>;
}

let sandbox: ReturnType<typeof createContext> | undefined;
const searching = new Script(`(() => {
  const expression = new RegExp(pattern, flags);
  const found = [];
  for (let match; found.length < most && (match = expression.exec(text)) !== null; ) {
    const places = groups === null ? match.indices : groups.split(" ").filter(Boolean).map((name) => match.indices.groups[name]);
    found.push([...(groups === null ? [] : match.indices[0]), ...places.flatMap((place) => place ?? [-1, -1])]);
    const isPair = expression.unicode && text.codePointAt(expression.lastIndex) > 0xffff;
    if (match[0] === "") expression.lastIndex += isPair ? 2 : 1;
  }
  return JSON.stringify(found);
})()`);

/** Whether a pattern has what only backtracking finds. */
export function needsBacktracking(pattern: string): boolean {
  return /\(\?<?[=!]|\\[1-9]|\\k</.test(pattern);
}

/** Refuses a pattern that is longer than any that somebody means. */
export function assertShort(pattern: string): void {
  if (pattern.length > LONGEST_PATTERN) throw new ExpressionError("The regular expression is too long.");
}

/** The matches of a pattern in a text. Throws what tells why it does not work. */
export function backtrack(
  pattern: string,
  text: string,
  budget: Budget,
  { isCaseless = false, hasDotAll = false, most = MOST_MATCHES } = {},
): Match[] {
  assertShort(pattern); // what looks at it below is neither stopped nor linear
  const { source, flags } = translated(pattern);
  const all = `dg${flags}${isCaseless ? "i" : ""}${hasDotAll ? "s" : ""}`.replace(/(.)(?=.*\1)/g, "");
  return search(pattern, { source, flags: all, groups: null, names: namesIn(source) }, text, most, budget);
}

/** The matches of a pattern of Java that no linear matcher knows. */
export function backtrackJava(
  pattern: string,
  { source, groups, names }: JavaPattern,
  text: string,
  budget: Budget,
  { isWhole = false, most = MOST_MATCHES } = {},
): Match[] {
  const program = {
    source: isWhole ? `^(?:${source})$` : source,
    flags: "dgu",
    groups: groups.length === 0 ? "" : groups.map((number) => `g${number}_`).join(" "),
    names,
  };
  return search(pattern, program, text, most, budget);
}

function search(
  pattern: string,
  { source, flags, groups, names }: Program,
  text: string,
  most: number,
  budget: Budget,
): Match[] {
  charge(budget, STEPS);
  sandbox ??= createContext(Object.create(null) as object, {
    codeGeneration: { strings: false, wasm: false },
  });
  Object.assign(sandbox, {
    pattern: source,
    flags,
    groups,
    text,
    most,
  });
  const timeout = Math.max(1, Math.min(LONGEST_MS, Math.floor(millisecondsLeft(budget))));
  try {
    const found = JSON.parse(String(searching.runInContext(sandbox, { timeout }))) as number[][];
    charge(budget, found.length);
    return found.map((places) => ({ places, names }));
  } catch (error) {
    if (error instanceof ExpressionError) throw error;
    if ((error as { code?: unknown }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT")
      throw budget.isShort
        ? new OutOfPatience()
        : new ExpressionError(`The regular expression \`${pattern}\` takes too long.`);
    throw new SyntaxError((error as { message?: string }).message ?? String(error));
  } finally {
    Object.assign(sandbox, { pattern: "", text: "" });
  }
}

/** Flags at the front, `\Q…\E`, and the ends of the text, as JavaScript writes them. */
function translated(pattern: string): { source: string; flags: string } {
  const [front = "", flags = ""] = /^\(\?([imsu]+)\)/.exec(pattern) ?? [];
  const source = pattern
    .slice(front.length)
    .replace(/\\Q(.*?)(?:\\E|$)/gs, (_, quoted: string) => quoted.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&"))
    .replace(/\\[AzZh]/g, (end) => ({ "\\A": "^", "\\h": "[ \\t]" })[end] ?? "$");
  const isUnicode = /\\[pP]\{/.test(source);
  return { source, flags: flags.replace("u", "") + (isUnicode ? "u" : "") };
}

/** The numbers of the groups that have a name. */
function namesIn(source: string): Record<string, number> {
  const names: Record<string, number> = Object.create(null) as Record<string, number>;
  let number = 0;
  for (const [written, name] of source.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?<([A-Za-z]\w*)>|\?)?/gs)) {
    if (!written.startsWith("(") || written === "(?") continue;
    number += 1;
    if (name !== undefined) names[name] = number;
  }
  return names;
}

/** What stands for a match in the manner of Java: `$1`, `${name}`, and `\` before what is meant as it is. */
export function expanded(replacement: string, text: string, { places, names }: Match): string {
  const groupText = (number: number) => {
    const [start, end] = [places[2 * number], places[2 * number + 1]];
    if (start === undefined || end === undefined) throw new ExpressionError(`There is no group ${number}.`);
    return start < 0 ? "" : text.slice(start, end);
  };
  return replacement.replace(/\\(.?)|\$(?:\{(\w+)\}|(\d)(\d*))?/gs, (_, escaped, name, digit, more) => {
    if (escaped !== undefined) return escaped as string;
    if (name !== undefined) {
      const number = names[name as string];
      if (number === undefined) throw new ExpressionError(`There is no group \`${name}\`.`);
      return groupText(number);
    }
    if (digit === undefined)
      throw new ExpressionError("Illegal group reference: a number or a name must follow `$`.");
    // As many digits as there are groups for.
    let number = Number(digit);
    let rest = String(more);
    while (rest !== "" && 2 * (number * 10 + Number(rest[0])) < places.length) {
      number = number * 10 + Number(rest[0]);
      rest = rest.slice(1);
    }
    return groupText(number) + rest;
  });
}
