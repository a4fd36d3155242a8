import { filters } from "../filters/all-filters.ts";
import { functions } from "../functions/all-functions.ts";
import { tests } from "../tests.ts";
import type { Entries, Entry } from "./entry.ts";
import { functionEntries } from "./functions.ts";
import { operatorEntries, tagEntries, testEntries } from "./language.ts";
import { listFilterEntries } from "./list-filters.ts";
import { textFilterEntries } from "./text-filters.ts";
import { valueFilterEntries } from "./value-filters.ts";

/** A part of the reference of expressions. */
export interface Chapter {
  title: string;
  entries: readonly (Entry & { name: string; signature: string })[];
  /** What is there and nobody has described. */
  missing: readonly string[];
}

interface Signature {
  readonly parameters: readonly string[] | "any";
  readonly required?: number;
}

/** All that stands in expressions and can be explained. */
export function expressionChapters(): Chapter[] {
  return [
    chapter("Filters", { ...textFilterEntries, ...listFilterEntries, ...valueFilterEntries }, filters),
    chapter("Functions", functionEntries, functions, true),
    chapter("Tests", testEntries, tests),
    written("Operators", operatorEntries),
    written("Tags", tagEntries),
  ];
}

/** Of what is described, what is there: some of Kestra's functions come later. */
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
    missing: names.filter((name) => entries[name] === undefined),
  };
}

function written(title: string, entries: Entries): Chapter {
  const all = Object.entries(entries).map(([name, entry]) => ({ ...entry, name, signature: name }));
  return { title, entries: all, missing: [] };
}

/** `split(delimiter, limit?)` */
function signatureOf(name: string, { parameters, required = 0 }: Signature, isCalled: boolean): string {
  if (parameters === "any") return `${name}(…)`;
  if (parameters.length === 0 && !isCalled) return name;
  return `${name}(${parameters.map((each, index) => (index < required ? each : `${each}?`)).join(", ")})`;
}
