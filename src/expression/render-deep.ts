import { keysOf, setKey } from "../base/key-order.ts";
import { type Budget, charge, DEEPEST_VALUE, newBudget } from "./budget.ts";
import { ExpressionError, ExpressionSyntaxError } from "./expression-error.ts";
import { mergeReads, noReads, type Reads, type RenderedVariable, sortNames } from "./reads.ts";
import type { Context } from "./run.ts";
import { isTemplate, parseTemplate } from "./template.ts";
import { isList, isMap, type PlainMap } from "./values.ts";

export { ExpressionError } from "./expression-error.ts";

/** What becomes of the templates in a value. */
export interface RenderOptions {
  /** All of them become text. */
  isText?: boolean;
  /** Also what writes a single value becomes it. */
  isNative?: boolean;
}

/**
 * Renders everything in a value: texts, the items of lists, the values and keys of maps. A text that is exactly one expression
 * becomes its native value. All of it shares one budget. Throws ExpressionError, or ExpressionSyntaxError. It takes as long as the
 * budget says, and nothing else is done meanwhile: what runs beside others calls `renderInTurn`.
 */
export function renderDeep(
  value: unknown,
  context: Context,
  { isText = false, isNative = false }: RenderOptions = {},
  budget: Budget = newBudget(),
): unknown {
  const render = (part: unknown, depth: number): unknown => {
    if (typeof part === "string") {
      if (!isTemplate(part)) return part;
      const template = parseTemplate(part, budget);
      if (isText) return template.render(context, budget);
      return isNative ? template.renderNative(context, budget) : template.renderTyped(context, budget);
    }
    if (typeof part !== "object" || part === null) return part;
    if (depth > DEEPEST_VALUE) throw new ExpressionError("The value is nested too deeply.");
    charge(budget, 1);
    if (isList(part)) return part.map((item) => render(item, depth + 1));
    if (!isMap(part)) return part;
    const rendered: PlainMap = {};
    for (const key of keysOf(part)) {
      const name = isTemplate(key) ? parseTemplate(key, budget).render(context, budget) : key;
      // Two keys that render alike: the first one stays, as in Kestra.
      if (!Object.hasOwn(rendered, name)) setKey(rendered, name, render(part[key], depth + 1));
    }
    return rendered;
  };
  return render(value, 0);
}

/**
 * What all templates in a value read, and what the variables read that they render with `render(vars.x)`. Without variables nobody knows what
 * these will hold.
 */
export function readsOfDeep(value: unknown, variables: Record<string, unknown> | undefined): Reads {
  const reads = noReads();
  const followed = new Set<string>();
  const waiting: Part[] = [{ value, isGuarded: false, isOfVariable: false }];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const { value: here } = part;
    // One by one: a list may have more items than a call may have arguments.
    const add = (inner: unknown) => waiting.push({ ...part, value: inner });
    if (typeof here === "string")
      for (const next of readText(here, part, reads, variables, followed)) waiting.push(next);
    else if (isList(here)) for (const item of here) add(item);
    else if (isMap(here)) for (const entry of Object.entries(here)) for (const item of entry) add(item);
  }
  sortNames(reads);
  return reads;
}

/** A part of a value that is still to be looked at; `isGuarded` where a template can do without it. */
interface Part {
  value: unknown;
  isGuarded: boolean;
  /** In what a variable holds that is rendered: what comes out is rendered again, with what the variables hold that it reads. */
  isOfVariable: boolean;
}

/** Adds a template's reads; returns the values of the variables that are to be followed. */
function readText(
  text: string,
  { isGuarded, isOfVariable }: Part,
  reads: Reads,
  variables: Record<string, unknown> | undefined,
  followed: Set<string>,
): Part[] {
  if (!isTemplate(text)) return [];
  const template = parsed(text);
  if (template === undefined) {
    reads.all = true;
    return [];
  }
  mergeReads(reads, template.reads, isGuarded);
  if (variables === undefined) {
    reads.all ||= template.rendered.length > 0;
    return [];
  }
  const inTurn = isOfVariable ? variablesIn(template.reads, variables) : [];
  return [...template.rendered, ...inTurn].flatMap((variable) => {
    const guards = isGuarded || variable.isGuarded;
    const next = { value: variables[variable.name], isGuarded: guards, isOfVariable: true };
    const visit = `${variable.name} ${next.isGuarded}`;
    if (followed.has(visit) || !Object.hasOwn(variables, variable.name)) return [];
    followed.add(visit);
    return [next];
  });
}

/** The variables that are read; what they hold may not be needed. */
function variablesIn(reads: Reads, variables: Record<string, unknown>): RenderedVariable[] {
  const names = reads.variables.includes("*") ? Object.keys(variables) : reads.variables;
  return names.map((name) => ({ name, isGuarded: true }));
}

/** A template that does not parse is reported elsewhere; here it reads everything. */
function parsed(text: string) {
  try {
    return parseTemplate(text);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return undefined;
    throw error;
  }
}
