import { ExpressionError, ExpressionSyntaxError } from "./expression-error.ts";
import { parse } from "./parser.ts";
import type { Arguments, Call, Expression, Filter, Pair } from "./syntax-tree.ts";
import { parseTemplate } from "./template.ts";

/** An argument that is written out and can never be right. Line and column are counted from 1 within the template. */
export interface ConstantFault {
  message: string;
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
  template: string;
}

const DAY = "'2024-01-02T03:04:05.006Z'";
const dateTrials = (call: (argument: string) => string, first: number): Trial[] => [
  { parameter: "format", position: first, template: call("given") },
  { parameter: "timeZone", position: first + 1, template: call("timeZone=given") },
  // What can be written in a pattern can be read in it.
  { parameter: "existingFormat", position: first + 2, template: call("given") },
];
const stampTrials: Trial[] = [
  { parameter: "timeZone", position: 0, template: `{{ ${DAY} | date(timeZone=given) }}` },
  { parameter: "existingFormat", position: 1, template: `{{ ${DAY} | date(given) }}` },
];
const asDate = (argument: string) => `{{ ${DAY} | date(${argument}) }}`;

const filterTrials: Readonly<Record<string, readonly Trial[]>> = {
  date: dateTrials(asDate, 0),
  dateAdd: [
    { parameter: "unit", position: 1, template: `{{ ${DAY} | dateAdd(1, given) }}` },
    ...dateTrials(asDate, 2),
  ],
  timestamp: stampTrials,
  timestampMilli: stampTrials,
  timestampMicro: stampTrials,
  timestampNano: stampTrials,
  numberformat: [{ parameter: "format", position: 0, template: "{{ 1234.5 | numberformat(given) }}" }],
  numberFormat: [{ parameter: "format", position: 0, template: "{{ 1234.5 | numberFormat(given) }}" }],
  escapeChar: [{ parameter: "type", position: 0, template: "{{ 'a' | escapeChar(given) }}" }],
  split: [{ parameter: "delimiter", position: 0, template: "{{ 'a' | split(given) }}" }],
};
const functionTrials: Readonly<Record<string, readonly Trial[]>> = { now: dateTrials(asDate, 0) };

/** Parsing once more is for those templates only that use one of these. */
const anyOfThem = /\b(?:date|dateAdd|timestamp\w*|number\w*|escapeChar|split|replace|now)\b/;

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

function faultsOf(node: Filter | Call): ConstantFault[] {
  const name = node.name.typename === "Symbol" ? node.name.value : "";
  const table = node.typename === "Filter" ? filterTrials : functionTrials;
  if (node.typename === "Filter" && name === "replace") return patternFaults(node.args);
  const trials = Object.hasOwn(table, name) ? (table[name] ?? []) : [];
  return trials.flatMap(({ parameter, position, template }) => {
    const given = argumentOf(node.args, parameter, position);
    return given === undefined ? [] : tried(template, parameter, given);
  });
}

/** The keys of what `replace` replaces are patterns where it is told so. */
function patternFaults(args: Arguments): ConstantFault[] {
  const isPattern = argumentOf(args, "regexp", 1);
  const pairs = argumentOf(args, "replace_pairs", 0);
  if (isPattern?.typename !== "Literal" || isPattern.value !== true || pairs?.typename !== "Dict") return [];
  return pairs.children.flatMap(({ key }) =>
    tried("{{ 'a' | replace({(given): ''}, regexp=true) }}", "regexp", key),
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

function tried(template: string, parameter: string, node: Expression): ConstantFault[] {
  if (node.typename !== "Literal" || typeof node.value !== "string") return [];
  try {
    parseTemplate(template).render({ given: node.value });
    return [];
  } catch (error) {
    // A word that this version does not know is told elsewhere.
    if (error instanceof ExpressionSyntaxError) return [];
    if (!(error instanceof ExpressionError)) throw error;
    const { message } = error.cause instanceof ExpressionError ? error.cause : error;
    return [{ message, parameter, value: node.value, line: node.lineno + 1, column: node.colno + 1 }];
  }
}

/** Every filter and every call below a node; no deeper than it is written, whatever the stack can take. */
function callsIn(root: object): (Filter | Call)[] {
  const found: (Filter | Call)[] = [];
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (node === null || typeof node !== "object") continue;
    if ("typename" in node && (node.typename === "Filter" || node.typename === "FunCall"))
      found.push(node as Filter | Call);
    waiting.push(...Object.values(node).flat());
  }
  return found;
}
