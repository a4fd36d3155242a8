import { type Budget, charge, newBudget } from "./budget.ts";
import { compileExpression } from "./compile-expression.ts";
import { compileTemplate, scopeOfTemplate } from "./compile-template.ts";
import { ExpressionSyntaxError, OutOfPatience, withExpression } from "./expression-error.ts";
import { parseJson } from "./json-text.ts";
import { parse } from "./parser.ts";
import { stripRaw } from "./raw-text.ts";
import { noReads, type Reads, type Reference, type RenderedVariable, readsOf } from "./reads.ts";
import type { Context, Evaluate, Execute, Pass, Run, Typed } from "./run.ts";
import { isSlow } from "./slow-templates.ts";
import type { Block, Expression } from "./syntax-tree.ts";
import { nativeOf } from "./values.ts";

export type { Reads, Reference } from "./reads.ts";
export type { Context } from "./run.ts";

/** A parsed template. It is rendered in one pass: what comes out is not looked at again. */
export interface Template {
  readonly source: string;
  /** There is nothing to render: the source is the text. */
  readonly isConstant: boolean;
  /** What this template reads by itself; `readsOfDeep` also follows `rendered`. */
  readonly reads: Reads;
  readonly references: readonly Reference[];
  /** Variables whose values are rendered in turn, with `render(vars.x)`. */
  readonly rendered: readonly RenderedVariable[];
  /** The text. Throws ExpressionError. */
  render(context: Context, budget?: Budget): string;
  /** The native value when the template is exactly one expression, else the text. Throws ExpressionError. */
  renderTyped(context: Context, budget?: Budget): unknown;
  /**
   * The native value when the template writes a single one, else the text, read as JSON where a list or a map stands in it: for
   * conditions and choices, which are no texts. Throws ExpressionError.
   */
  renderNative(context: Context, budget?: Budget): unknown;
}

/** A template that other templates may come from: its pass is told how to go on. */
interface CompiledTemplate extends Template {
  renderPass(pass: Pass): string;
}

/** Bounds of the cache: flows hold few templates, but a loop may render a million texts that it made up. */
const MOST_CACHED = 2_000;
const MOST_CACHED_CHARACTERS = 2_000_000;
const LONGEST_CACHED = 100_000;
/** Parsing is dear compared with a step, and a loop may make up any number of templates. */
const PARSING_STEPS = 50;
const cache = new Map<string, CompiledTemplate>();
let cachedCharacters = 0;

/** Parses a template, or finds it parsed. Throws ExpressionSyntaxError. A short budget pays for it: the longest take a second. */
export function parseTemplate(source: string, budget?: Budget): Template {
  if (!isTemplate(source)) return constantTemplate(source);
  if (budget?.isShort === true) payForParsing(source, budget);
  return cachedTemplate(source);
}

/** Whether a text holds anything to render. */
export function isTemplate(text: string): boolean {
  return text.includes("{{") || text.includes("{%") || (text.includes("{#") && text.includes("#}"));
}

/** Renders a text within another render. A text that an expression made is parsed at run time, so its faults are run-time faults. */
export function renderText(source: string, pass: Pass): string {
  if (!isTemplate(source)) return source;
  payForParsing(source, pass.budget);
  return cachedTemplate(source).renderPass(pass);
}

function payForParsing(source: string, budget: Budget): void {
  if (!cache.has(source)) charge(budget, PARSING_STEPS + Math.ceil(source.length / 4));
}

function cachedTemplate(source: string): CompiledTemplate {
  const known = cache.get(source);
  if (known !== undefined) {
    // A Map iterates in the order of insertion: the first is the one not used for longest.
    cache.delete(source);
    cache.set(source, known);
    return known;
  }
  const template = compile(source);
  if (source.length > LONGEST_CACHED) return template;
  cache.set(source, template);
  cachedCharacters += source.length;
  while (cache.size > MOST_CACHED || cachedCharacters > MOST_CACHED_CHARACTERS) {
    const oldest = cache.keys().next().value as string;
    cache.delete(oldest);
    cachedCharacters -= oldest.length;
  }
  return template;
}

function constantTemplate(source: string): Template {
  return {
    source,
    isConstant: true,
    reads: noReads(),
    references: [],
    rendered: [],
    render: () => source,
    renderTyped: () => source,
    renderNative: () => source,
  };
}

function compile(source: string): CompiledTemplate {
  const root = parse(source);
  const { scope, execute, single } = compileTree(source, root);
  const found = readsOf(root, scope.locals, new Set(scope.macros.keys()));
  const hasLocals = scope.locals.size > 0;
  const started = (context: Context, budget: Budget): Pass => {
    if (budget.isShort && isSlow(source)) throw withExpression(new OutOfPatience(), source, 1);
    return { context, budget, keepsRaw: false, depth: 0 };
  };
  const guarded = <T>(run: Run, action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw withExpression(error, source, run.line, run.part);
    }
  };
  const renderPass = (pass: Pass) => {
    const run = newRun(pass, hasLocals);
    return guarded(run, () => {
      execute(run);
      return pass.keepsRaw ? run.text : stripRaw(run.text);
    });
  };
  const text = (context: Context, budget = newBudget()) => renderPass(started(context, budget));
  const native = (context: Context, budget: Budget | undefined, evaluate: Evaluate) => {
    const run = newRun(started(context, budget ?? newBudget()), hasLocals);
    return guarded(run, () => {
      const value = nativeOf(evaluate(run), run.budget);
      return typeof value === "string" ? stripRaw(value) : value;
    });
  };
  return {
    source,
    isConstant: false,
    ...found,
    renderPass,
    render: text,
    renderTyped: (context, budget) =>
      single === undefined ? text(context, budget) : native(context, budget, single),
    renderNative: (context, budget) => native(context, budget, single ?? ((run) => typedValue(run, execute))),
  };
}

function compileTree(source: string, root: Block) {
  try {
    const scope = scopeOfTemplate(source, root);
    const only = onlyExpression(root);
    const single: Evaluate | undefined = only === undefined ? undefined : compileExpression(only, scope);
    const execute: Execute = compileTemplate(root, scope);
    return { scope, execute, single };
  } catch (error) {
    if (error instanceof RangeError)
      throw new ExpressionSyntaxError("The template is nested too deeply.", 1, 1);
    throw error;
  }
}

/** The expression of a template that is nothing but one. */
function onlyExpression(root: Block): Expression | undefined {
  const [statement, ...others] = root.children;
  if (statement?.typename !== "Output" || others.length > 0) return undefined;
  const [content] = statement.children;
  return content === undefined || content.typename === "TemplateData" || content.typename === "Raw"
    ? undefined
    : content;
}

/** What a template writes: the value, if it is a single one; of several, lists and maps among them, what their text is as JSON. */
function typedValue(run: Run, execute: Execute): unknown {
  const typed: Typed = { count: 0, only: null, areScalars: true };
  run.typed = typed;
  execute(run);
  if (typed.count < 2) return typed.only;
  if (typed.areScalars) return run.text;
  try {
    return parseJson(run.text, run.budget);
  } catch (error) {
    if (error instanceof SyntaxError) return run.text;
    throw error;
  }
}

function newRun({ context, budget, keepsRaw, depth }: Pass, hasLocals: boolean): Run {
  return {
    context,
    budget,
    keepsRaw,
    depth,
    renderText,
    scope: hasLocals ? { names: new Map(), parent: null } : null,
    partDepth: 0,
    line: 1,
    part: "",
    text: "",
    typed: undefined,
    changes: undefined,
  };
}
