import { filters } from "../filters/all-filters.ts";
import { functions, unavailableFunctions } from "../functions/all-functions.ts";
import { methodNames } from "../methods.ts";
import { TAGS } from "../parser-nodes.ts";
import { PRECEDENCES } from "../precedences.ts";
import { tests } from "../tests.ts";
import { patternEntries } from "./date-patterns.ts";
import type { Entries, Entry } from "./entry.ts";
import { functionEntries } from "./functions.ts";
import { literalEntries, methodEntries, tagEntries, testEntries, whitespaceEntries } from "./language.ts";
import { listFilterEntries } from "./list-filters.ts";
import { nameEntries } from "./names.ts";
import { operatorEntries, readingEntries } from "./operators.ts";
import { regexEntries } from "./regular-expressions.ts";
import { textFilterEntries } from "./text-filters.ts";
import { valueFilterEntries } from "./value-filters.ts";

/** What is told of one thing, and how that is written. */
export type ChapterEntry = Entry & { name: string; signature: string; rank?: number };

/** A part of the reference of expressions. */
export interface Chapter {
  title: string;
  /** What holds for all of it. */
  text?: string;
  entries: readonly ChapterEntry[];
  /** What is there and nobody has described. */
  missing: readonly string[];
  /** What is described and not there. */
  gone: readonly string[];
}

interface Signature {
  readonly parameters: readonly string[] | "any";
  readonly required?: number;
}

/** All that stands in expressions and can be explained. */
export function expressionChapters(): Chapter[] {
  return [
    written("Names", nameEntries),
    written("Values", literalEntries),
    operatorChapter(),
    written("What binds tighter", readingEntries, {
      text: "Where that may surprise. Parentheses say what you mean.",
    }),
    chapter("Filters", { ...textFilterEntries, ...listFilterEntries, ...valueFilterEntries }, filters),
    written("Date patterns", patternEntries, {
      text: "The letters of Java's DateTimeFormatter: all are printed and, where nothing else is said, read. A text that does not fit is an error with Java's words. Others are refused.",
    }),
    written("Regular expressions", regexEntries, {
      text: "Those of Java, with its classes, groups and words for errors. A pattern has 1,000 characters at most.",
    }),
    chapter("Functions", functionEntries, functions, true),
    chapter("Tests", testEntries, tests),
    written("Tags", tagEntries, { there: TAGS, isBeside: ["# #"] }),
    written("Whitespace", whitespaceEntries),
    methodChapter(),
  ];
}

/** Functions of Kestra that are refused, and why. */
export const refusedFunctions: Readonly<Record<string, string>> = unavailableFunctions;

/** Of what is described, what is there. */
function chapter(
  title: string,
  entries: Entries,
  there: Readonly<Record<string, Signature>>,
  isCalled = false,
): Chapter {
  const names = Object.keys(there).toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return {
    title,
    entries: names.flatMap((name) => {
      const [entry, signature] = [entries[name], there[name]];
      if (entry === undefined || signature === undefined) return [];
      return { ...entry, name, signature: signatureOf(name, signature, isCalled) };
    }),
    ...compared(Object.keys(entries), names),
  };
}

/** What is told in the order in which it is written; `isBeside` are those of them that are none of what is there. */
function written(
  title: string,
  entries: Entries,
  {
    text,
    there,
    isBeside = [],
  }: { text?: string; there?: readonly string[]; isBeside?: readonly string[] } = {},
): Chapter {
  const names = Object.keys(entries);
  const told = names.filter((name) => !isBeside.includes(name));
  return {
    title,
    ...(text === undefined ? {} : { text }),
    entries: Object.entries(entries).map(([name, entry]) => ({ ...entry, name, signature: name })),
    ...compared(told, there ?? told),
  };
}

function compared(told: readonly string[], there: readonly string[]): Pick<Chapter, "missing" | "gone"> {
  return {
    missing: there.filter((name) => !told.includes(name)),
    gone: told.filter((name) => !there.includes(name)),
  };
}

/** Operators, those that bind tightest first. */
function operatorChapter(): Chapter {
  const beside = [". []", "not", "- + (sign)", "? :"];
  const made = written("Operators", operatorEntries, {
    text:
      "Those that bind tightest come first; those with the same number bind alike, from left to right. A filter or a test may be followed by any of them, " +
      "which then takes all that stands before it.",
    there: Object.keys(PRECEDENCES),
    isBeside: beside,
  });
  return { ...made, entries: made.entries.map((entry) => ({ ...entry, rank: rankOf(entry.name) })) };
}

/** 1 for what binds tightest. */
function rankOf(name: string): number {
  const levels = [...new Set(Object.values(PRECEDENCES))].toSorted((a, b) => b - a);
  if (name === ". []") return 1;
  if (name === "? :") return levels.length + 3;
  const level = PRECEDENCES[name];
  return level === undefined ? 2 : levels.indexOf(level) + 3;
}

function methodChapter(): Chapter {
  const made = written("Methods", methodEntries, {
    text:
      "Java's, as far as templates use them, called on a value behind a dot. Those without arguments need no parentheses. Numbers that a template " +
      "writes are longer than the `int` that Java's methods take: `inputs.name.charAt(0)` finds none, and a number of an input does.",
    there: Object.keys(methodNames),
  });
  const summaryOf = (name: string) => (methodNames[name] ?? []).map((method) => `\`${method}\``).join(", ");
  return {
    ...made,
    entries: made.entries.map((entry) => ({ ...entry, summary: `${summaryOf(entry.name)}.` })),
  };
}

/** `split(delimiter, limit?)` */
function signatureOf(name: string, { parameters, required = 0 }: Signature, isCalled: boolean): string {
  if (parameters === "any") return `${name}(…)`;
  if (parameters.length === 0 && !isCalled) return name;
  return `${name}(${parameters.map((each, index) => (index < required ? each : `${each}?`)).join(", ")})`;
}
