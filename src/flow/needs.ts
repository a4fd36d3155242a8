import { ExpressionSyntaxError } from "../expression/expression-error.ts";
import { isTemplate, parseTemplate, type Reference } from "../expression/template.ts";
import type { Needs } from "./cycles.ts";
import { longestId } from "./input-schema.ts";
import { isWritten } from "./written.ts";

/**
 * For each input, those that it depends on, and that its default and its values read: all of them, or only those without which it cannot be rendered. A name that
 * others nest in stands behind the inputs, and needs all that is in it: `inputs.nested` reads `nested.a` and `nested.b`.
 */
export function needsOfInputs(inputs: readonly Needing[], { isCertain }: { isCertain: boolean }): Needs {
  const ids = new Set(inputs.map(({ id }) => id));
  const nests = nestsOf(ids);
  const needs = new Map<string, string[]>();
  for (const { id, defaults, expression, dependsOn } of inputs) {
    // A condition that reads what is not there does not hold, which is no circle.
    const read = referencesIn(isCertain ? [defaults, expression] : [defaults, expression, dependsOn]).filter(
      ({ root, isGuarded }) => root === "inputs" && !(isCertain && isGuarded),
    );
    const paths = read.map(({ name, path }) => [name, ...path].join("."));
    // `inputs.json.key` reads the input `json`.
    const named = Array.isArray(dependsOn?.inputs) ? dependsOn.inputs.map(String) : [];
    needs.set(id, [
      ...named.filter((other) => other !== id && ids.has(other)),
      ...paths.flatMap((path) =>
        prefixesOf(path).filter((outer) => ids.has(outer) || (outer === path && nests.has(path))),
      ),
    ]);
  }
  for (const [nest, inner] of nests) if (!ids.has(nest)) needs.set(nest, [...inner]);
  return needs;
}

/** An input, and what in it may read others. */
interface Needing {
  id: string;
  defaults?: unknown;
  expression?: unknown;
  dependsOn?: { inputs?: unknown; condition?: unknown };
}

/** For each name that inputs nest in, what is next in it. */
function nestsOf(ids: Iterable<string>): Map<string, Set<string>> {
  const nests = new Map<string, Set<string>>();
  for (const id of ids) {
    const [first, ...rest] = prefixesOf(id);
    let outer = first;
    for (const inner of rest) {
      if (outer === undefined) break;
      nests.set(outer, (nests.get(outer) ?? new Set()).add(inner));
      outer = inner;
    }
  }
  return nests;
}

/** For each variable, those without which it cannot be rendered. */
export function needsOfVariables(variables: Readonly<Record<string, unknown>>): Needs {
  return new Map(
    Object.entries(variables).map(([name, value]) => [
      name,
      referencesIn(value)
        .filter(({ root, isGuarded }) => root === "vars" && !isGuarded)
        .map((reference) => reference.name),
    ]),
  );
}

/** `a`, `a.b` and `a.b.c` for `a.b.c`. A longer path than any input has leads to none. */
function prefixesOf(path: string): string[] {
  if (path.length > 2 * longestId) return [];
  const parts = path.split(".");
  return parts.map((_, index) => parts.slice(0, index + 1).join("."));
}

/** What all templates in a value name. */
export function referencesIn(value: unknown): readonly Reference[] {
  if (typeof value === "string") return isTemplate(value) ? referencesOf(value) : [];
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isWritten(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => [...referencesIn(key), ...referencesIn(child)]);
}

/** What does not parse is reported elsewhere. */
function referencesOf(text: string): readonly Reference[] {
  try {
    return parseTemplate(text).references;
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return [];
    throw error;
  }
}
