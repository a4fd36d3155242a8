import type { z } from "zod";
import type { Findings, IssueOptions, Path } from "./issue.ts";
import { keysKnownAt } from "./schema-keys.ts";
import { didYouMean, nearestProperty, nearestWord } from "./suggest.ts";

type ZodIssue = z.core.$ZodIssue;

/** A value that was checked, and where it stands. */
export interface Checked {
  schema: z.ZodType;
  value: unknown;
  path: Path;
  findings: Findings;
  /** Issues with a value for which this holds are left out: nobody knows it before it is rendered. */
  isOpen?: (value: unknown, path: readonly PropertyKey[]) => boolean;
  /** Whether what is missing may stand elsewhere. */
  isPart?: boolean;
}

/** What a text, number and so on is called in a sentence. */
const nouns: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
  null: "empty",
};

/** Maps that are easily written otherwise. */
const maps: Readonly<Record<string, string>> = {
  labels: "labels: {team: data}",
  checkFrequency: "checkFrequency: {interval: PT1S}",
  cases: "cases: {VALUE: [TASK, …]}",
};

/** Checks a value against its schema and reports what is wrong in our words. True if it fits. */
export function checkSchema(checked: Checked): boolean {
  const result = checked.schema.safeParse(checked.value);
  if (result.success) return true;
  const issues = result.error.issues.filter((issue) => !isLeftOut(checked, issue));
  for (const issue of issues) report(checked, issue);
  return issues.length === 0;
}

function isLeftOut(checked: Checked, issue: ZodIssue): boolean {
  if (checked.isPart === true && issue.code !== "custom" && valueAt(checked.value, issue.path) === undefined)
    return true;
  // Names of properties are never rendered.
  if (checked.isOpen === undefined || issue.code === "unrecognized_keys") return false;
  const { value } = foundAt(checked.value, issue.path);
  return value !== undefined && checked.isOpen(value, issue.path);
}

function report(checked: Checked, issue: ZodIssue): void {
  const { findings } = checked;
  const { value, depth } = foundAt(checked.value, issue.path);
  const path = [...checked.path, ...(issue.path.slice(0, depth) as Path)];
  if (issue.code === "unrecognized_keys") {
    const known = keysKnownAt(checked.schema, checked.value, issue.path);
    for (const key of issue.keys) reportUnknown(findings, [...path, key], known);
    return;
  }
  if (issue.code === "invalid_union" && "discriminator" in issue) reportStrangers(checked, issue);
  if (value === undefined && issue.code !== "custom") {
    findings.error(path, "missing_property", `${name(path)} is required.`);
    return;
  }
  // A word that takes a list or a map says `at 0.type: …` of what is wrong inside; within a text that is all that leads there.
  const isInside = !hasOwnMessage(issue) || (issue.message.startsWith("at ") && typeof value !== "string");
  if (issue.code === "invalid_union" && issue.errors.length > 0 && isInside) {
    const inner = deepest(issue.errors);
    if (inner !== undefined) {
      for (const each of inner) report(checked, { ...each, path: [...issue.path, ...each.path] });
      return;
    }
  }
  const within = issue.path.slice(depth);
  const told =
    within.length > 0 && typeof value === "string" && hasOwnMessage(issue)
      ? { ...issue, message: `at ${within.join(".")}: ${issue.message}` }
      : issue;
  const { reason, message, hint, atKey } = describe(told, value, path);
  findings.error(path, reason, message, { hint, atKey: atKey ?? false });
}

/** Reports what none of the alternatives knows, where nothing says which of them is meant. */
function reportStrangers({ schema, value, path, findings }: Checked, issue: ZodIssue): void {
  const place = issue.path.slice(0, -1);
  const written = valueAt(value, place);
  if (typeof written !== "object" || written === null) return;
  const known = keysKnownAt(schema, value, place);
  for (const key of Object.keys(written)) {
    if (!known.includes(key)) reportUnknown(findings, [...path, ...(place as Path), key], known);
  }
}

/** Reports a property that nobody knows. */
export function reportUnknown(findings: Findings, path: Path, known: Iterable<string>, told?: string): void {
  const key = String(path.at(-1));
  const hint = told ?? didYouMean(nearestProperty(key, known));
  findings.error(path, "unknown_property", `Unknown property \`${key}\`.`, { hint, atKey: true });
}

interface Description extends IssueOptions {
  reason: string;
  message: string;
}

function describe(issue: ZodIssue, value: unknown, path: Path): Description {
  if (issue.code === "custom" && typeof issue.params?.reason === "string") {
    return {
      reason: issue.params.reason,
      message: issue.message,
      hint: issue.params.hint as string | undefined,
    };
  }
  if (hasOwnMessage(issue)) {
    // Whole sentences stay; the property words of task types ("Expected a list") become part of one.
    const message = issue.message.endsWith(".") ? issue.message : `${name(path)}: ${issue.message}.`;
    return { reason: ownReason(issue), message, hint: enumHint(issue, value) };
  }
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue.expected, value, path);
    case "invalid_value":
      return {
        reason: "invalid_value",
        message: `${name(path)} must be ${oneOf(issue.values.map(String))}.`,
        hint: enumHint(issue, value),
      };
    case "too_small":
      return { reason: "out_of_range", message: tooSmall(issue, path) };
    case "too_big":
      return { reason: "out_of_range", message: tooBig(issue, path) };
    case "invalid_format": {
      const what = issue.format === "regex" ? "in the right form" : `a valid ${issue.format}`;
      return { reason: "invalid_value", message: `${name(path)} is not ${what}.` };
    }
    case "invalid_key": {
      const inner = issue.issues[0];
      return inner === undefined
        ? { reason: "invalid_key", message: "The key is wrong." }
        : { ...describe(inner, undefined, path), atKey: true };
    }
    case "invalid_union": {
      const options = "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
      if (options.length > 0) return unknownDiscriminator(options, value, path);
      const expected = issue.errors
        .flat()
        .flatMap((each) => (each.code === "invalid_type" ? [each.expected] : []));
      return wrongType(expected, value, path);
    }
    default:
      return { reason: "invalid_value", message: `${name(path)} is wrong.` };
  }
}

function wrongType(expected: string | string[], value: unknown, path: Path): Description {
  const wanted = [...new Set([expected].flat().map((each) => nouns[each] ?? each))];
  const given = nouns[kindOf(value)] ?? kindOf(value);
  const got = wanted.includes(given) ? "" : `, not ${given}`;
  const isBare = wanted[0] === "text" && (typeof value === "number" || typeof value === "boolean");
  return {
    reason: "wrong_type",
    message: `${name(path)} must be ${wanted.join(" or ")}${got}.`,
    hint: isBare ? "Put it in quotes." : mapHint(wanted, path),
  };
}

function mapHint(wanted: readonly string[], path: Path): string | undefined {
  const map = String(path.findLast((step) => typeof step === "string"));
  return wanted.includes("a map") && Object.hasOwn(maps, map) ? `Write \`${maps[map]}\`.` : undefined;
}

function unknownDiscriminator(options: string[], value: unknown, path: Path): Description {
  const message = `${name(path)} must be ${oneOf(options)}.`;
  return { reason: "invalid_value", message, hint: didYouMean(nearestWord(String(value), options)) };
}

function tooSmall(issue: z.core.$ZodIssueTooSmall, path: Path): string {
  if (issue.origin === "array") return `${name(path)} must not be empty.`;
  if (issue.origin === "string" && issue.minimum === 1) return `${name(path)} must not be empty.`;
  if (issue.origin === "string") return `${name(path)} must not be shorter than ${issue.minimum} characters.`;
  return `${name(path)} must be ${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}.`;
}

function tooBig(issue: z.core.$ZodIssueTooBig, path: Path): string {
  if (issue.origin === "array") return `${name(path)} must not have more than ${issue.maximum} entries.`;
  if (issue.origin === "string") return `${name(path)} must not be longer than ${issue.maximum} characters.`;
  return `${name(path)} must be ${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}.`;
}

function enumHint(issue: ZodIssue, value: unknown): string | undefined {
  if (issue.code !== "invalid_value" || typeof value !== "string") return undefined;
  return didYouMean(nearestWord(value, issue.values.map(String)));
}

/** Whether whoever wrote the schema said it in words of their own. */
function hasOwnMessage(issue: ZodIssue): boolean {
  if (issue.code === "custom") return issue.message !== "Invalid input";
  return !/^(Invalid|Too (big|small)|Unrecognized)/.test(issue.message);
}

function ownReason(issue: ZodIssue): string {
  if (issue.code === "invalid_type" || issue.code === "invalid_union") return "wrong_type";
  return issue.code === "too_big" || issue.code === "too_small" ? "out_of_range" : "invalid_value";
}

/** The issues of the alternative that went furthest before it failed, if one got past the outermost value. */
function deepest(alternatives: ZodIssue[][]): ZodIssue[] | undefined {
  return alternatives.find((issues) =>
    issues.every(
      (issue) => issue.path.length > 0 || (issue.code !== "invalid_type" && issue.code !== "invalid_union"),
    ),
  );
}

function name(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return "The flow";
  if (typeof last === "string") return `Property \`${last}\``;
  const list = path.findLast((step) => typeof step === "string");
  return list === undefined ? `Entry ${last + 1}` : `Entry ${last + 1} of \`${list}\``;
}

function oneOf(values: string[]): string {
  const quoted = values.map((value) => `\`${value}\``);
  return quoted.length === 1 ? `${quoted[0]}` : `one of ${quoted.join(", ")}`;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  const { value: found, depth } = foundAt(value, path);
  return depth === path.length ? found : undefined;
}

/** What stands at a path, and how many steps of it lead there: what is wrong within JSON that is written as text is wrong with the text. */
function foundAt(value: unknown, path: readonly PropertyKey[]): { value: unknown; depth: number } {
  let found = value;
  for (const [depth, step] of path.entries()) {
    if (depth > 0 && typeof found === "string") return { value: found, depth };
    if (found === null || typeof found !== "object" || !Object.hasOwn(found, step))
      return { value: undefined, depth: path.length };
    found = (found as Record<PropertyKey, unknown>)[step];
  }
  return { value: found, depth: path.length };
}
