import { checkUnique, entriesOf, type Identified } from "./check-unique.ts";
import { instantOf, lengthOf } from "./input-form.ts";
import { type Input, inputSchema, longestId } from "./input-schema.ts";
import { readInputValue } from "./input-value.ts";
import type { Findings, Path } from "./issue.ts";
import { patternProblem } from "./pattern.ts";
import { notYet } from "./refusals.ts";
import { holdsTemplate } from "./words.ts";
import type { Written } from "./written.ts";

const laterTypes: ReadonlySet<string> = new Set(["FILE", "SECRET", "YAML", "FORM"]);

/** Checks what the schema of the inputs of a flow, or of those that a Pause asks for, cannot say. */
export function checkInputs(
  holder: Written,
  findings: Findings,
  { property = "inputs", path = [] }: { property?: string; path?: Path } = {},
): void {
  const inputs = entriesOf(holder, property).map((input) => ({ ...input, path: [...path, ...input.path] }));
  checkUnique("input", inputs, findings);
  checkNesting(inputs, findings);
  for (const { value, path } of inputs) {
    const parsed = inputSchema.safeParse(value);
    if (parsed.success) checkInput(parsed.data, path, findings);
  }
}

/** `a` cannot be a value and, with `a.b` beside it, a map. */
function checkNesting(inputs: readonly Identified[], findings: Findings): void {
  const ids = new Set(inputs.map(({ id }) => id));
  for (const { id, path } of inputs) {
    // A longer id is refused anyway.
    const parts = id === undefined || id.length > longestId ? [] : id.split(".");
    const parent = parts.map((_, index) => parts.slice(0, index).join(".")).find((each) => ids.has(each));
    if (parent === undefined || parent === "") continue;
    findings.error(
      [...path, "id"],
      "input_conflict",
      `The input \`${id}\` nests in \`${parent}\`, which is an input itself.`,
    );
  }
}

function checkInput(input: Input, path: Path, findings: Findings): void {
  if (laterTypes.has(input.type)) {
    notYet(findings, [...path, "type"], `Inputs of type \`${input.type}\``, { atKey: false });
    return;
  }
  if (input.dependsOn !== undefined) notYet(findings, [...path, "dependsOn"], "Inputs that depend on others");
  checkChoice(input, path, findings);
  checkLimits(input, path, findings);
  const problem =
    input.type === "STRING" && input.validator !== undefined ? patternProblem(input.validator) : undefined;
  if (problem !== undefined) {
    findings.error([...path, "validator"], "invalid_pattern", problem);
    return;
  }
  if (input.defaults === undefined || input.defaults === null || holdsTemplate(input.defaults)) return;
  const read = readInputValue(input, input.defaults);
  if ("cause" in read) {
    const message = `Invalid default for input \`${input.id}\`. Cause: ${read.cause}`;
    findings.error([...path, "defaults"], "invalid_default", message.replace(/[^.]$/, "$&."));
  }
}

function checkChoice(input: Input, path: Path, findings: Findings): void {
  if (input.type !== "SELECT" && input.type !== "MULTISELECT") return;
  if (input.expression !== undefined) {
    notYet(findings, [...path, "expression"], "Values by expression");
  } else if (input.values === undefined || input.values.length === 0) {
    findings.error(
      [...path, "values"],
      "missing_property",
      `The input \`${input.id}\` needs \`values\` to choose from.`,
    );
  }
}

function checkLimits(input: Input, path: Path, findings: Findings): void {
  const compare = (lowKey: string, low: number | undefined, highKey: string, high: number | undefined) => {
    if (low === undefined || high === undefined || low <= high) return;
    findings.error([...path, highKey], "invalid_limits", `\`${highKey}\` must not lie below \`${lowKey}\`.`);
  };
  if (input.type === "INT" || input.type === "FLOAT") compare("min", input.min, "max", input.max);
  const limit = <L>(key: string, given: L | undefined, read: (text: L) => number | undefined) => {
    const place = given === undefined ? undefined : read(given);
    if (given !== undefined && place === undefined) {
      findings.error([...path, key], "invalid_limits", `\`${given}\` is no ${input.type} in ISO 8601.`);
    }
    return place;
  };
  if (input.type === "DURATION") {
    compare("min", limit("min", input.min, lengthOf), "max", limit("max", input.max, lengthOf));
  }
  if (input.type !== "DATE" && input.type !== "TIME" && input.type !== "DATETIME") return;
  const { type } = input;
  const read = (text: string) => instantOf(type, text);
  compare("after", limit("after", input.after, read), "before", limit("before", input.before, read));
}
