import { shorten } from "../base/shorten.ts";
import { shortBudget } from "./budget.ts";
import { ExpressionError, ExpressionSyntaxError, OutOfPatience } from "./expression-error.ts";
import { parseJq } from "./jq/jq-parser.ts";
import { parse } from "./parser.ts";
import type { Context } from "./run.ts";
import type { Arguments, Call, Expression, Filter, Pair, Test } from "./syntax-tree.ts";
import { parseTemplate } from "./template.ts";

/** An argument that is written out and can never be right. Line and column are counted from 1 within the template. */
export interface ConstantFault {
  message: string;
  /** It is passed over when the template is rendered. */
  isHarmless: boolean;
  /** What was given, and as what. */
  parameter: string;
  value: string;
  line: number;
  column: number;
}

/** A parameter whose value can be judged alone, and a template that tries it: `given` is what is written for it. */
interface Trial {
  parameter: string;
  /** Its place among the arguments. */
  position: number;
  /** Rendered, or called with what is written; either fails where that can never be right. */
  template: string | ((given: string) => void);
  isHarmless?: boolean;
}

const DAY = "'2024-01-02T03:04:05.006Z'";
const dateTrials = (call: (argument: string) => string, first: number): Trial[] => [
  { parameter: "format", position: first, template: call("given") },
  { parameter: "timeZone", position: first + 1, template: call("timeZone=given") },
  // What can be written in a pattern can be read in it.
  { parameter: "existingFormat", position: first + 2, template: call("given") },
  { parameter: "locale", position: first + 3, template: checkLocale, isHarmless: true },
];
const stampTrials: Trial[] = [
  { parameter: "timeZone", position: 0, template: `{{ ${DAY} | date(timeZone=given) }}` },
  { parameter: "existingFormat", position: 1, template: `{{ ${DAY} | date(given) }}` },
];
const asDate = (argument: string) => `{{ ${DAY} | date(${argument}) }}`;

const filterTrials: Readonly<Record<string, readonly Trial[]>> = {
  date: dateTrials(asDate, 0),
  dateAdd: [
    { parameter: "amount", position: 0, template: `{{ ${DAY} | dateAdd(given, 'DAYS') }}` },
    { parameter: "unit", position: 1, template: `{{ ${DAY} | dateAdd(1, given) }}` },
    ...dateTrials(asDate, 2),
  ],
  timestamp: stampTrials,
  timestampMilli: stampTrials,
  timestampMicro: stampTrials,
  timestampNano: stampTrials,
  numberFormat: [{ parameter: "format", position: 0, template: "{{ 1234.5 | numberFormat(given) }}" }],
  escapeChar: [{ parameter: "type", position: 0, template: "{{ 'a' | escapeChar(given) }}" }],
  split: [{ parameter: "delimiter", position: 0, template: "{{ 'a' | split(given) }}" }],
  chunk: [{ parameter: "size", position: 0, template: "{{ [1] | chunk(given) }}" }],
  number: [{ parameter: "type", position: 0, template: checkNumberType, isHarmless: true }],
  jq: [{ parameter: "expression", position: 0, template: parseJq }],
};
const keyTrial: Trial = { parameter: "key", position: 0, template: "{{ encrypt(given, 'a') }}" };
const functionTrials: Readonly<Record<string, readonly Trial[]>> = {
  now: dateTrials(asDate, 0),
  range: [{ parameter: "increment", position: 2, template: "{{ range(1, 2, given) }}" }],
  nanoId: [{ parameter: "length", position: 0, template: "{{ nanoId(given) }}" }],
  encrypt: [keyTrial],
  decrypt: [keyTrial],
};
/** Filters that read a date. */
const dated = ["date", "dateAdd", "timestamp", "timestampMilli", "timestampMicro", "timestampNano"];

/** Parsing once more is for those templates only that use one of these. */
const anyOfThem =
  /\b(?:date|dateAdd|timestamp\w*|number\w*|escapeChar|split|replace|chunk|jq|now|range|nanoId|encrypt|decrypt)\b/;

/** Finds arguments that are written out and can never be right: patterns, time zones, units. A template that does not parse has none. */
export function constantFaults(source: string): ConstantFault[] {
  if (!anyOfThem.test(source)) return [];
  try {
    return callsIn(parse(source)).flatMap(faultsOf);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return [];
    throw error;
  }
}

function faultsOf(node: Filter | Call | Test): ConstantFault[] {
  if (node.typename === "Test") return [];
  const name = node.name.typename === "Symbol" ? node.name.value : "";
  const table = node.typename === "Filter" ? filterTrials : functionTrials;
  if (node.typename === "Filter" && name === "replace") return patternFaults(node.args);
  const trials = Object.hasOwn(table, name) ? (table[name] ?? []) : [];
  const found = trials.flatMap((trial) => {
    const given = argumentOf(node.args, trial.parameter, trial.position);
    return given === undefined ? [] : tried(trial, given);
  });
  return node.typename === "Filter" && dated.includes(name) ? [...dateFaults(node, name), ...found] : found;
}

/** A date that is written out, and cannot be read. */
function dateFaults(node: Filter, name: string): ConstantFault[] {
  const position = name === "date" ? 2 : name === "dateAdd" ? 4 : 1;
  const format = argumentOf(node.args, "existingFormat", position);
  if (format !== undefined && (format.typename !== "Literal" || typeof format.value !== "string")) return [];
  const template = "{{ given | date(existingFormat=format) }}";
  return tried({ parameter: "", position: 0, template }, node.target, { format: format?.value ?? null });
}

/** Java takes any language, and writes English in those that it does not know. */
function checkLocale(locale: string): void {
  const tag = locale.replaceAll("_", "-");
  const isKnown =
    /^[\w-]+$/.test(tag) && isWellFormed(tag) && Intl.DateTimeFormat.supportedLocalesOf([tag]).length > 0;
  if (!isKnown)
    throw new ExpressionError(
      `There is no language \`${shorten(locale, 30)}\`: English is written in its place.`,
    );
}

/** A type that there is not counts as none, as in Kestra. */
function checkNumberType(type: string): void {
  if (!/^(?:INT|FLOAT|LONG|DOUBLE|BIGDECIMAL|BIGINTEGER)$/i.test(type))
    throw new ExpressionError(`There is no type of numbers \`${shorten(type, 30)}\`: it is passed over.`);
}

function isWellFormed(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return true; // The pattern itself is refused.
  }
}

/** The keys of what `replace` replaces are patterns where it is told so. */
function patternFaults(args: Arguments): ConstantFault[] {
  const isPattern = argumentOf(args, "regexp", 1);
  const pairs = argumentOf(args, "replace_pairs", 0);
  if (pairs?.typename === "Literal")
    return tried({ parameter: "replace_pairs", position: 0, template: "{{ 'a' | replace(given) }}" }, pairs);
  if (isPattern?.typename !== "Literal" || isPattern.value !== true || pairs?.typename !== "Dict") return [];
  const template = "{{ 'a' | replace({(given): ''}, regexp=true) }}";
  return pairs.children.flatMap(({ key }) =>
    key.typename === "Literal" && typeof key.value === "string"
      ? tried({ parameter: "regexp", position: 0, template }, key)
      : [],
  );
}

function argumentOf(args: Arguments, parameter: string, position: number): Expression | undefined {
  const named = args.children
    .flatMap((each): Pair[] => (each.typename === "KeywordArgs" ? each.children : []))
    .find(({ key }) => key.typename === "Symbol" && key.value === parameter);
  if (named !== undefined) return named.value;
  const placed = args.children[position];
  return placed === undefined || placed.typename === "KeywordArgs" ? undefined : placed;
}

function tried(
  { template, parameter, isHarmless = false }: Trial,
  node: Expression,
  more: Context = {},
): ConstantFault[] {
  if (node.typename !== "Literal" || node.value === null) return [];
  const { value } = node;
  try {
    if (typeof template === "string")
      parseTemplate(template).render({ ...more, given: value }, shortBudget());
    else if (typeof value === "string") template(value);
    return [];
  } catch (error) {
    // A word that this version does not know is told elsewhere, and what takes long is told as it runs.
    if (error instanceof ExpressionSyntaxError || error instanceof OutOfPatience) return [];
    if (!(error instanceof ExpressionError)) throw error;
    const { message } = error.cause instanceof ExpressionError ? error.cause : error;
    const place = { line: node.lineno + 1, column: node.colno + 1 };
    return [{ message, isHarmless, parameter, value: String(value), ...place }];
  }
}

/** Every filter, test and call below a node; no deeper than it is written, whatever the stack can take. */
export function callsIn(root: object): (Filter | Call | Test)[] {
  const found: (Filter | Call | Test)[] = [];
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (node === null || typeof node !== "object") continue;
    if ("typename" in node && ["Filter", "FunCall", "Test"].includes(String(node.typename)))
      found.push(node as Filter | Call | Test);
    for (const part of Object.values(node).flat()) waiting.push(part);
  }
  return found;
}
