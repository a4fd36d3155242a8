import { writeJson } from "../../base/json.ts";

/** An input that a Pause asks for, as far as people are told. */
export interface Asked {
  id: string;
  type: string;
  required?: boolean;
  defaults?: unknown;
  values?: string[];
  min?: number | string;
  max?: number | string;
  after?: string;
  before?: string;
}

/** What a Pause asks for: ids with their types, what may be chosen, and what is taken where nothing is given. */
export function askedText(inputs: readonly Asked[]): string {
  const asked = inputs.map(({ id, type, required, defaults, values }) => {
    const what = [
      values === undefined ? type : `${type} of ${valuesText(values)}`,
      ...(defaults === undefined ? [] : [`else ${writeJson(defaults)}`]),
      ...(defaults === undefined && required === false ? ["optional"] : []),
    ];
    return `${id} (${what.join(", ")})`;
  });
  return `It asks for: ${asked.join(", ")}`;
}

/** More are for whoever looks at the flow. */
const mostValues = 12;

function valuesText(values: readonly string[]): string {
  const shown = values.slice(0, mostValues).join(" | ");
  return values.length > mostValues ? `${shown} | …` : shown;
}

/** Options that give what has to be given, with values that are taken as they stand. */
export function givenText(inputs: readonly Asked[]): string {
  return inputs
    .filter(({ required, defaults }) => required !== false && defaults === undefined)
    .map((input) =>
      input.type === "FILE"
        ? ` --file ${input.id}=PATH`
        : ` --input ${input.id}=${inShell(exampleOf(input))}`,
    )
    .join("");
}

/** A value of each type that is not any text. */
const examples: Readonly<Record<string, string>> = {
  BOOL: "true",
  BOOLEAN: "true",
  INT: "1",
  FLOAT: "1.5",
  DATE: "2026-01-31",
  TIME: "12:00:00",
  DATETIME: "2026-01-31T12:00:00Z",
  DURATION: "PT1H",
  EMAIL: "somebody@example.com",
  URI: "https://example.com",
  JSON: "{}",
  YAML: "{}",
  ARRAY: "[]",
};

function exampleOf({ type, values, min, max, after, before }: Asked): string {
  const [first] = values ?? [];
  if (first !== undefined) return type === "MULTISELECT" ? writeJson([first]) : first;
  const limit = min ?? max ?? after ?? before;
  return limit === undefined ? (examples[type] ?? type) : String(limit);
}

/** As a shell takes it for one word. */
function inShell(value: string): string {
  return /^[\w.,:/@+-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
