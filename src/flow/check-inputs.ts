import { z } from "zod";
import { shortBudget } from "../expression/budget.ts";
import { ExpressionError, ExpressionSyntaxError } from "../expression/expression-error.ts";
import { renderDeep } from "../expression/render-deep.ts";
import { parseTemplate } from "../expression/template.ts";
import { checkUnique, entriesOf, type Identified } from "./check-unique.ts";
import { inputEntries } from "./input-entries.ts";
import { instantOf, lengthOf } from "./input-form.ts";
import {
  commonProperties,
  formSchema,
  type Input,
  inputSchema,
  inputSchemas,
  longestId,
} from "./input-schema.ts";
import { isFileDefault, readInputValue } from "./input-value.ts";
import type { Findings, Path } from "./issue.ts";
import { patternProblem } from "./pattern.ts";
import { checkSchema, reportUnknown } from "./schema-issues.ts";
import { didYouMean, nearest } from "./suggest.ts";
import { holdsTemplate } from "./words.ts";
import { isWritten, type Written } from "./written.ts";

/** Checks what the schema of the inputs of a flow, or of those that a Pause asks for, cannot say. */
export function checkInputs(
  holder: Written,
  findings: Findings,
  { property = "inputs", path = [] }: { property?: string; path?: Path } = {},
): void {
  const inputs = inputEntries(holder, property).map((input) => ({
    ...input,
    path: [...path, ...input.path],
    dependsAt: [...path, ...input.dependsAt],
  }));
  checkUnique("input", inputs, findings);
  checkNesting(inputs, findings);
  warnOfNames(holder, property, path, findings);
  const ids = inputs.flatMap(({ id }) => id ?? []);
  for (const { value, path, dependsAt } of inputs) {
    checkUnknownType(value, path, findings);
    const input = readableInput(value);
    if (input === undefined) continue;
    checkInput(input, path, findings);
    checkDependence(input, ids, dependsAt, findings);
  }
}

/** Kestra still takes what `id` was called once. */
function warnOfNames(holder: Written, property: string, path: Path, findings: Findings): void {
  for (const { value, path: place } of entriesOf(holder, property)) {
    if (!isWritten(value)) continue;
    const at = [...path, ...place];
    if (value.name !== undefined)
      findings.warning([...at, "name"], "deprecated_property", "`name` of an input is deprecated.", {
        hint: "Call it `id`.",
        atKey: true,
      });
    if (value.type === "FORM") warnOfNames(value, "inputs", at, findings);
  }
}

const anyProperty = new Set(
  [...Object.values(inputSchemas), formSchema].flatMap(({ shape }) => Object.keys(shape)),
);

/** The schema of the inputs says of a type that there is not that, and nothing else. */
function checkUnknownType(value: unknown, path: Path, findings: Findings): void {
  if (!isWritten(value) || value.type === "FORM" || Object.hasOwn(inputSchemas, String(value.type))) return;
  checkSchema({ schema: z.looseObject(commonProperties), value, path, findings });
  for (const key of Object.keys(value))
    if (!anyProperty.has(key)) reportUnknown(findings, [...path, key], anyProperty);
}

/** An input without what its schema refuses, so that this hides nothing else; undefined where too little is left. */
function readableInput(value: unknown): Input | undefined {
  const whole = inputSchema.safeParse(value);
  if (whole.success) return whole.data.type === "FORM" ? undefined : whole.data;
  if (!isWritten(value) || typeof value.id !== "string") return undefined;
  const wrong = new Set<unknown>(
    whole.error.issues.flatMap((issue) =>
      issue.path.length > 0 ? issue.path[0] : "keys" in issue ? issue.keys : [],
    ),
  );
  // What cannot be chosen from says nothing of the rest.
  if (["values", "options", "expression"].some((key) => wrong.has(key))) return undefined;
  // An id that is refused still tells which input is meant.
  const rest = Object.entries(value).filter(([key]) => key === "id" || !wrong.has(key));
  const parsed = inputSchema.safeParse({ ...Object.fromEntries(rest), id: "a" });
  return parsed.success && parsed.data.type !== "FORM" ? { ...parsed.data, id: value.id } : undefined;
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
  if (isGiven(input.prefill) && isGiven(input.defaults)) {
    findings.error(
      [...path, "prefill"],
      "prefill_with_default",
      "An input has `defaults` or `prefill`, not both.",
    );
  }
  if (input.required === false && isGiven(input.defaults)) {
    findings.error(
      [...path, "required"],
      "default_not_required",
      "Inputs with a default value must be required, since the default is always applied.",
      { hint: "Leave `required` out, or the default." },
    );
  }
  checkChoice(input, path, findings);
  checkLimits(input, path, findings);
  const problem =
    (input.type === "STRING" || input.type === "SECRET") && input.validator !== undefined
      ? patternProblem(input.validator)
      : undefined;
  if (problem !== undefined) {
    findings.error([...path, "validator"], "invalid_pattern", problem);
    return;
  }
  if (!isGiven(input.defaults)) return;
  if (holdsTemplate(input.defaults)) {
    if (input.type === "FILE") checkFileTemplate(input, [...path, "defaults"], findings);
    return;
  }
  const read = readInputValue(input, input.defaults);
  if ("cause" in read) {
    const message = `Invalid default for input \`${input.id}\`. Cause: ${read.cause}`;
    findings.error([...path, "defaults"], "invalid_default", message.replace(/[^.]$/, "$&."));
  } else warnOfFile(input, path, findings);
}

/** Who is not given the file would have none. */
function warnOfFile({ type, defaults }: Input, path: Path, findings: Findings): void {
  if (type !== "FILE" || !isFileDefault(String(defaults))) return;
  const isLocal = String(defaults).startsWith("file:");
  const message = isLocal
    ? `\`${defaults}\` lies on a server, and no execution can read it from there.`
    : `\`${defaults}\` is a file of the namespace, which is not supported yet.`;
  findings.warning([...path, "defaults"], "unreadable_default", message, {
    hint: "Give each execution the file.",
  });
}

/** The default of a FILE is rendered when the flow is saved, before there is anything to read. */
function checkFileTemplate({ id, defaults }: Input, path: Path, findings: Findings): void {
  try {
    if (isFileDefault(String(renderDeep(defaults, {}, {}, shortBudget())))) return;
  } catch (error) {
    if (!(error instanceof ExpressionError || error instanceof ExpressionSyntaxError)) throw error;
  }
  const cause =
    "inputs of type 'FILE' only support `defaults` with expression that can be rendered immediately";
  findings.error(path, "invalid_default", `Invalid default for input \`${id}\`. Cause: ${cause}.`);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** What an input waits for has to be an input too. */
function checkDependence(input: Input, ids: readonly string[], path: Path, findings: Findings): void {
  for (const [index, needed] of (input.dependsOn?.inputs ?? []).entries()) {
    const at = [...path, "inputs", index];
    if (needed === input.id) findings.error(at, "cycle", `The input \`${needed}\` needs itself.`);
    else if (!ids.includes(needed)) {
      const hint = didYouMean(nearest(needed, ids));
      findings.error(at, "unknown_input", `There is no input \`${needed}\`.`, { hint });
    }
  }
}

function checkChoice(input: Input, path: Path, findings: Findings): void {
  if (input.type !== "SELECT" && input.type !== "MULTISELECT") return;
  const options = input.type === "MULTISELECT" ? input.options : undefined;
  if (input.values !== undefined && options !== undefined) {
    findings.error([...path, "options"], "invalid_input", "You can't define both `values` and `options`.");
  }
  const values = input.values ?? options;
  if (input.expression !== undefined) {
    checkExpression(input.expression, [...path, "expression"], findings);
    if (values === undefined) return;
    const message = `The input \`${input.id}\` has an \`expression\`, so its \`values\` are not looked at.`;
    findings.warning([...path, input.values === undefined ? "options" : "values"], "unused_values", message);
  } else if (values === undefined || values.length === 0) {
    findings.error(
      [...path, "values"],
      "missing_property",
      `The input \`${input.id}\` needs \`values\` to choose from.`,
    );
  }
}

/** What reads nothing is known before anything runs. */
function checkExpression(expression: string, path: Path, findings: Findings): void {
  try {
    if (!needsNothing(expression)) return;
    if (Array.isArray(renderDeep(expression.trim(), {}, {}, shortBudget()))) return;
  } catch (error) {
    // What cannot be parsed or rendered is told where expressions are checked.
    if (error instanceof ExpressionError || error instanceof ExpressionSyntaxError) return;
    throw error;
  }
  findings.error(path, "invalid_input", "Invalid expression result. Expected a list of strings.");
}

function needsNothing(expression: string): boolean {
  if (!holdsTemplate(expression)) return true;
  const { references, reads } = parseTemplate(expression);
  return references.length === 0 && reads.functions.length === 0 && !reads.all;
}

function checkLimits(input: Input, path: Path, findings: Findings): void {
  const compare = (lowKey: string, low: number | undefined, highKey: string, high: number | undefined) => {
    if (low === undefined || high === undefined || low <= high) return;
    findings.error([...path, highKey], "invalid_limits", `\`${highKey}\` must not lie below \`${lowKey}\`.`);
  };
  if (input.type === "INT" || input.type === "FLOAT")
    compare("min", numberOf(input.min), "max", numberOf(input.max));
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

function numberOf(limit: number | string | undefined): number | undefined {
  return limit === undefined ? undefined : Number(limit);
}
