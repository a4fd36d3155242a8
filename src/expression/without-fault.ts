import type { ExpressionSyntaxError } from "./expression-error.ts";

/** The shortest tags that open the same blocks, so that what follows is read as it stands. */
const openings: Readonly<Record<string, (inside: string) => string>> = {
  if: () => "{%if 1%}",
  elseif: () => "{%elseif 1%}",
  for: (inside) => `{%for ${nameIn(inside)} in[]%}`,
  set: (inside) => `{%set ${nameIn(inside)}=1%}`,
  macro: (inside) => `{%macro ${nameIn(inside)}()%}`,
  filter: () => "{%filter upper%}",
};

/** A template with blanks in place of an expression or a tag. */
export interface Mended {
  /** Undefined where nothing more can be told. */
  text: string | undefined;
  /** A string in it that was not closed: what follows up to the next quote was read as a part of it. */
  unclosed: Place | undefined;
}

type Place = Pick<ExpressionSyntaxError, "line" | "column">;

/** The template without the expression or tag that a fault lies in. */
export function withoutFault(text: string, { line, column }: Place): Mended {
  const lines = text.split("\n");
  const at = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
  const start = startOf(text, at);
  if (start === undefined) return { text: undefined, unclosed: undefined };
  const { end, unclosed } = endOf(text, start);
  const faulty = text.slice(start, end);
  const blank = faulty.replace(/[^\n]/g, " ");
  const instead = faulty.startsWith("{%") ? openingOf(faulty, blank) : blank;
  const rest = instead === undefined ? undefined : text.slice(0, start) + instead + text.slice(end);
  return {
    text: rest === text ? undefined : rest,
    unclosed: unclosed === undefined ? undefined : placeOf(text, unclosed),
  };
}

function placeOf(text: string, at: number): Place {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Where the expression or tag begins that a place lies in, strings read as the tokenizer does. */
function startOf(text: string, at: number): number | undefined {
  const opening = /\{[{%]/g;
  let start: number | undefined;
  for (let found = opening.exec(text); found !== null && found.index <= at; found = opening.exec(text)) {
    start = found.index;
    const mark = /["']|[}%]\}/g;
    mark.lastIndex = start + 2;
    let next = mark.exec(text);
    while (next !== null && next[0].length === 1) {
      mark.lastIndex = endOfString(text, next.index);
      next = mark.exec(text);
    }
    if (next === null || next.index >= at) break;
    opening.lastIndex = mark.lastIndex;
  }
  return start;
}

/** Where it ends, or what begins next where it has no end. A string that reaches beyond an end is one that was not closed. */
function endOf(text: string, start: number): { end: number; unclosed?: number } {
  const mark = /["']|[}%]\}|\{[{%]/g;
  mark.lastIndex = start + 2;
  let unclosed: number | undefined;
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    if (found[0].length === 2) {
      const end = found[0].startsWith("{") ? found.index : mark.lastIndex;
      return unclosed === undefined ? { end } : { end, unclosed };
    }
    const end = endOfString(text, found.index);
    const inside = /[}%]\}|\{[{%]/.exec(text.slice(found.index, end));
    if (inside === null || inside[0].startsWith("{")) mark.lastIndex = end;
    else unclosed ??= found.index;
  }
  return { end: text.length };
}

function endOfString(text: string, start: number): number {
  const quote = text[start] as string;
  let end = text.indexOf(quote, start + 1);
  while (end > 0 && text[end - 1] === "\\") end = text.indexOf(quote, end + 1);
  return end < 0 ? text.length : end + 1;
}

/** What opens the same block in no more room; blanks for a tag that opens none. */
function openingOf(tag: string, blank: string): string | undefined {
  const [, word = "", inside = ""] = /^\{%-?\s*(\w+)(.*)$/s.exec(tag) ?? [];
  const opening = Object.hasOwn(openings, word) ? openings[word]?.(inside) : undefined;
  if (opening === undefined) return blank;
  // Places behind it stay where they are: it fills the first line of the tag, and the other lines are blank.
  const [first = "", ...others] = blank.split("\n");
  const room = others.length === 0 ? first.length : Math.max(first.length, opening.length);
  if (opening.length > room) return undefined;
  return [opening.padEnd(room), ...others].join("\n");
}

function nameIn(inside: string): string {
  return /^\s*([\p{L}_][\p{L}\p{Nd}_]*)/u.exec(inside)?.[1] ?? "_";
}
