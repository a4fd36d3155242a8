// Temporary, until src/expression has these.

export interface Reads {
  all: boolean;
  outputs: string[];
  variables: string[];
  inputs: string[];
  labels: boolean;
  trigger: boolean;
  execution: boolean;
  functions: string[];
}

export function readsOfDeep(value: unknown, _variables: Record<string, unknown>): Reads {
  const text = JSON.stringify(value) ?? "";
  const found = (root: string) => [
    ...new Set([...text.matchAll(new RegExp(`${root}\\.(\\w+)`, "g"))].map((m) => m[1] ?? "")),
  ];
  return {
    all: false,
    outputs: found("outputs"),
    variables: found("vars"),
    inputs: found("inputs"),
    labels: false,
    trigger: false,
    execution: false,
    functions: [],
  };
}

export const knownFunctions: ReadonlySet<string> = new Set(["now", "render", "secret", "kv", "json"]);
export const knownFilters: ReadonlySet<string> = new Set([
  "date",
  "dateAdd",
  "upper",
  "lower",
  "default",
  "length",
]);
